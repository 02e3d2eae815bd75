"""After the press: what it brought for whom, and the mails that tell of it.

Two steps. What anybody's sight finds waits as a candidate; when its alert is due, the sight of its reader at that moment decides.
The mail and the mark that its articles were heard of are one transaction, so that neither a kill nor a second worker tells twice.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Self

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from broadsheet.library.actions import gleaning
from broadsheet.library.alerts import PAGE, Wanted, end_path, sight_of_reader, wanted
from broadsheet.library.catching_up import stands
from broadsheet.library.following import Subject
from broadsheet.library.keeping import NotBuilt
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.matches import desk_of, found_by_anybody, matching, said_of, signs_of, tagged
from broadsheet.library.models import Alert, Candidate, Heard, Reached
from broadsheet.library.policy import FRESH, HEARD_KEPT, Often, is_news, last_round
from broadsheet.library.queries import index_here
from broadsheet.library.sight import STRANGER
from broadsheet.library.tantivy_index import Unreadable
from broadsheet.mailroom.actions import NoSuchAddress, post
from broadsheet.mailroom.models import Lane
from broadsheet.membership.models import Reader
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.models import Pressing
from broadsheet.press.queries import standing

log = logging.getLogger(__name__)
AT_ONCE = 1_000  # candidates written in one transaction
MOST_IN_A_MAIL = 20


@dataclass(frozen=True, slots=True)
class News:
    article: int
    came_out_at: datetime
    dated_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """An alert, as far as finding goes."""

    alert: int
    since: datetime


class Trouble:
    """What went wrong with one of many: the others go on, and all is raised in the end, so that it stays visible."""

    def __init__(self) -> None:
        self._all: list[Exception] = []
        self._whose = ""

    def of(self, whose: str) -> Self:
        self._whose = whose
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, trouble: BaseException | None, _where: object) -> bool:
        if not isinstance(trouble, Exception) or isinstance(trouble, NotBuilt):  # a damaged index is everybody's trouble
            return False
        trouble.add_note(f"{self._whose} was passed over.")
        self._all.append(trouble)
        return True

    @property
    def is_passing(self) -> bool:
        """Of some it says nothing about them: asked again, they may well be found."""
        return any(isinstance(one, DatabaseError | Unreadable) for one in self._all)

    def raise_all(self) -> None:
        if self._all:
            raise ExceptionGroup("Some alerts were passed over.", self._all)


Found = tuple[Wish, Collection[int]]  # articles that somebody's sight finds

# Finding


def find_new(*, at: datetime, index: Index | None = None) -> int:
    """How many candidates. As far as the press's numbers were both indexed and gleaned; again after any stop.

    What is wrong with an alert is passed over; where a database or a disk fails, all is looked for again.
    """
    index = index or index_here()
    row, _ = Reached.objects.get_or_create(pk=1, defaults={"change": 0})
    upto = min(gleaning.cursor(), _indexed(index))
    if upto <= row.change:
        return 0
    written, trouble = 0, Trouble()
    news = _news(after=row.change, upto=upto, at=at)
    kinds = (_of_searches(news, index, trouble), _of_follows(news, trouble)) if news else ()
    try:
        for wishes in kinds:
            found = _candidates(wishes, news, at=at)
            while some := list(islice(found, AT_ONCE)):
                written += _write(some, at=at)
    except NotBuilt:  # damaged: all is found again in the next one
        return written
    if not trouble.is_passing:
        Reached.objects.filter(pk=row.pk, change__lt=upto).update(change=upto)
    trouble.raise_all()
    return written


def _indexed(index: Index) -> int:
    """How far; 0 of an index that has seen what a restored database has not."""
    try:
        with index.reading_on():
            mark = index.looking(STRANGER).mark()
    except NotBuilt:
        return 0
    return mark.change if stands(mark) else 0


def _reached() -> int:
    return Reached.objects.values_list("change", flat=True).first() or 0


def _news(*, after: int, upto: int, at: datetime) -> list[News]:
    pressed = Pressing.objects.filter(change__gt=after, change__lte=upto, withdrawn_at=None, dated_at__gt=at - 2 * FRESH)
    articles = Article.objects.filter(pk__in=pressed.values("article_id"), dated_at__isnull=False)
    rows = articles.values_list("pk", "first_published_at", "embargoed_until", "dated_at")
    return [
        News(pk, max(moment for moment in (first or dated, embargo or first or dated) if moment), dated)
        for pk, first, embargo, dated in rows
        if dated
    ]


def _candidates(found: Iterable[Found], news: Sequence[News], *, at: datetime) -> Iterator[Candidate]:
    by_id = {one.article: one for one in news}
    for wish, articles in found:
        for one in (by_id[article] for article in sorted(articles)):
            if is_news(came_out_at=one.came_out_at, dated_at=one.dated_at, wanted_since=wish.since, at=at):
                yield Candidate(alert_id=wish.alert, article_id=one.article, found_at=at)


def _wishes(news: Sequence[News]) -> QuerySet[Alert]:
    return Alert.objects.filter(paused_at=None, wanted_since__lt=max(one.came_out_at for one in news))


def _of_searches(news: Sequence[News], index: Index, trouble: Trouble) -> Iterator[Found]:
    searches, among = _wishes(news).exclude(text=""), {one.article for one in news}
    texts = searches.order_by("text").values_list("text", flat=True).distinct()
    for text in list(texts):  # none is open while candidates are written
        articles: set[int] = set()
        with trouble.of(f"The saved search {text!r}"), index.reading_on():
            articles = found_by_anybody(text, among, index=index)
        for pk, since in list(searches.filter(text=text).values_list("pk", "wanted_since")) if articles else ():
            yield Wish(pk, since), articles


def _of_follows(news: Sequence[News], trouble: Trouble) -> Iterator[Found]:
    rows = _wishes(news).exclude(follow=None).values_list("pk", "wanted_since", "follow__kind", "follow__row", "follow__other")
    wanted_by: dict[Subject, list[Wish]] = defaultdict(list)
    for pk, since, kind, row, other in rows:
        wanted_by[Subject(kind, row, other)].append(Wish(pk, since))
    desk, shown = desk_of(wanted_by), tagged({one.article for one in news})
    for subject, wishes in wanted_by.items():
        articles: Collection[int] = ()
        with trouble.of(f"Whoever follows {subject}"):
            signs = signs_of(subject, desk)
            articles = said_of(signs, shown) if signs else ()
        for wish in wishes:
            yield wish, articles


@transaction.atomic
def _write(found: Sequence[Candidate], *, at: datetime) -> int:
    """For alerts that still stand: they are locked, so that none ends meanwhile."""
    alerts = Alert.objects.select_for_update().filter(pk__in={one.alert_id for one in found}, paused_at=None)
    standing_still = set(alerts.values_list("pk", flat=True))
    fresh = [one for one in found if one.alert_id in standing_still]
    Candidate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


# Telling


@dataclass(frozen=True, slots=True)
class Round:
    """What is told now: found `until` then. `teasers`: of articles that were told already, since many are told of the same."""

    often: Often
    until: datetime
    at: datetime
    index: Index
    teasers: dict[int, Teaser] = field(default_factory=dict)

    def teasers_of(self, articles: Collection[int]) -> dict[int, Teaser]:
        """Of those that stand on the site."""
        there = standing(articles)
        self.teasers.update(teasers_of(there - self.teasers.keys()))
        return {pk: self.teasers[pk] for pk in there & self.teasers.keys()}


def tell_due(*, at: datetime, index: Index | None = None, most: int | None = None) -> int:
    """How many mails were posted, of at most so many alerts. None while this index is behind what another machine's has found."""
    posted, trouble = 0, Trouble()
    index = index or index_here()
    if _indexed(index) < _reached():
        return 0
    for often in Often:
        until = last_round(often, at=at, zone=timezone.get_default_timezone())
        now = Round(often, until, at, index)
        due = Candidate.objects.filter(
            found_at__lte=until,
            alert__often=often.value,
            alert__paused_at=None,
            alert__reader__is_active=True,
            alert__reader__confirmed_at__isnull=False,
        )
        for pk in list(due.order_by("alert").values_list("alert", flat=True).distinct()[:most]):
            with trouble.of(f"Alert {pk}"):
                posted += _tell(pk, now)
    trouble.raise_all()
    return posted


