"""What a reader has read, by day, the newest first: of the readings that bear their name, the articles whose text was served."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from broadsheet.access.terms import WALLS
from broadsheet.library.shelf import Shelved, shelved
from broadsheet.membership.models import Reader, Reading
from broadsheet.press.policy import LATEST
from broadsheet.press.queries import on_list

A_PAGE = 50
OF_AN_ARTICLE = re.compile(r"a([1-9]\d{0,17})")


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    articles: tuple[Shelved, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`older`: there are more behind it."""

    days: tuple[Day, ...]
    older: bool


@dataclass(frozen=True, slots=True)
class News:
    """`since`: the day."""

    since: date
    articles: int


def history_of(reader: Reader, *, page: int) -> Page:
    """Pages count from 1. An article that was opened several times on a day stands there once."""
    zone = timezone.get_default_timezone()
    by_day = _served(reader).annotate(on=TruncDate("read_at", tzinfo=zone)).values("story", "on").annotate(last=Max("read_at"))
    first = (page - 1) * A_PAGE
    rows = list(by_day.order_by("-on", "-last", "story").values_list("on", "story")[first : first + A_PAGE + 1])
    return Page(tuple(_days(rows[:A_PAGE])), older=len(rows) > A_PAGE)


def news_since(reader: Reader, *, at: datetime) -> News | None:
    """What has come out since the last day before this on which they read something; None where there was none."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    last = _served(reader).filter(read_at__lt=today).aggregate(last=Max("read_at"))["last"]
    if last is None:
        return None
    return News(timezone.localdate(last), on_list(LATEST).filter(dated_at__gt=last, dated_at__lte=at).count())


def _served(reader: Reader) -> QuerySet[Reading]:
    """Text, not walls."""
    theirs = Reading.objects.filter(reader_id=reader.pk, story__startswith="a")
    return theirs.exclude(reason__in=[wall.value for wall in WALLS])


def _days(rows: Iterable[tuple[date, str]]) -> Iterable[Day]:
    read = [(on, int(found[1])) for on, story in rows if (found := OF_AN_ARTICLE.fullmatch(story))]
    articles = {one.article: one for one in shelved({article for _, article in read})}
    for on, of_day in groupby(read, key=lambda row: row[0]):
        yield Day(on, tuple(articles[article] for _, article in of_day))


def story_of(article: int) -> str:
    return f"a{article}"
