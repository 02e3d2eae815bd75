"""Keep dossiers up: what the press brought makes them due, and whoever is due is gathered anew. Twice equals once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F, Q

from broadsheet.library.actions import gleaning
from broadsheet.library.actions.rounds import Trouble
from broadsheet.library.alerts import sight_of_reader
from broadsheet.library.catching_up import stands
from broadsheet.library.following import Subject
from broadsheet.library.keeping import NotBuilt
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.matches import desk_of, said_of, signs_of, tagged
from broadsheet.library.policy import is_news
from broadsheet.library.queries import index_here
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import stale
from broadsheet.press.models import Pressing
from broadsheet.research.actions.enquiries import Asker, hold_points
from broadsheet.research.asking import read
from broadsheet.research.keeping_up import (
    MOST_POINTS,
    Spot,
    Turn,
    marked,
    may_answer,
    place_in,
    says_the_same,
    turns,
    words_of,
)
from broadsheet.research.kin import roots
from broadsheet.research.matters import Standing, documents_in, is_free, lines_of, matter_of, source_of, standing_on
from broadsheet.research.models import Change, Dossier, Point, Reached, ResearchRules
from broadsheet.research.policy import mark_of
from broadsheet.research.quoting import Quotation
from broadsheet.wire.models import Pick

AT_ONCE = 100  # articles that are looked at together
MOST_READ = 500  # articles: where more came in at once, every question is asked again
KEPT = 60  # changes of a dossier that are remembered
Found = dict[Sight, Standing]


def refresh_dossiers(*, at: datetime, index: Index | None = None, most: int | None = None) -> int:
    """What came in since, into whatever it belongs to; how many were gathered anew. What waits longest for it comes first."""
    index = index or index_here()
    find_due(at=at, index=index)
    done, trouble = 0, Trouble()
    due = Dossier.objects.filter(due_at__isnull=False).order_by(F("refreshed_at").asc(nulls_first=True), "pk")
    rows = sorted(due.values_list("kind", "row", "other", "question", "pk", "due_at")[:most])
    for _, alike in groupby(rows, key=lambda row: row[:4]):
        found: Found = {}
        for *_, pk, due_at in alike:
            with trouble.of(f"Dossier {pk}"):
                done += refresh(pk, at=at, index=index, due_at=due_at, found=found)
    trouble.raise_all()
    return done


# What is due


def find_due(*, at: datetime, index: Index) -> int:
    """How many dossiers became due, as far as the press's numbers were both gleaned and indexed.

    One that is due already is so anew: whoever gathers it at this moment has not seen what came in.
    """
    row, _ = Reached.objects.get_or_create(pk=1, defaults={"change": 0})
    upto = min(gleaning.cursor(), _indexed(index))
    pressed = Pressing.objects.filter(change__gt=row.change, change__lte=upto).order_by("change")
    articles = list(pressed.values_list("article_id", flat=True))
    due: set[int] = set()
    for begin in range(0, len(articles), AT_ONCE):
        some = articles[begin : begin + AT_ONCE]
        due |= {*_quoting(some), *_about(some), *_linking(some)}
        _forget_words_of(some)
    due |= set(_asking(articles))
    with transaction.atomic():
        Dossier.objects.filter(pk__in=due).update(due_at=at)
        Reached.objects.filter(pk=row.pk, change__lt=upto).update(change=upto)
    return len(due)


def _forget_words_of(articles: Collection[int]) -> None:
    """What changed is told in words of one text of an article. Of any other it is shown nowhere, and not kept."""
    stands = dict(
        Pressing.objects.filter(article_id__in=articles, withdrawn_at=None).values_list("article_id", "edition_of_text")
    )
    told = Q(article_id__in=articles) & ~Q(text="") | Q(other__in=articles) & ~Q(other_text="")
    changes = list(Change.objects.filter(told))
    for one in changes:
        if one.article_id in articles and one.edition != stands.get(one.article_id):
            one.text, one.edition = "", ""
        if one.other in articles and one.other_edition != stands.get(one.other):
            one.other_text, one.other_edition = "", ""
    Change.objects.bulk_update(changes, ["text", "edition", "other_text", "other_edition"], batch_size=AT_ONCE)


def _indexed(index: Index) -> int:
    """How far; 0 where there is no index yet, or one that has seen what a restored database has not."""
    try:
        with index.reading_on():
            mark = index.looking(STRANGER).mark()
    except NotBuilt:
        return 0
    return mark.change if stands(mark) else 0


def _quoting(articles: Collection[int]) -> Iterable[int]:
    return Point.objects.filter(article_id__in=articles).values_list("dossier_id", flat=True)


def _about(articles: Collection[int]) -> Iterable[int]:
    rows = Dossier.objects.exclude(kind=Dossier.Kind.QUESTION).values_list("kind", "row", "other").distinct()
    subjects = {Subject(*row) for row in rows}
    if not subjects:
        return
    desk, shown = desk_of(subjects), tagged(articles)
    for subject in subjects:
        signs = signs_of(subject, desk)
        if signs and said_of(signs, shown):
            yield from _on(subject.kind, [subject.row], other=subject.other)


def _linking(articles: Collection[int]) -> Iterable[int]:
    """A roundup brings links on what its picks are on."""
    picks = Pick.objects.filter(day__article_id__in=articles, taken_down_at=None)
    countries = set(picks.values_list("countries", flat=True)) - {None}
    issues = set(picks.values_list("issues", flat=True)) - {None}
    yield from _on(Dossier.Kind.COUNTRY, countries)
    yield from _on(Dossier.Kind.ISSUE, issues)
    both = Dossier.objects.filter(kind=Dossier.Kind.RELATION, row__in=countries, other__in=countries)
    yield from both.values_list("pk", flat=True)


def _on(kind: str, rows: Collection[int], *, other: int = 0) -> Iterable[int]:
    return Dossier.objects.filter(kind=kind, row__in=rows, other=other).values_list("pk", flat=True)


def _asking(articles: Sequence[int]) -> Iterable[int]:
    """Questions of which half the words stand in one of these articles."""
    asked = Dossier.objects.filter(kind=Dossier.Kind.QUESTION)
    if not articles or not asked.exists():
        return
    if len(articles) > MOST_READ:
        yield from asked.values_list("pk", flat=True)
        return
    said = [set(roots(f"{one.headline} {one.free} {one.rest}")) for one in documents_in(articles).values()]
    for question in asked.values_list("question", flat=True).distinct():
        terms = read(question).terms
        if any(may_answer(terms, one) for one in said):
            yield from asked.filter(question=question).values_list("pk", flat=True)


# Gathering one anew


@dataclass(frozen=True, slots=True)
class Now:
    """What there is of a dossier at this moment, in the sight of whoever it is for."""

    standing: Standing
    news: frozenset[int]  # articles that came out since it was made
    sight: Sight
    at: datetime
    due_at: datetime | None


def sight_of(dossier: Dossier, *, at: datetime) -> Sight:
    """The editors' quotes whatever stands in the library: its quotations are for members."""
    return sight_of_reader(dossier.reader, at=at) if dossier.reader else EVERYTHING


