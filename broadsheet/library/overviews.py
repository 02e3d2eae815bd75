"""How a country, an issue or two countries hang together, gathered from what was gleaned: one value a cut, for the template.

The value for strangers (`freely`) is gathered from tags and free text alone; nothing in it depends on a word beyond the wall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.library import chart, policy, together, turning
from broadsheet.library.gazetteer import shipped
from broadsheet.library.tellings import likeness, words_of
from broadsheet.library.together import Coverage
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.galley import Link, Teaser
from broadsheet.newsroom.models import Country
from broadsheet.press import pages
from broadsheet.press.queries import standing

MOST_POINTS, MOST_QUOTES = 12, 2
MOST_RECURRING, MOST_PARTNERS, MOST_REPORTS, MOST_LATEST = 8, 12, 4, 10
NEARLY_A_COPY = 0.8  # of the words of the shorter
PERIOD = 5  # years that are compared with those before


@dataclass(frozen=True, slots=True)
class Quotation:
    article: int
    text: str
    headline: str
    path: str


@dataclass(frozen=True, slots=True)
class Point:
    """A turning point: of a day, with what tells it; or of a month, with how much was written and its newest articles."""

    on: date
    quotations: tuple[Quotation, ...] = ()
    articles: int = 0
    month: str = ""  # "March 2011"; "" of a day
    links: tuple[Link, ...] = ()

    @property
    def iso(self) -> str:
        return f"{self.on:%Y-%m}" if self.month else self.on.isoformat()


@dataclass(frozen=True, slots=True)
class Counted:
    name: str
    articles: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    label: str
    articles: int
    people: tuple[Counted, ...]
    organisations: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    title: str
    path: str
    total: int
    chart_html: str
    points: tuple[Point, ...]
    people: tuple[Counted, ...]
    organisations: tuple[Counted, ...]
    partners: tuple[Counted, ...]
    reports: tuple[Teaser, ...]
    periods: tuple[Period, ...]
    latest: tuple[Teaser, ...] = ()

    @property
    def shown(self) -> set[int]:
        """The articles whose teasers or sentences stand here."""
        quoted = {quotation.article for point in self.points for quotation in point.quotations}
        return quoted | {teaser.id for teaser in (*self.reports, *self.latest)}


@dataclass(frozen=True, slots=True)
class _Draft:
    """All but the teasers, which both cuts take from one gathering."""

    covered: Coverage
    newest: tuple[int, ...]
    periods: tuple[tuple[str, tuple[int, ...]], ...]
    events: tuple[turning.Event, ...]
    out: tuple[turning.Month, ...]
    reports: tuple[int, ...]
    latest: tuple[int, ...]
    freely: bool

    def of_month(self, month: turning.Month) -> list[int]:
        return self.covered.most_about(month.month)[:MOST_QUOTES]

    @property
    def counted(self) -> set[int]:
        return {*self.newest, *(pk for _, articles in self.periods for pk in articles[: together.MOST_ARTICLES])}

    @property
    def wanted(self) -> set[int]:
        return {*self.reports, *self.latest, *(pk for month in self.out for pk in self.of_month(month))}


def overviews(actors: Sequence[str], *, title: str, path: str, latest: bool = False) -> tuple[Overview, Overview] | None:
    """For strangers, and for whoever may read on; None where too little was written to say how it hangs together."""
    free, whole = (_draft(actors, freely=freely, latest=latest) for freely in (True, False))
    if free is None or whole is None:
        return None
    sentences = together.sentences(telling for draft in (free, whole) for event in draft.events for telling in event.tellings)
    wanted = {*free.wanted, *whole.wanted, *(sentence.article for sentence in sentences.values())}
    teasers = {teaser.id: teaser for teaser in pages.in_order(standing(wanted))}
    beside, named = _partners(actors, path=path), together.namings(free.counted | whole.counted)
    first, second = (
        _overview(draft, sentences, teasers, named, title=title, path=path, partners=beside) for draft in (free, whole)
    )
    return first, second


def _draft(actors: Sequence[str], *, freely: bool, latest: bool) -> _Draft | None:
    covered = together.coverage(actors, freely=freely)
    if len(covered.articles) < policy.ENOUGH:
        return None
    newest = covered.newest(together.MOST_ARTICLES)
    told = together.told_of(actors, articles=newest, freely=freely)
    reports, weights = together.reports_among(newest), covered.weights
    return _Draft(
        covered=covered,
        newest=tuple(newest),
        periods=_periods(covered),
        events=tuple(turning.events(told, most=MOST_POINTS)),
        out=tuple(turning.months(covered.months)),
        reports=tuple(sorted(reports, key=lambda pk: -weights[pk])[:MOST_REPORTS]),
        latest=tuple(newest[:MOST_LATEST]) if latest else (),
        freely=freely,
    )


def _overview(
    draft: _Draft,
    sentences: Mapping[int, together.Sentence],
    teasers: Mapping[int, Teaser],
    named: Sequence[together.Naming],
    *,
    title: str,
    path: str,
    partners: tuple[Counted, ...],
) -> Overview:
    covered = draft.covered
    recurring = together.recurring(named, draft.newest, freely=draft.freely)
    newest = sorted((teasers[pk] for pk in draft.latest if pk in teasers), key=lambda teaser: teaser.dated_at, reverse=True)
    return Overview(
        title=title,
        path=path,
        total=len(covered.articles),
        chart_html=chart.figure(covered.months, title=f"{title} in our pages", marked={month.month for month in draft.out}),
        points=_points(draft, sentences, teasers),
        people=_counted(recurring.get("person", ())),
        organisations=_counted(recurring.get("organisation", ())),
        partners=partners,
        reports=tuple(teasers[pk] for pk in draft.reports if pk in teasers),
        periods=tuple(_period(label, articles, named, freely=draft.freely) for label, articles in draft.periods),
        latest=tuple(newest),
    )


def _counted(recurring: Iterable[tuple[str, int]], *, most: int = MOST_RECURRING) -> tuple[Counted, ...]:
    actors = shipped().actors
    return tuple(Counted(actors[actor].name, count) for actor, count in list(recurring)[:most] if actor in actors)


# Turning points


def _points(draft: _Draft, sentences: Mapping[int, together.Sentence], teasers: Mapping[int, Teaser]) -> tuple[Point, ...]:
    points = [
        *(Point(event.on, _quotations(event, sentences, teasers), event.articles) for event in draft.events),
        *(_of_month(month, draft.of_month(month), teasers) for month in draft.out),
    ]
    return tuple(sorted((point for point in points if point.quotations or point.month), key=lambda point: point.on, reverse=True))


def _quotations(
    event: turning.Event, sentences: Mapping[int, together.Sentence], teasers: Mapping[int, Teaser]
) -> tuple[Quotation, ...]:
    """The best, and one more of another article that says it otherwise."""
    quoted: list[Quotation] = []
    for telling in event.tellings:
        sentence = sentences[telling]
        teaser = teasers.get(sentence.article)
        if teaser and all(teaser.path != one.path and _otherwise(sentence.text, one.text) for one in quoted):
            quoted.append(Quotation(teaser.id, sentence.text, teaser.headline, teaser.path))
    return tuple(quoted[:MOST_QUOTES])


def _otherwise(text: str, quoted: str) -> bool:
    """The same told in other words: neither nearly a copy nor another matter of that day."""
    return 0 < likeness(words_of(text), words_of(quoted)) < NEARLY_A_COPY


def _of_month(month: turning.Month, articles: Sequence[int], teasers: Mapping[int, Teaser]) -> Point:
    links = tuple(Link(teasers[pk].headline, teasers[pk].path) for pk in articles if pk in teasers)
    first = pages.first_day(month.month).date()
    return Point(first, articles=month.articles, month=pages.month_label(month.month), links=links)


# What stands beside


def _partners(actors: Sequence[str], *, path: str) -> tuple[Counted, ...]:
    """Countries with which one has a page."""
    if len(actors) != 1 or not policy.is_country(actors[0]):
        return ()
    found = together.partners(actors[0], most=MOST_PARTNERS)
    rows = {f"country:{code}": (name, slug) for code, name, slug in Country.objects.values_list("code", "name", "slug")}
    own = path.strip("/").rpartition("/")[2]
    return tuple(Counted(rows[actor][0], count, relation_path(own, rows[actor][1])) for actor, count in found if actor in rows)


def relation_path(one: str, other: str) -> str:
    """By the countries' slugs, in the order of the alphabet."""
    return "/relations/{}/{}/".format(*sorted((one, other)))


def _periods(covered: Coverage) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The articles of the last five years beside those of the five before; nothing where one of them has too little."""
    last = int(covered.articles[-1][0][:4])
    years = [(last - PERIOD + 1, last), (last - 2 * PERIOD + 1, last - PERIOD)]
    both = tuple((f"{first}–{until}", tuple(covered.between(first, until))) for first, until in years)
    return both if min(len(articles) for _, articles in both) >= policy.ENOUGH else ()


def _period(label: str, articles: Sequence[int], named: Sequence[together.Naming], *, freely: bool) -> Period:
    recurring = together.recurring(named, articles[: together.MOST_ARTICLES], freely=freely)
    people, organisations = (_counted(recurring.get(sort, ()), most=PERIOD) for sort in ("person", "organisation"))
    return Period(label, len(articles), people, organisations)


def country_path(slug: str) -> str:
    return axis_path("country", slug)
