"""What belongs into an edition by rule: what came out since the last one and stands on the site. Looks up; puts nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from broadsheet.newsletters.models import Edition, Item, Slot
from broadsheet.newsletters.policy import Rhythm
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.models import FrontPage, Roundup
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.front import BRIEF
from broadsheet.press.models import Listed
from broadsheet.press.policy import LATEST
from broadsheet.press.queries import newest_on, standing

FIRST_WINDOW = {Rhythm.WEEKDAYS: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7), Rhythm.BY_HAND: timedelta(days=1)}
REPORT_STANDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """An article (its number) or a link that belongs into a slot."""

    article: int | None = None
    url: str = ""
    headline: str = ""
    said: str = ""
    outlet: str = ""
    author: str = ""
    minutes: int | None = None
    paywalled: bool = False

    def is_of(self, item: Item) -> bool:
        return (self.article, self.url) == (item.article_id, item.url)


def since(edition: Edition, *, at: datetime) -> datetime:
    """From when on articles are new to it: the edition before it, unless that missed its hour; of the first, a day or a week."""
    before = Edition.objects.filter(newsletter=edition.newsletter, due_at__lt=edition.due_at, cancelled_at=None)
    before = before.filter(Q(begun_at__isnull=False) | Q(due_at__gt=at))
    last: datetime | None = before.order_by("-due_at").values_list("due_at", flat=True).first()
    return last or edition.due_at - FIRST_WINDOW[Rhythm(edition.newsletter.rhythm)]


def found_for(edition: Edition, slots: Sequence[Slot], *, fixed: Sequence[Item], at: datetime) -> dict[str, list[Found]]:
    """By the kind of slot, each article once, the top story first. `fixed`: what an editor placed, which takes a place of its
    slot, or took out."""
    given = {item.article_id for item in fixed if item.article_id}
    placed = Counter(item.slot for item in fixed if not item.dropped)
    new_from = since(edition, at=at)
    news = [teaser for teaser in _news(edition, new_from) if teaser.id not in given]
    found: dict[str, list[Found]] = {}
    for slot in sorted(slots, key=lambda slot: list(Slot.Kind).index(Slot.Kind(slot.kind))):
        chosen = _for_slot(slot, edition, [teaser for teaser in news if teaser.id not in given], given, new_from)
        chosen = chosen[: max(0, slot.most - placed[slot.kind])]
        given |= {one.article for one in chosen if one.article}
        found[slot.kind] = chosen
    return found


def _for_slot(slot: Slot, edition: Edition, news: Sequence[Teaser], given: set[int], new_from: datetime) -> list[Found]:
    match Slot.Kind(slot.kind):
        case Slot.Kind.TOP:
            return _top(news)
        case Slot.Kind.ARTICLES:
            return [Found(teaser.id) for teaser in news if teaser.kind not in ("report", "roundup", "edition")]
        case Slot.Kind.REPORT:
            return _report(edition, given, new_from)
        case Slot.Kind.LINKS:
            return _links(edition, new_from)


def _news(edition: Edition, new_from: datetime) -> list[Teaser]:
    """The newest first. Dated before it is due, whenever it is asked: so tomorrow's edition has what is out today."""
    lists = [f"regions/{slug}" for slug in edition.newsletter.regions.values_list("slug", flat=True)] or [LATEST]
    rows = Listed.objects.filter(list__in=lists, dated_at__gte=new_from, dated_at__lt=edition.due_at)
    ids = list(dict.fromkeys(rows.order_by("-dated_at", "-article_id").values_list("article_id", flat=True)))
    teasers = teasers_of(standing(ids))
    return [teasers[pk] for pk in ids if pk in teasers]


def _top(news: Sequence[Teaser]) -> list[Found]:
    """What leads the front page if it is news here, else the newest that is longer than a note."""
    front = FrontPage.objects.first()
    lead = [teaser for teaser in news if front and teaser.id == front.lead_id]
    return [Found(teaser.id) for teaser in [*lead, *(teaser for teaser in news if teaser.kind not in BRIEF)]]


def _report(edition: Edition, given: set[int], new_from: datetime) -> list[Found]:
    """The one that the front page names, else the newest of a week. It stands in every edition of its week."""
    if edition.newsletter.regions.exists():
        return [Found(teaser.id) for teaser in _news(edition, new_from) if teaser.kind == "report" and teaser.id not in given]
    front = FrontPage.objects.first()
    named = standing([front.report_of_the_week_id] if front and front.report_of_the_week_id else [])
    newest = newest_on("reports", count=1, since=edition.due_at - REPORT_STANDS)
    return [Found(pk) for pk in [*named, *newest] if pk not in given][:1]


def _links(edition: Edition, new_from: datetime) -> list[Found]:
    """Those of the roundups that came out since."""
    rows = Listed.objects.filter(list="roundups", dated_at__gte=new_from, dated_at__lt=edition.due_at)
    roundups = Roundup.objects.in_bulk(standing(list(rows.values_list("article_id", flat=True))))
    newest = sorted(roundups.values(), key=lambda roundup: (roundup.dated_at, roundup.pk), reverse=True)
    return list({one.url: one for roundup in newest for one in map(_link, roundup.links)}.values())


def _link(block: Any) -> Found:
    value = block.value
    return Found(
        url=value["url"],
        headline=value["headline"],
        said=value["note"] or "",
        outlet=value["outlet"],
        author=value["author"] or "",
        minutes=value["minutes"],
        paywalled=bool(value["paywalled"]),
    )


def offered(edition: Edition, items: Iterable[Item], *, at: datetime) -> list[Teaser]:
    """New articles that stand in no slot of it, the newest first: what an editor may still put in."""
    there = {item.article_id for item in items if not item.dropped}
    return [teaser for teaser in _news(edition, since(edition, at=at)) if teaser.id not in there]