def refresh_for_another_standing(dossier: Dossier, *, at: datetime) -> bool:
    """Of a reader who subscribes since it was gathered, or no more."""
    return sight_of(dossier, at=at).entitled != dossier.for_subscriber and refresh(dossier.pk, at=at)


def refresh(
    pk: int, *, at: datetime, index: Index | None = None, due_at: datetime | None = None, found: Found | None = None
) -> bool:
    """Looking holds no transaction. False: it is gone, or its subject is, or the library is being built.

    `found`: on the same for others, by their sight, since it was due at `due_at`.
    """
    dossier = Dossier.objects.select_related("reader").filter(pk=pk).first()
    matter = matter_of(dossier) if dossier else None
    if dossier is None or matter is None:
        Dossier.objects.filter(pk=pk).update(due_at=None)
        return False
    sight = sight_of(dossier, at=at)
    try:
        found = {} if found is None else found
        if sight not in found:
            found[sight] = standing_on(dossier, matter, sight=sight, at=at, index=index or index_here())
        there = found[sight]
    except NotBuilt:
        return False
    points = list(dossier.points.all())
    of_these = {point.article_id for point in points} - there.documents.keys()
    there = replace(
        there,
        quotations=_held(dossier, there.quotations, points, sight=sight, at=at),
        documents={**documents_in(of_these), **there.documents},
    )
    now = Now(
        there, _news({*there.articles, *there.documents}, since=dossier.made_at, at=at), sight, at, due_at or dossier.due_at
    )
    return _write(dossier, now)


