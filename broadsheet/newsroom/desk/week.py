"""The week of the desk: what was published and what is scheduled, by weekday of the publication's zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wagtail.models import Revision

from broadsheet.newsroom.models import Article, Column, Contributor
from broadsheet.newsroom.teasers import kind_of, label_of

DAYS = 7
LATE = timedelta(minutes=1)  # after its moment, whatever is scheduled still could not be published


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    headline: str
    kind: str
    label: str
    at: datetime
    authors: tuple[int, ...] = ()
    scheduled: bool = False
    late: bool = False
    embargoed: bool = False


@dataclass(frozen=True, slots=True)
class Columnist:
    id: int
    name: str
    slot: str  # "Tuesday"


@dataclass(frozen=True, slots=True)
class Day:
    """`empty_slots`: columnists whose day it is and who have nothing on it."""

    on: date
    entries: tuple[Entry, ...]
    today: bool = False
    empty_slots: tuple[str, ...] = ()


def laid_out(entries: Iterable[Entry], columnists: Sequence[Columnist], *, at: datetime, zone: ZoneInfo) -> tuple[Day, ...]:
    """From Monday to Sunday of the week in which `at` lies. Pure."""
    today = at.astimezone(zone).date()
    entries = sorted(entries, key=lambda entry: entry.at)
    return tuple(
        Day(
            on=on,
            entries=(ours := tuple(entry for entry in entries if entry.at.astimezone(zone).date() == on)),
            today=on == today,
            empty_slots=tuple(one.name for one in columnists if one.slot == f"{on:%A}" and not _writes(one, ours)),
        )
        for on in (_monday(today) + timedelta(days=number) for number in range(DAYS))
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _writes(columnist: Columnist, entries: Sequence[Entry]) -> bool:
    return any(entry.kind == "column" and columnist.id in entry.authors for entry in entries)


def week_of(*, at: datetime, zone: ZoneInfo) -> tuple[Day, ...]:
    begins = datetime.combine(_monday(at.astimezone(zone).date()), time(), zone)
    ends = begins + timedelta(days=DAYS)
    columnists = Contributor.objects.exclude(columnist_slot="").values_list("pk", "name", "columnist_slot")
    entries = [*_published(begins, ends, at), *_scheduled(begins, ends, at)]
    return laid_out(entries, [Columnist(*row) for row in columnists], at=at, zone=zone)


def _published(begins: datetime, ends: datetime, at: datetime) -> list[Entry]:
    found = Article.objects.filter(live=True, dated_at__gte=begins, dated_at__lt=ends)
    return [_entry(article, moment=article.dated_at, scheduled=False, at=at) for article in found if article.dated_at]


def _scheduled(begins: datetime, ends: datetime, at: datetime) -> list[Entry]:
    due = Revision.page_revisions.filter(approved_go_live_at__gte=begins, approved_go_live_at__lt=ends)
    moments = {int(pk): moment for pk, moment in due.values_list("object_id", "approved_go_live_at")}
    return [
        _entry(article, moment=moments[article.pk], scheduled=True, at=at) for article in Article.objects.filter(pk__in=moments)
    ]


def _entry(article: Article, *, moment: datetime, scheduled: bool, at: datetime) -> Entry:
    kind = kind_of(article.content_type_id)
    return Entry(
        id=article.pk,
        headline=article.draft_title or article.title,
        kind=kind,
        label=label_of(kind),
        at=moment,
        authors=tuple(article.bylines.values_list("contributor_id", flat=True)) if kind == Column.kind else (),
        scheduled=scheduled,
        late=scheduled and moment < at - LATE,
        embargoed=article.embargoed_until is not None and article.embargoed_until > at,
    )