def _tell(pk: int, now: Round) -> int:
    """0 where nothing was left to tell of. Looking holds no transaction; who tells meanwhile has taken the candidates."""
    alert = Alert.objects.select_related("reader", "follow").filter(pk=pk).first()
    if alert is None:
        return 0
    waiting = set(alert.candidates.filter(found_at__lte=now.until).values_list("article_id", flat=True))
    try:
        with now.index.reading_on():
            seen = matching(alert, waiting, sight=sight_of_reader(alert.reader, at=now.at), index=now.index)
    except NotBuilt:
        return 0
    told = next(iter(wanted([alert])), None)
    try:
        return _post(alert, told, now.teasers_of(seen), waiting, now) if told else _let_go(alert, waiting)
    except NoSuchAddress:
        log.warning("An alert of reader %s could not be told: no mail can go to their address.", alert.reader_id)
        return _let_go(alert, waiting)


def _let_go(alert: Alert, articles: Collection[int]) -> int:
    alert.candidates.filter(article_id__in=articles).delete()
    return 0


@transaction.atomic
def _post(alert: Alert, told: Wanted, teasers: Mapping[int, Teaser], waiting: Collection[int], now: Round) -> int:
    """One reader is told by one worker at a time, and by one alert of theirs."""
    Reader.objects.select_for_update().get(pk=alert.reader_id)
    if not Alert.objects.filter(pk=alert.pk, paused_at=None, often=now.often.value).exists():
        return 0
    still = set(alert.candidates.filter(article_id__in=waiting).values_list("article_id", flat=True))
    heard = set(Heard.objects.filter(reader=alert.reader_id, article_id__in=still).values_list("article_id", flat=True))
    _let_go(alert, still)
    fresh = sorted((teasers[pk] for pk in (still - heard) & teasers.keys()), key=lambda one: (one.dated_at, one.id), reverse=True)
    if not fresh:
        return 0
    Heard.objects.bulk_create(Heard(reader_id=alert.reader_id, article_id=one.id, heard_at=now.at) for one in fresh)
    end = f"{settings.BASE_URL}{end_path(alert)}"
    context = {
        "name": told.short,
        "why": told.why,
        "articles": fresh[:MOST_IN_A_MAIL],
        "total": len(fresh),
        "more": len(fresh[MOST_IN_A_MAIL:]),
        "path": told.path,
        "account": PAGE,
        "end": end,
    }
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    post(kind="alert", to=alert.reader.email, context=context, at=now.at, lane=Lane.BULK, headers=headers)
    return 1


def forget_heard(*, at: datetime) -> int:
    """What is news no more needs no mark; what nobody could be told of waits in vain."""
    heard, _ = Heard.objects.filter(heard_at__lte=at - HEARD_KEPT).delete()
    waiting, _ = Candidate.objects.filter(found_at__lte=at - FRESH).delete()
    return heard + waiting