def _held(
    dossier: Dossier, quotations: Sequence[Quotation], points: Iterable[Point], *, sight: Sight, at: datetime
) -> tuple[Quotation, ...]:
    """As much of an article as may be quoted a day to whoever does not subscribe."""
    if dossier.reader is None or sight.entitled:
        return tuple(quotations)
    standing: dict[str, dict[str, int]] = defaultdict(dict)
    for point in points:
        words = words_of(point.text)
        standing[str(point.article_id)][mark_of(words)] = len(words.split())
    most = ResearchRules.load().words_of_an_article
    return hold_points(Asker(reader=dossier.reader), quotations, standing=standing, most=most, at=at)


def _news(articles: Collection[int], *, since: datetime, at: datetime) -> frozenset[int]:
    rows = Article.objects.filter(pk__in=articles, dated_at__isnull=False)
    return frozenset(
        pk
        for pk, first, embargo, dated in rows.values_list("pk", "first_published_at", "embargoed_until", "dated_at")
        if dated
        and is_news(came_out_at=max(first or dated, embargo or first or dated), dated_at=dated, wanted_since=since, at=at)
    )


@transaction.atomic
def _write(dossier: Dossier, now: Now) -> bool:
    row = Dossier.objects.select_for_update().filter(pk=dossier.pk).first()
    if row is None:
        return False
    points = list(row.points.all())
    held = _found_again(points, now)
    kept = [point for point in held if point.is_kept]
    chosen = [one for one in now.standing.quotations if not any(says_the_same(quotation_of(point, now), one) for point in kept)]
    chosen = chosen[: max(0, MOST_POINTS - sum(1 for point in kept if point.pinned_at))]
    if row.refreshed_at:
        _say_what_changed(row, [point for point in points if not point.set_aside_at], chosen, held, now)
    _set_anew(
        row,
        [*kept, *_away(points, now)],
        {(point.article_id, (point.paragraph, point.begin)): point.said for point in held},
        chosen,
        now,
    )
    row.refreshed_at, row.for_subscriber = now.at, now.sight.entitled
    if row.due_at == now.due_at:  # otherwise something came in meanwhile
        row.due_at = None
    row.save(update_fields=["refreshed_at", "for_subscriber", "due_at"])
    if row.published_at:
        stale({key_of(row.pk)}, at=now.at)
    return True


def key_of(pk: int) -> str:
    """What the page of a dossier shows."""
    return f"dossier:{pk}"


def _found_again(points: Iterable[Point], now: Now) -> list[Point]:
    """Those whose words still stand in their articles, put where they stand by now."""
    found, taken = [], defaultdict[int, set[Spot]](set)
    for point in points:
        document = now.standing.documents.get(point.article_id)
        lines = lines_of(document) if document else []
        before = point.paragraph, point.begin
        place = place_in(lines, words_of(point.text), near=before, taken=taken[point.article_id])
        if place is None:
            continue
        point.paragraph, point.begin, point.end = place
        if place[:2] != before:
            point.text = marked(lines[point.paragraph], point.begin, point.end)
        taken[point.article_id].add(place[:2])
        found.append(point)
    return found


