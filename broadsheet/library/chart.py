"""How much was written, month by month, as inline SVG with its numbers in a table. Pure; its look is in the stylesheet."""

from collections import Counter
from collections.abc import Collection, Mapping
from html import escape

WIDTH, HEIGHT = 640, 170
LEFT, TOP, BOTTOM = 34, 12, 28
MOST_LABELS = 7
THINNEST = 0.8


def figure(counts: Mapping[str, int], *, title: str, marked: Collection[str] = ()) -> str:
    """`counts`: articles by month ("2011-03"); `marked`: months that stand out."""
    if not counts:
        return ""
    return (
        f'<figure class="chart"><figcaption><strong>{escape(title)}</strong> '
        f'<span class="chart-unit">articles a month</span></figcaption>{svg(counts, title=title, marked=marked)}'
        f'<details class="chart-numbers"><summary>The numbers, by year</summary>{_table(counts)}</details></figure>'
    )


def svg(counts: Mapping[str, int], *, title: str, marked: Collection[str]) -> str:
    first, last = int(min(counts)[:4]), int(max(counts)[:4])
    highest = max(counts.values())
    share = (WIDTH - LEFT) / ((last - first + 1) * 12)
    ordinary = _bars({month: count for month, count in counts.items() if month not in marked}, first, share, highest)
    out = _bars({month: count for month, count in counts.items() if month in marked}, first, share, highest)
    base = HEIGHT - BOTTOM
    return (
        f'<svg class="chart-drawing" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(described(counts))}</desc>"
        f'<line class="chart-rule" x1="{LEFT}" x2="{WIDTH}" y1="{TOP}" y2="{TOP}"/>'
        f'<text x="{LEFT - 8}" y="{TOP + 5}" text-anchor="end">{highest:,}</text>'
        f'<g class="chart-bar chart-2">{ordinary}</g><g class="chart-bar chart-1">{out}</g>'
        f'<line class="chart-base" x1="{LEFT}" x2="{WIDTH}" y1="{base}" y2="{base}"/>{_years(first, last, share * 12)}</svg>'
    )


def _bars(counts: Mapping[str, int], first: int, share: float, highest: int) -> str:
    """One path for all: a bar is three strokes of it."""
    width = round(max(THINNEST, share * 0.8), 1)
    strokes = []
    for month, count in sorted(counts.items()):
        x = round(LEFT + ((int(month[:4]) - first) * 12 + int(month[5:]) - 1) * share, 1)
        height = round(count / highest * (HEIGHT - TOP - BOTTOM), 1)
        strokes.append(f"M{x:g} {HEIGHT - BOTTOM}v-{height:g}h{width:g}v{height:g}z")
    return f'<path d="{"".join(strokes)}"/>' if strokes else ""


def _years(first: int, last: int, share: float) -> str:
    every = max(1, -(-(last - first + 1) // MOST_LABELS))
    names = [
        f'<text x="{round(LEFT + (year - first) * share, 1):g}" y="{HEIGHT - BOTTOM + 20}">{year}</text>'
        for year in range(first, last + 1, every)
        if LEFT + (year - first) * share <= WIDTH - 36
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
