"""Take down what its owner, or the law, wants nowhere here; and forget what is older than the house keeps."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from broadsheet.membership.models import Reader
from broadsheet.wire import links_beside
from broadsheet.wire.actions import stripping
from broadsheet.wire.actions.counting import held, settle
from broadsheet.wire.grouping import DAYS
from broadsheet.wire.models import Deed, Direction, Item, Pick, Poll, Refusal, Rival, Story, WireRules
from broadsheet.wire.queries import leading_there
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.signals import refused

DEEDS_KEPT = timedelta(days=90)
MOST_IN_KEY = 500
AT_ONCE = 100  # rows in a transaction
DONE_AGAIN = timedelta(days=7)  # a worker may have stood still for some of them
_BELOW = re.compile("[/?#]")
_ENDINGS = re.compile(r"(ac|co|com|edu|gob|gouv|gov|gv|ltd|mil|ne|net|nic|nom|or|org|sch)\.[a-z]{2}")  # co.uk is nobody's site
_PICKS = Pick.objects.filter(taken_down_at=None)


class NotAnAddress(ValueError):
    """It names neither a page nor a host."""


class TooWide(ValueError):
    """It would take down more than one outlet."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a refusal would take down, before it does. `outlets`: whose, those with most of it first."""

    key: str
    outlets: Sequence[str]
    items: int
    picks: int
    rivals: int
    roundups: int

    @property
    def names_a_site(self) -> bool:
        return not _BELOW.search(self.key)

    @property
    def is_wide(self) -> bool:
        """A whole site, or more than a piece: whoever asked for it looks again."""
        return self.names_a_site or max(self.items, self.picks, self.rivals, len(self.outlets)) > 1


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
    if len(key) > MOST_IN_KEY:
        raise NotAnAddress(f"That is too long: {MOST_IN_KEY} characters are the most. Write how it begins, up to a “/”.")
    if "." not in host or _ENDINGS.fullmatch(host):
        raise TooWide(f"“{host}” is no outlet’s site but all that end so.")
    return key


def reach_of(address: str) -> Reach:
    """Raises as refusing it would."""
    key = key_refused(address)
    items, picks = leading_there(Item.objects.all(), "link", key), leading_there(_PICKS, "url", key)
    rivals = leading_there(Rival.objects.all(), "url", key)
    roundups = sum(stripping.stands_in(kind, pk, key) for kind, pk in stripping.likely(key))
    return Reach(key, _outlets_of(items, picks), len(items), len(picks), len(rivals), roundups)


def _outlets_of(items: list[int], picks: list[int]) -> list[str]:
    told: Counter[str] = Counter()
    for rows, ids in ((Item.objects.order_by(), items), (Pick.objects.order_by(), picks)):
        for some in _some(ids):
            told.update(rows.filter(pk__in=some).values_list("outlet", flat=True))
    return [outlet for outlet, _ in told.most_common()]


def refuse(address: str, reason: str, *, by: Reader | None, at: datetime) -> TakenDown:
    """Asked again it does the same again, so that whatever failed half way is done."""
    key = key_refused(address)
    with transaction.atomic():
        refusal, _ = Refusal.objects.get_or_create(key=key, defaults={"reason": reason, "by": by, "at": at})
        transaction.on_commit(partial(refused.send_robust, sender=Refusal, refusal_id=refusal.pk))
    return _take_down(refusal, by=by, at=at)


def finish(*, at: datetime) -> int:
    """Do all of the latest refusals once more; answers how much was left. One may have been cut short, and something that was on
    its way in may have come after it."""
    left = 0
    for refusal in Refusal.objects.filter(at__gte=at - DONE_AGAIN).order_by("pk"):
        refused.send_robust(sender=Refusal, refusal_id=refusal.pk)
        done = _take_down(refusal, by=refusal.by, at=at)
        left += done.items + done.picks + done.rivals + done.roundups
    return left


def _take_down(refusal: Refusal, *, by: Reader | None, at: datetime) -> TakenDown:
    """In small transactions, so that nobody else who writes waits long."""
    key = refusal.key
    items = sum(_drop_items(some, at=at) for some in _some(leading_there(Item.objects.all(), "link", key)))
    picks = sum(_take_down_picks(some, at=at) for some in _some(leading_there(_PICKS, "url", key)))
    rivals = sum(_drop_rivals(some) for some in _some(leading_there(Rival.objects.all(), "url", key)))
    articles = [stripping.strip(kind, pk, key, by=by, at=at) for kind, pk in stripping.likely(key)]
    return TakenDown(refusal, items, picks, rivals, sum(articles))


def _some(ids: list[int]) -> Iterator[list[int]]:
    return (ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _drop_items(item_ids: Collection[int], *, at: datetime) -> int:
    """With the stories of which nothing is left."""
    stories = list(held(_stories_of(item_ids)))
    Item.objects.filter(pk__in=item_ids).delete()
    settle(stories, at)
    return len(item_ids)


def _stories_of(item_ids: Collection[int]) -> set[int]:
    return set(Item.objects.filter(pk__in=item_ids).values_list("story_id", flat=True))


@transaction.atomic
def _take_down_picks(pick_ids: list[int], *, at: datetime) -> int:
    taken = Pick.objects.filter(pk__in=pick_ids)
    links_beside.changed(links_beside.keys_of(taken))
    return taken.update(taken_down_at=at, note="", touched=F("touched") + 1)


def _drop_rivals(rival_ids: list[int]) -> int:
    return Rival.objects.filter(pk__in=rival_ids).delete()[0]


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
