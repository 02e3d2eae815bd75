"""The demo's wire: the foreign press is listened to, and a Roundup has gone out on each of the five weekdays before the first."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from broadsheet.config.demo.content import first_day_of
from broadsheet.config.demo.foreign_feeds import feed_of
from broadsheet.config.demo.foreign_press import Outlet, out_by, outlets
from broadsheet.config.demo.outlets import LIST, first_start, sources
from broadsheet.config.demo.roundups import PastRoundup, Picked, Rival, roundups
from broadsheet.newsroom.models import Article, Country, Issue
from broadsheet.wire.actions import listening, picking
from broadsheet.wire.actions.roundups import publish
from broadsheet.wire.actions.taking import take
from broadsheet.wire.grouped import Grouping
from broadsheet.wire.models import DayOfLinks, Pick, Source, WireRules
from broadsheet.wire.models import Rival as RivalRow
from broadsheet.wire.reading.feeds import read
from broadsheet.wire.reading.opml import write_outlines

PICKED, OUT = time(5, 0), time(5, 45)
READ_AROUND_THE_WORLD = {"halyard"}
A_DAY = timedelta(days=1)
OURS = ("KE", "KZ", "MY", "UA")
SAID = {
    "critical-minerals": ("lithium", "nickel ore", "rare earths", "cobalt", "deep-sea mining"),
    "shipping-lanes": ("container ships", "tankers", "dockers", "undersea cable", "shipping lane"),
    "sovereign-debt": ("debt swap", "debt-for-food swap", "bondholders", "creditors"),
    "water": ("water-sharing", "river flow", "drinking water"),
    "food-security": ("wheat", "school meals"),
    "public-health": ("cholera", "vaccine doses"),
    "technology-controls": ("export licences", "chipmaking"),
    "arctic": ("Svalbard", "Greenland"),
    "peacekeeping": ("peacekeepers", "blue helmets"),
}


def lay_out_wire(*, at: datetime, zone: ZoneInfo) -> None:
    """Once: what is there already stays as it is."""
    if not Source.objects.exists():
        with transaction.atomic():
            _choose_what_is_ours()
            _listen(at)
        _hear_what_is_out(at)
    first_day = first_day_of(at, zone=zone)
    for roundup in reversed(roundups()):
        day = roundup.dated(first_day)
        if not DayOfLinks.objects.filter(day=day).exists():
            with transaction.atomic():
                _went_out(roundup, day, zone)


def _listen(at: datetime) -> None:
    listening.import_list(write_outlines(LIST, sources(settings.BASE_URL)), listening=True, at=at)
    for outlet in outlets().values():
        known = Source.objects.filter(site=settings.BASE_URL + outlet.path)
        known.update(language=outlet.language, standing=_standing(outlet), next_at=at)


def _choose_what_is_ours() -> None:
    """As an editor does in Settings, and on the pages of issues."""
    rules = WireRules.load()
    rules.our_countries.set(Country.objects.filter(code__in=OURS))
    for slug, words in SAID.items():
        Issue.objects.filter(slug=slug, also_called="").update(also_called="\n".join(words))


def _hear_what_is_out(at: datetime) -> None:
    """By their feeds, but not yet over the web: no server answers before the demo is set up."""
    start, grouping = first_start(at), Grouping()
    for outlet in outlets().values():
        source = Source.objects.get(site=settings.BASE_URL + outlet.path)
        body = feed_of(outlet, out_by(outlet, start=start, at=at), base=settings.BASE_URL, start=start)
        if not outlet.closed:
            take(source, read(body, content_type="", address=source.address, at=at).items, grouping=grouping, at=at)


def _standing(outlet: Outlet) -> int:
    return Source.Standing.WORLD if outlet.slug in READ_AROUND_THE_WORLD else Source.Standing.NATIONAL


def _went_out(roundup: PastRoundup, day: date, zone: ZoneInfo) -> None:
    picked_at = datetime.combine(day, PICKED, zone).astimezone(UTC)
    for chosen in roundup.picks:
        _pick(chosen, day, at=picked_at, zone=zone)
    made = DayOfLinks.objects.get(day=day)
    DayOfLinks.objects.filter(pk=made.pk).update(title=roundup.title, standfirst=roundup.standfirst)
    out_at = datetime.combine(day, OUT, zone).astimezone(UTC)
    publish(made, by=None, at=out_at)
    made.refresh_from_db()
    Article.objects.filter(pk=made.article_id).update(first_published_at=out_at, last_published_at=out_at)


def _pick(chosen: Picked, day: date, *, at: datetime, zone: ZoneInfo) -> None:
    outlet = outlets()[chosen.outlet]
    said: dict[str, Any] = {"outlet": outlet.name, "author": chosen.by, "language": outlet.language, "published_on": day - A_DAY}
    said |= {"minutes": chosen.minutes, "paywalled": chosen.paid, "note": chosen.note}
    row = picking.pick_page(settings.BASE_URL + chosen.path, chosen.headline, by=None, at=at, zone=zone, **said)
    row.countries.set(Country.objects.filter(code__in=chosen.countries))
    row.issues.set(Issue.objects.filter(slug__in=chosen.issues))
    for place, rival in enumerate(chosen.rivals):
        _set_beside(row, rival, place, day - A_DAY)


def _set_beside(row: Pick, rival: Rival, place: int, published_on: date) -> None:
    outlet = outlets()[rival.outlet]
    said = {"headline": rival.headline, "outlet": outlet.name, "language": outlet.language, "published_on": published_on}
    RivalRow.objects.create(pick=row, url=settings.BASE_URL + rival.path, sort_order=place, **said)
