"""How a country, an issue or two countries hang together, gathered from what was gleaned: one value a cut, for the template.

The value for strangers (`freely`) is gathered from tags and free text alone; nothing in it depends on a word beyond the wall.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from broadsheet.library import chart, policy, together, turning
from broadsheet.library.gazetteer import shipped
from broadsheet.library.periods import Two, usual
from broadsheet.library.subjects import relation_path
from broadsheet.library.tellings import likeness, words_of
from broadsheet.library.together import Coverage
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.galley import Link, Teaser
from broadsheet.newsroom.models import Country
from broadsheet.press import pages
from broadsheet.press.queries import standing

MOST_POINTS, MOST_QUOTES = 12, 2
MOST_RECURRING, MOST_PARTNERS, MOST_REPORTS, MOST_LATEST, MOST_LINKING = 8, 12, 4, 10, 5
NEARLY_A_COPY = 0.8  # of the words of the shorter
MOST_OF_A_PERIOD = 5


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
    """`shown`: the articles whose teasers, headlines or sentences stand here."""

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
    latest: tuple[Teaser, ...]
    linking: tuple[Teaser, ...]
    years: Two  # that the form proposes to compare
    shown: frozenset[int]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen for one cut, all but the words, which both cuts take from one gathering."""

    covered: Coverage
    newest: tuple[int, ...]
    periods: tuple[tuple[str, Coverage], ...]
    events: tuple[turning.Event, ...]
    out: tuple[turning.Month, ...]
    reports: tuple[int, ...]
    latest: tuple[int, ...]
    linking: tuple[int, ...]
    freely: bool

    def of_month(self, month: turning.Month) -> list[int]:
        return self.covered.most_about(month.month)[:MOST_QUOTES]

    @property
    def counted(self) -> set[int]:
        return {*self.newest, *(pk for _, covered in self.periods for pk in covered.newest(together.MOST_ARTICLES))}

    @property
    def tellings(self) -> set[int]:
        return {telling for event in self.events for telling in event.tellings}

    @property
    def teasers(self) -> set[int]:
        return {*self.reports, *self.latest, *self.linking}

    @property
    def linked(self) -> set[int]:
        return {pk for month in self.out for pk in self.of_month(month)}


@dataclass(frozen=True, slots=True)
class Words:
    """What a page takes from the articles themselves: sentences by telling, headlines and teasers by article, who is named."""

    sentences: Mapping[int, together.Sentence]
    heads: Mapping[int, Link]
    teasers: Mapping[int, Teaser]
    named: Sequence[together.Naming]


def overviews(actors: Sequence[str], *, title: str, path: str, latest: bool = False) -> tuple[Overview, Overview] | None:
    """For strangers, and for whoever may read on; None where too little was written to say how it hangs together."""
    free, whole = together.coverages(actors)
    if len(free.articles) < (least := together.enough()):
        return None
    newest = {*free.newest(together.MOST_ARTICLES), *whole.newest(together.MOST_ARTICLES)}
    told, reports = together.told_of(actors, articles=newest), together.reports_among(newest)
    links = together.links_to(path, actors[0])
    drafts = [
        replace(
            drafted(
                covered,
                _of_cut(told, covered, actors),
                freely=freely,
                reports=reports,
                most_latest=MOST_LATEST if latest else 0,
            ),
            periods=_periods(covered, least),
            linking=tuple(together.linking(links, covered.weights, freely=freely, most=MOST_LINKING)),
        )
        for covered, freely in ((free, True), (whole, False))
    ]
    words, beside = words_for(drafts), _partners(actors, path=path)
    first, second = (_overview(draft, words, title=title, path=path, partners=beside) for draft in drafts)
    return first, second


def _of_cut(told: Iterable[turning.Told], covered: Coverage, actors: Sequence[str]) -> Iterable[turning.Told]:
    """Of an issue, what the newest articles on it tell, as far as the cut knows that they are on it."""
    if policy.is_country(actors[0]):
        return told
    among = set(covered.newest(together.MOST_ARTICLES))
    return [one for one in told if one.article in among]


def drafted(
    covered: Coverage,
    told: Iterable[turning.Told],
    *,
    freely: bool,
    reports: Collection[int] = (),
    most_latest: int = 0,
) -> Draft:
    newest, weights = covered.newest(together.MOST_ARTICLES), covered.weights
    return Draft(
        covered=covered,
        newest=tuple(newest),
        periods=(),
        events=tuple(turning.events(told, freely=freely, most=MOST_POINTS)),
        out=tuple(turning.months(covered.months)),
        reports=tuple(sorted((pk for pk in newest if pk in reports), key=lambda pk: -weights[pk])[:MOST_REPORTS]),
        latest=tuple(together.latest(covered, most_latest)) if most_latest else (),
        linking=(),
        freely=freely,
    )


