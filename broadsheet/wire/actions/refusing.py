"""Take down what its owner, or the law, wants nowhere here; and forget what is older than the house keeps."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from broadsheet.membership.models import Reader
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import EditionPage, Roundup
from broadsheet.wire import links_beside, made_up
from broadsheet.wire.actions.counting import settle
from broadsheet.wire.grouping import DAYS
from broadsheet.wire.models import Deed, Direction, Item, Pick, Poll, Refusal, Rival, Story, WireRules
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.refusals import is_refused
from broadsheet.wire.signals import refused

DEEDS_KEPT = timedelta(days=90)
AT_ONCE = 500  # rows in a transaction


class NotAnAddress(ValueError):
    """It names neither a page nor a host."""


class TooWide(ValueError):
    """It would take down more than one outlet."""


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What a refusal did. `roundups`: published again without what was taken down, or taken back where nothing was left."""

    refusal: Refusal
    items: int
    picks: int
    rivals: int
    roundups: int


def key_refused(address: str) -> str:
    """How link keys of what stands there begin: of a page, or of a host where nothing else is said."""
    said = address.strip()
    key = link_key(said if "://" in said else f"https://{said}").rstrip("/")
    host = key.partition("/")[0]
    if not key or " " in said:
        raise NotAnAddress("Write the address of a piece, or the name of an outlet’s site, such as outlet.example.")
    if "." not in host:
        raise TooWide(f"“{host}” is no outlet’s site but all that end so.")
    return key


def refuse(address: str, reason: str, *, by: Reader | None, at: datetime) -> TakenDown:
    """Asked again it does the same again, so that whatever failed half way is done."""
    key = key_refused(address)
    with transaction.atomic():
        refusal, _ = Refusal.objects.get_or_create(key=key, defaults={"reason": reason, "by": by, "at": at})
        transaction.on_commit(partial(refused.send_robust, sender=Refusal, refusal_id=refusal.pk))
    items = sum(_drop_items(some, at=at) for some in _some(_leading_there(Item.objects.all(), "link", key)))
    return _take_down_picks(refusal, items, by=by, at=at)


def _leading_there(rows: QuerySet[Any], field: str, key: str) -> list[int]:
    """Looked for by the host's name first, so that few addresses are taken apart."""
    host = key.partition("/")[0]
    likely = rows.filter(**{f"{field}__icontains": host}).values_list("pk", field)
    return [pk for pk, address in likely if is_refused(link_key(address), {key})]


def _some(ids: list[int]) -> Iterator[list[int]]:
    return (ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _drop_items(item_ids: list[int], *, at: datetime) -> int:
    """With the stories of which nothing is left."""
    stories = list(Story.objects.filter(items__in=item_ids).distinct())
    Item.objects.filter(pk__in=item_ids).delete()
    settle(stories, at)
    return len(item_ids)


@transaction.atomic
def _take_down_picks(refusal: Refusal, items: int, *, by: Reader | None, at: datetime) -> TakenDown:
    picks = _leading_there(Pick.objects.filter(taken_down_at=None), "url", refusal.key)
    rivals = _leading_there(Rival.objects.all(), "url", refusal.key)
    taken = Pick.objects.filter(pk__in=picks)
    links_beside.changed(links_beside.keys_of(taken))
    taken.update(taken_down_at=at, note="", touched=F("touched") + 1)
    Rival.objects.filter(pk__in=rivals).delete()
    articles = [article for article in _articles_with(refusal.key) if _strip(article, refusal.key, by=by, at=at)]
    return TakenDown(refusal, items, len(picks), len(rivals), len(articles))


def _articles_with(key: str) -> Iterator[Roundup | EditionPage]:
    """Whoever made them, from picks or by hand."""
    for model in (Roundup, EditionPage):
        written = model.objects.annotate(written=Cast("links", TextField()))
        yield from written.filter(written__icontains=key.partition("/")[0], live=True)


def _strip(article: Roundup | EditionPage, key: str, *, by: Reader | None, at: datetime) -> bool:
    """Without those links: of what is not published yet nothing is added. With no link left, the article is taken back."""
    links = made_up.bare(article.links.raw_data)
    left = [_without_rivals(link, key) for link in links if not _leads(link["value"], key)]
    if left == links:
        return False
    if not left:
        take_back(article, by=by, at=at, reason=f"Taken down: {key}")
        return True
    if article.standfirst == made_up.standfirst_of(links):
        article.standfirst = made_up.standfirst_of(left)
    article.links = json.dumps(left)
    article.save_revision(user=by, clean=False).publish(user=by, skip_permission_checks=True)
    return True


def _without_rivals(link: dict[str, Any], key: str) -> dict[str, Any]:
    value = link["value"]
    return {**link, "value": {**value, "rivals": [rival for rival in value["rivals"] if not _leads(rival, key)]}}


def _leads(link: dict[str, Any], key: str) -> bool:
    return is_refused(link_key(link.get("url") or ""), {key})


# Keeping no more than is needed


@dataclass(frozen=True, slots=True)
class Forgotten:
    items: int
    stories: int
    deeds: int
    polls: int
    directions: int


def forget(*, at: datetime) -> Forgotten:
    """In batches, so that nobody waits long. Picks stay: they say all that is printed of them."""
    rules = WireRules.load()
    since = at - timedelta(days=rules.items_days)
    return Forgotten(
        items=_forget(Item.objects.filter(met_at__lt=since), partial(_drop_items, at=at)),
        stories=_forget(Story.objects.filter(items=None, last_at__lt=since)),
        deeds=_forget(Deed.objects.filter(at__lt=at - DEEDS_KEPT)),
        polls=_forget(Poll.objects.filter(at__lt=at - timedelta(days=rules.history_days))),
        directions=_forget(Direction.objects.filter(item__sorted_at__lt=at - DAYS)),
    )


def _forget(rows: QuerySet[Any], drop: Callable[[list[int]], object] | None = None) -> int:
    """Without `drop` the rows alone, and of these only what is still to go: something may have come to one meanwhile."""
    count = 0
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        if drop:
            drop(some)
        else:
            rows.filter(pk__in=some).delete()
        count += len(some)
    return count