def _away(points: Iterable[Point], now: Now) -> list[Point]:
    """What editors set, of articles that are not on the site: shown nowhere, it waits until they come back."""
    away = [point for point in points if point.is_kept and point.article_id not in now.standing.documents]
    there = set(Article.objects.filter(pk__in={point.article_id for point in away}).values_list("pk", flat=True))
    return [point for point in away if point.article_id in there]


def quotation_of(point: Point, now: Now) -> Quotation:
    return Quotation(point.text, source_of(now.standing.documents[point.article_id]), point.paragraph, point.begin, point.end)


def _set_anew(
    row: Dossier, kept: Sequence[Point], said: Mapping[tuple[int, Spot], str], chosen: Sequence[Quotation], now: Now
) -> None:
    """What editors set stays in its place; the others follow in the order in which they were chosen."""
    documents = now.standing.documents
    for point in kept:
        if document := documents.get(point.article_id):
            point.edition, point.free = document.edition, is_free(document, point.paragraph)
    row.points.all().delete()  # set anew with their numbers: two that moved may have changed places
    after = max((point.place for point in kept), default=-1) + 1
    fresh = [
        Point(
            dossier=row,
            article_id=one.source.id,
            paragraph=one.paragraph,
            begin=one.begin,
            end=one.end,
            text=one.text,
            speaker=one.speaker[:60],
            dated_on=one.dated_on,
            free=is_free(documents[one.source.id], one.paragraph),
            edition=documents[one.source.id].edition,
            said=said.get((one.source.id, (one.paragraph, one.begin)), ""),
            place=place,
        )
        for place, one in enumerate(chosen, start=after)
    ]
    Point.objects.bulk_create([*kept, *fresh])


# What changed


def _say_what_changed(
    row: Dossier, before: Sequence[Point], chosen: Sequence[Quotation], held: Sequence[Point], now: Now
) -> None:
    """Of what came out since it was made, each article once."""
    known = set(row.changes.values_list("article_id", flat=True))
    older = [quotation_of(point, now) for point in before if point in held]
    pinned = [quotation_of(point, now) for point in held if point.pinned_at]
    told = [turn for turn in turns(older, [*pinned, *chosen]) if turn.newer.source.id in now.news - known]
    changes = [_change(row, turn, now) for turn in told]
    added = (now.news & now.standing.articles.keys()) - known - {change.article_id for change in changes}
    changes += [_added(row, article, now) for article in sorted(added)]
    Change.objects.bulk_create([*changes, *_new_links(row, now)])
    row.changes.filter(pk__in=list(row.changes.values_list("pk", flat=True)[KEPT:])).delete()


def _change(row: Dossier, turn: Turn, now: Now) -> Change:
    documents, older = now.standing.documents, turn.older
    change = _added(row, turn.newer.source.id, now)
    change.kind, change.text = turn.kind.value, turn.newer.text
    change.free = is_free(documents[change.article_id], turn.newer.paragraph)
    change.edition = documents[change.article_id].edition
    if older:
        change.other, change.other_text = older.source.id, older.text
        change.other_free = is_free(documents[older.source.id], older.paragraph)
        change.other_edition = documents[older.source.id].edition
    return change


def _added(row: Dossier, article: int, now: Now) -> Change:
    freely = now.standing.articles.get(article, False)
    return Change(dossier=row, kind=Change.Kind.ARTICLE, at=now.at, article_id=article, freely=freely)


def _new_links(row: Dossier, now: Now) -> list[Change]:
    known = set(row.changes.filter(kind=Change.Kind.LINK).values_list("url", flat=True))
    fresh = [link for link in now.standing.links if link.url not in known]
    dated = Pressing.objects.filter(article_id__in={link.roundup for link in fresh}).filter(
        Q(dated_at__gt=row.made_at), withdrawn_at=None
    )
    new = set(dated.values_list("article_id", flat=True))
    return [
        Change(dossier=row, kind=Change.Kind.LINK, at=now.at, article_id=0, url=link.url, freely=True)
        for link in fresh
        if link.roundup in new
    ]
