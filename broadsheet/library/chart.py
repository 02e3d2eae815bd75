"""How much was written, month by month, as inline SVG with its numbers in a table. Pure; its look is in the stylesheet."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 170
LEFT, TOP, BOTTOM = 34, 12, 28
MOST_LABELS = 7
THINNEST = 0.8


@dataclass(frozen=True, slots=True)
class Drawn:
    """How wide, and from which year to which; `highest`: the count that reaches the top. So two drawings can be compared."""

    width: int
    highest: int
    first: int
    last: int

    @property
    def share(self) -> float:
        """Of a month in the width."""
        return (self.width - LEFT) / ((self.last - self.first + 1) * 12)


def whole(counts: Mapping[str, int]) -> Drawn:
    return Drawn(WIDTH, max(counts.values()), int(min(counts)[:4]), int(max(counts)[:4]))


def figure(counts: Mapping[str, int], *, title: str, marked: Collection[str] = (), drawn: Drawn | None = None) -> str:
    """`counts`: articles by month ("2011-03"); `marked`: months that stand out."""
    if not counts:
        return ""
    return (
        f'<figure class="chart"><figcaption><strong>{escape(title)}</strong> '
        f'<span class="chart-unit">articles a month</span></figcaption>'
        f"{svg(counts, drawn or whole(counts), title=title, marked=marked)}"
        f'<details class="chart-numbers"><summary>The numbers, by year</summary>{_table(counts)}</details></figure>'
    )


def svg(counts: Mapping[str, int], drawn: Drawn, *, title: str, marked: Collection[str]) -> str:
    ordinary = _bars({month: count for month, count in counts.items() if month not in marked}, drawn)
    out = _bars({month: count for month, count in counts.items() if month in marked}, drawn)
    base, width = HEIGHT - BOTTOM, drawn.width
    return (
        f'<svg class="chart-drawing" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(described(counts))}</desc>"
        f'<line class="chart-rule" x1="{LEFT}" x2="{width}" y1="{TOP}" y2="{TOP}"/>'
        f'<text x="{LEFT - 8}" y="{TOP + 5}" text-anchor="end">{drawn.highest:,}</text>'
        f'<g class="chart-bar chart-2">{ordinary}</g><g class="chart-bar chart-1">{out}</g>'
        f'<line class="chart-base" x1="{LEFT}" x2="{width}" y1="{base}" y2="{base}"/>{_years(drawn)}</svg>'
    )


def _bars(counts: Mapping[str, int], drawn: Drawn) -> str:
    """One path for all: a bar is three strokes of it."""
    share = drawn.share
    width = round(max(THINNEST, share * 0.8), 1)
    strokes = []
    for month, count in sorted(counts.items()):
        x = round(LEFT + ((int(month[:4]) - drawn.first) * 12 + int(month[5:]) - 1) * share, 1)
        height = round(count / drawn.highest * (HEIGHT - TOP - BOTTOM), 1)
        strokes.append(f"M{x:g} {HEIGHT - BOTTOM}v-{height:g}h{width:g}v{height:g}z")
    return f'<path d="{"".join(strokes)}"/>' if strokes else ""


def _years(drawn: Drawn) -> str:
    years = range(drawn.first, drawn.last + 1)
    every = max(1, -(-len(years) // (MOST_LABELS * drawn.width // WIDTH)))
    names = [
        f'<text x="{round(x, 1):g}" y="{HEIGHT - BOTTOM + 20}">{year}</text>'
        for year in years[::every]
        if (x := LEFT + (year - drawn.first) * drawn.share * 12) <= drawn.width - 36
    ]
    return f'<g class="chart-names">{"".join(names)}</g>'


def described(counts: Mapping[str, int]) -> str:
    """The course of it in a sentence or two."""
    years = _by_year(counts)
    most = max(years, key=lambda year: (years[year], year))
    return f"{sum(years.values()):,} articles from {min(years)} to {max(years)}; most in {most}, {years[most]:,}."


def _by_year(counts: Mapping[str, int]) -> Counter[str]:
    years: Counter[str] = Counter()
    for month, count in counts.items():
        years[month[:4]] += count
    return years


def _table(counts: Mapping[str, int]) -> str:
    rows = [f'<tr><th scope="row">{year}</th><td>{count:,}</td></tr>' for year, count in sorted(_by_year(counts).items())]
    head = '<tr><th scope="col">Year</th><th scope="col">Articles</th></tr>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
