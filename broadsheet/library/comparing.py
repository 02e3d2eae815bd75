"""Two periods of a country, an issue or two countries, side by side: in the one cut that whoever asks may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from broadsheet.library import chart, overviews, periods, together
from broadsheet.library.overviews import Counted, Draft, Point, Words
from broadsheet.library.periods import NotTwoPeriods, Two, Years
from broadsheet.library.subjects import Subject
from broadsheet.library.together import Coverage
from broadsheet.library.turning import Told

WIDTH = 400  # of each drawing: two stand side by side


@dataclass(frozen=True, slots=True)
class Period:
    years: Years
    total: int
    chart_html: str
    points: tuple[Point, ...]
    people: tuple[Counted, ...]
    organisations: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`years`: as the form has them; `trouble`: why nothing is compared; "" where it is."""

    title: str
    path: str
    years: Two
    trouble: str
    periods: tuple[Period, ...]


def compared(subject: Subject, fields: Mapping[str, str], *, freely: bool) -> Comparison | None:
    """None where there is too little for a page at all, as far as strangers may know."""
    free, whole = together.coverages(subject.actors)
    if len(free.articles) < together.enough():
        return None
    covered, trouble = free if freely else whole, ""
    years = periods.usual(covered.last_year)
    try:
        years = periods.asked(fields) or years
    except NotTwoPeriods as refused:
        trouble = str(refused)
    both = () if trouble else _periods(subject, covered, years, freely=freely)
    return Comparison(subject.title, subject.path, years, trouble, both)


def _periods(subject: Subject, covered: Coverage, years: Two, *, freely: bool) -> tuple[Period, ...]:
    halves = [covered.during(each.first, each.last) for each in years]
    newest = {pk for each in (covered, *halves) for pk in each.newest(together.MOST_ARTICLES)}
    told = together.told_of(subject.actors, articles=newest)
    drafts = [overviews.drafted(half, _of(told, each), freely=freely) for half, each in zip(halves, years, strict=True)]
    words, highest = overviews.words_for(drafts), max((count for half in halves for count in half.months.values()), default=0)
    return tuple(_period(subject, each, draft, words, highest) for each, draft in zip(years, drafts, strict=True))


def _of(told: Sequence[Told], years: Years) -> list[Told]:
    return [one for one in told if years.first <= one.on.year <= years.last]


def _period(subject: Subject, years: Years, draft: Draft, words: Words, highest: int) -> Period:
    people, organisations = overviews.who_recur(draft.newest, words, freely=draft.freely)
    drawn = chart.Drawn(WIDTH, highest=highest, first=years.first, last=years.last)
    title, out = f"{subject.title}, {years}", {month.month for month in draft.out}
    return Period(
        years=years,
        total=len(draft.covered.articles),
        chart_html=chart.figure(draft.covered.months, title=title, marked=out, drawn=drawn),
        points=overviews.points_of(draft, words),
        people=people,
        organisations=organisations,
    )
