"""The page on which an editor makes up an edition, as values: what stands in each slot, and what might."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wagtail.models import ModelLogEntry

from broadsheet.newsletters.assembling import offered
from broadsheet.newsletters.edition_forms import EditionForm, ItemForm, slots_for
from broadsheet.newsletters.models import Edition, Item, Slot
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.queries import standing

MOST_FOUND = 20
MOST_LOOKED_AT = 200
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item at its place. `teaser`: of an article that stands on the site; None of a link. `gone`: it no longer does."""

    item: Item
    form: ItemForm
    teaser: Teaser | None
    others: Sequence[Slot]

    @property
    def headline(self) -> str:
        if self.item.headline:
            return self.item.headline
        return self.teaser.headline if self.teaser else str(self.item)

    @property
    def gone(self) -> bool:
        return self.item.article_id is not None and self.teaser is None

    @property
    def credits(self) -> str:
        item, teaser = self.item, self.teaser
        if teaser:
            return ", ".join(filter(None, (teaser.label, *teaser.bylines)))
        return ", ".join(filter(None, (item.outlet, item.author, "paywalled" if item.paywalled else "")))


@dataclass(frozen=True, slots=True)
class Laid:
    """A slot and what stands in it. `slot`: None of what stands in no slot of the newsletter, and is printed nowhere."""

    slot: Slot | None
    items: Sequence[Placed]


@dataclass(frozen=True, slots=True)
class Touch:
    """Who last did something to it, and when."""

    name: str
    what: str
    at: datetime


def laid_out(edition: Edition, items: Sequence[Item], form: EditionForm) -> list[Laid]:
    """In the order in which they are printed: the top story first."""
    slots = sorted(edition.newsletter.slots.order_by("sort_order", "pk"), key=lambda slot: slot.kind != Slot.Kind.TOP)
    teasers = _teasers(items)
    placed = [Placed(one, form.items[one.pk], teasers.get(one.article_id or 0), slots_for(one, slots)) for one in items]
    shown = [one for one in placed if not one.item.dropped]
    laid = [Laid(slot, [one for one in shown if one.item.slot == slot.kind]) for slot in slots]
    kinds = {slot.kind for slot in slots}
    stray = [one for one in shown if one.item.slot not in kinds]
    return [*laid, *([Laid(None, stray)] if stray else [])]


def taken_out(items: Sequence[Item]) -> list[tuple[Item, str]]:
    """With their headlines."""
    dropped = [item for item in items if item.dropped]
    teasers = _teasers(dropped)
    return [
        (item, item.headline or (teasers[pk].headline if (pk := item.article_id or 0) in teasers else "")) for item in dropped
    ]


def offers(edition: Edition, items: Sequence[Item], *, at: datetime) -> list[Teaser]:
    """New articles that stand nowhere in it; what was taken out is offered as that."""
    dropped = {item.article_id for item in items if item.dropped}
    return [teaser for teaser in offered(edition, items, at=at) if teaser.id not in dropped]


def found_by(headline: str, items: Iterable[Item]) -> list[Teaser]:
    """On the site, the newest first; not what stands in it already."""
    if not headline.strip():
        return []
    there = {item.article_id for item in items if not item.dropped}
    matching = Article.objects.filter(live=True, title__icontains=headline.strip()).exclude(pk__in=there - {None})
    ids = list(matching.order_by("-dated_at", "-pk").values_list("pk", flat=True)[:MOST_LOOKED_AT])
    teasers = teasers_of(standing(ids))
    return [teasers[pk] for pk in ids if pk in teasers][:MOST_FOUND]


def slot_for(teaser: Teaser, slots: Sequence[Slot]) -> str:
    """Where “Put in” puts it."""
    kinds = [slot.kind for slot in slots if slot.kind not in (Slot.Kind.TOP, Slot.Kind.LINKS)]
    if teaser.kind == "report" and Slot.Kind.REPORT in kinds:
        return str(Slot.Kind.REPORT)
    return str(Slot.Kind.ARTICLES if Slot.Kind.ARTICLES in kinds or not kinds else kinds[0])


def last_touch(edition: Edition) -> Touch | None:
    entry = ModelLogEntry.objects.for_instance(edition).select_related("user").first()
    return _touch(entry) if entry else None


def others_here(edition: Edition, *, but: Any, at: datetime) -> list[Touch]:
    """Who else changed something just now, each once."""
    entries = ModelLogEntry.objects.for_instance(edition).filter(timestamp__gt=at - JUST_NOW, timestamp__lte=at)
    found: dict[str, Touch] = {}
    for entry in entries.exclude(user=but).select_related("user"):
        touch = _touch(entry)
        found.setdefault(touch.name, touch)
    return list(found.values())


def _touch(entry: Any) -> Touch:
    return Touch(entry.user_display_name, entry.message, entry.timestamp)


def _teasers(items: Iterable[Item]) -> Mapping[int, Teaser]:
    return teasers_of(standing([item.article_id for item in items if item.article_id]))