def words_for(drafts: Sequence[Draft]) -> Words:
    sentences = together.sentences({telling for draft in drafts for telling in draft.tellings})
    linked = {pk for draft in drafts for pk in draft.linked}
    wanted = standing({pk for draft in drafts for pk in draft.teasers})
    return Words(
        sentences=sentences,
        heads=together.heads({*linked, *(sentence.article for sentence in sentences.values())}),
        teasers={teaser.id: teaser for teaser in pages.in_order(wanted)},
        named=together.namings({pk for draft in drafts for pk in draft.counted}),
    )


def _overview(draft: Draft, words: Words, *, title: str, path: str, partners: tuple[Counted, ...]) -> Overview:
    covered = draft.covered
    people, organisations = who_recur(draft.newest, words, freely=draft.freely)
    newest = sorted((words.teasers[pk] for pk in draft.latest if pk in words.teasers), key=_dated_at, reverse=True)
    points = points_of(draft, words)
    quoted = {quotation.article for point in points for quotation in point.quotations}
    return Overview(
        title=title,
        path=path,
        total=len(covered.articles),
        chart_html=chart.figure(covered.months, title=f"{title} in our pages", marked={month.month for month in draft.out}),
        points=points,
        people=people,
        organisations=organisations,
        partners=partners,
        reports=tuple(words.teasers[pk] for pk in draft.reports if pk in words.teasers),
        periods=tuple(_period(label, covered, words, freely=draft.freely) for label, covered in draft.periods),
        latest=tuple(newest),
        linking=tuple(words.teasers[pk] for pk in draft.linking if pk in words.teasers),
        years=usual(covered.last_year),
        shown=frozenset(quoted | draft.teasers | draft.linked),
    )


def _dated_at(teaser: Teaser) -> datetime:
    return teaser.dated_at


def who_recur(
    articles: Sequence[int], words: Words, *, freely: bool, most: int = MOST_RECURRING
) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
    """People and organisations, the most often named first."""
    recurring = together.recurring(words.named, articles, freely=freely)
    people, organisations = (_counted(recurring.get(sort, ()), most=most) for sort in ("person", "organisation"))
    return people, organisations


def _counted(recurring: Iterable[tuple[str, int]], *, most: int) -> tuple[Counted, ...]:
    actors = shipped().actors
    return tuple(Counted(actors[actor].name, count) for actor, count in list(recurring)[:most] if actor in actors)


# Turning points


def points_of(draft: Draft, words: Words) -> tuple[Point, ...]:
    points = [
        *(Point(event.on, _quotations(event, words), event.articles) for event in draft.events),
        *(_of_month(month, draft.of_month(month), words) for month in draft.out),
    ]
    return tuple(sorted((point for point in points if point.quotations or point.month), key=lambda point: point.on, reverse=True))


def _quotations(event: turning.Event, words: Words) -> tuple[Quotation, ...]:
    """The best, and one more of another article that says it otherwise."""
    quoted: list[Quotation] = []
    for telling in event.tellings:
        sentence = words.sentences[telling]
        head = words.heads.get(sentence.article)
        if head and all(head.path != one.path and _otherwise(sentence.text, one.text) for one in quoted):
            quoted.append(Quotation(sentence.article, sentence.text, head.text, head.path))
    return tuple(quoted[:MOST_QUOTES])


def _otherwise(text: str, quoted: str) -> bool:
    """The same told in other words: neither nearly a copy nor another matter of that day."""
    return 0 < likeness(words_of(text), words_of(quoted)) < NEARLY_A_COPY


def _of_month(month: turning.Month, articles: Sequence[int], words: Words) -> Point:
    links = tuple(words.heads[pk] for pk in articles if pk in words.heads)
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


def _periods(covered: Coverage, least: int) -> tuple[tuple[str, Coverage], ...]:
    """The articles of the last five years beside those of the five before; nothing where one of them has too little."""
    both = tuple((f"{each}", covered.during(each.first, each.last)) for each in reversed(usual(covered.last_year)))
    return both if min(len(of_period.articles) for _, of_period in both) >= least else ()


def _period(label: str, covered: Coverage, words: Words, *, freely: bool) -> Period:
    people, organisations = who_recur(covered.newest(together.MOST_ARTICLES), words, freely=freely, most=MOST_OF_A_PERIOD)
    return Period(label, len(covered.articles), people, organisations)


def country_path(slug: str) -> str:
    return axis_path("country", slug)
