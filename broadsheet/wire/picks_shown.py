"""A day's picks as the desk shows them, and in a sentence what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Count, Q

from broadsheet.newsroom.outward import language_named
from broadsheet.wire import days
from broadsheet.wire.made_up import make_up
from broadsheet.wire.models import DayOfLinks, Item, Pick, Rival, WireRules
from broadsheet.wire.pick_forms import Credited, PickForm, form_of, form_of_rival

PAST_SHOWN = 30
LOOKED_AT, OTHERS_SHOWN = 40, 8


@dataclass(frozen=True, slots=True)
class ShownRival:
    rival: Rival
    form: Credited

    @property
    def credits(self) -> str:
        """But for the outlet, which stands before the headline."""
        return _credits(self.rival)


@dataclass(frozen=True, slots=True)
class Shown:
    """`touched`: as the page was made, which whoever saves sends back."""

    pick: Pick
    form: PickForm
    rivals: Sequence[ShownRival]
    touched: int
    first: bool
    last: bool

    @property
    def others(self) -> list[Item]:
        """Readings of the same story by other outlets, which could be set beside it."""
        if self.pick.item is None:
            return []
        there = {self.pick.outlet, *(one.rival.outlet for one in self.rivals)}
        told = Item.objects.filter(story=self.pick.item.story_id).exclude(outlet__in=there).order_by("-source__standing", "pk")
        by_outlet = {item.outlet: item for item in reversed(told[:LOOKED_AT])}
        return list(reversed(by_outlet.values()))[:OTHERS_SHOWN]

    @property
    def credits(self) -> str:
        length = f"{self.pick.minutes} min" if self.pick.minutes else ""
        return " · ".join(filter(None, (self.pick.outlet, _credits(self.pick, length))))


def _credits(piece: Pick | Rival, length: str = "") -> str:
    on = f"{piece.published_on.day} {piece.published_on:%B}" if piece.published_on else ""
    language = language_named(piece.language)
    return " · ".join(filter(None, (piece.author, on, length, language, "paywalled" * piece.paywalled)))


def shown(day: DayOfLinks, forms: Mapping[int, PickForm], rivals: Mapping[int, Credited] | None = None) -> list[Shown]:
    """`forms`, `rivals`: of words that were sent and not saved. Nothing of a day that nobody has begun."""
    if day.pk is None:
        return []
    picks = list(day.picks.filter(taken_down_at=None).select_related("item").prefetch_related("rivals", "countries", "issues"))
    last = len(picks) - 1
    return [
        Shown(
            pick,
            forms.get(pick.pk) or form_of(pick),
            [ShownRival(rival, (rivals or {}).get(rival.pk) or form_of_rival(rival)) for rival in pick.rivals.all()],
            pick.touched,
            first=place == 0,
            last=place == last,
        )
        for place, pick in enumerate(picks)
    ]


def differs(day: DayOfLinks) -> bool:
    """What is on the site is not what stands here."""
    return bool(day.article and day.article.live and not make_up(day).stands_in(day.article))


def outlook(day: DayOfLinks, *, at: datetime, zone: tzinfo) -> str:
    if day.article and day.article.withdrawn_at:
        return "Its article was taken back. Put it back on its own form, and it can be published again."
    if day.article and day.article.live:
        if differs(day):
            return "On the site, and changed here since: publish it again to correct it."
        return "On the site, as it stands here."
    if day.held_at:
        return "Held: it goes out when somebody publishes it."
    return _ahead(day, at=at, zone=zone)


def _ahead(day: DayOfLinks, *, at: datetime, zone: tzinfo) -> str:
    rules, today = WireRules.load(), at.astimezone(zone).date()
    picks = day.picks.filter(taken_down_at=None).count()
    if day.day < today:
        return "It was not published."
    if rules.roundup_at is None or not days.is_weekday(day.day):
        return "It goes out when somebody publishes it."
    if day.day == today and days.hour_is_over(day.day, rules.roundup_at, at=at, zone=zone):
        until = named(next_weekday(today))
        return f"Not on the site yet: publish it when it is ready. What is not published today goes on to {until}."
    when = f"{named(day.day)} at {rules.roundup_at:%H:%M}"
    if picks >= rules.least_picks:
        return f"It goes out by itself on {when}."
    return f"It goes out by itself on {when} if there are {rules.least_picks} picks by then; so far {picks}."


def next_weekday(day: date) -> date:
    return days.weekday_from(day + timedelta(days=1))


def named(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B}"


def other_days(day: DayOfLinks, *, open_day: date) -> list[tuple[str, str]]:
    """To which a pick can be moved: as a button says it, and as it is sent."""
    found = dict.fromkeys([open_day, next_weekday(max(day.day, open_day))])
    return [(named(one), one.isoformat()) for one in found if one != day.day]


def past() -> list[DayOfLinks]:
    counted = DayOfLinks.objects.annotate(count=Count("picks", filter=Q(picks__taken_down_at=None)))
    return list(counted.select_related("article").filter(Q(count__gt=0) | Q(article__isnull=False)).order_by("-day"))
