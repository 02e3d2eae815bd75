"""Charts as inline SVG. Their whole look is in the stylesheet, their numbers stand in a table too. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 16, 40
MOST_LABELS = 8
BAR, NUMBER_ROOM = 18, 72  # of lying bars
TICKS = 4


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Each line has as many values as there are labels."""

    title: str
    kind: str  # "line" or "bar"
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str = ""
    source: str = ""


def chart_from(value: Mapping[str, Any]) -> Chart:
    """From raw stream data."""
    labels = tuple(map(str, value.get("labels") or ()))
    return Chart(
        title=value.get("title") or "",
        kind=value.get("kind") or "line",
        labels=labels,
        lines=tuple(_line(line, most=len(labels)) for line in value.get("series") or ()),
        unit=value.get("unit") or "",
        source=value.get("source") or "",
    )


def _line(item: Mapping[str, Any], *, most: int) -> Line:
    """The desk's list blocks wrap each item in a record of its own."""
    line = item["value"] if item.get("type") == "item" else item
    return Line(line.get("name") or "", tuple(map(float, line.get("values") or ()))[:most])


def figure(chart: Chart) -> str:
    unit = f' <span class="chart-unit">{escape(chart.unit)}</span>' if chart.unit else ""
    source = f'<p class="chart-source">Source: {escape(chart.source)}</p>' if chart.source else ""
    return (
        f'<figure class="chart"><figcaption><strong>{escape(chart.title)}</strong>{unit}</figcaption>{_legend(chart)}{svg(chart)}'
        f'<details class="chart-numbers"><summary>The numbers</summary>{numbers(chart)}</details>{source}</figure>'
    )


def _legend(chart: Chart) -> str:
    """Nothing where one line needs no name beside the title."""
    if len(chart.lines) < 2:
        return ""
    keys = [f'<li class="chart-key chart-{number}">{escape(line.name)}</li>' for number, line in enumerate(chart.lines, start=1)]
    return f'<ul class="chart-legend">{"".join(keys)}</ul>'


def svg(chart: Chart) -> str:
    if chart.kind == "bar":
        drawn, height = _lying(chart), len(chart.labels) * _group(chart)
    else:
        scale = Scale.over([value for line in chart.lines for value in line.values])
        drawn, height = f"{_grid(scale)}{_names(chart)}{_lines(chart, scale)}", HEIGHT
    return (
        f'<svg class="chart-drawing" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">'
        f"<title>{escape(chart.title)}</title><desc>{escape(described(chart))}</desc>{drawn}</svg>"
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to heights; begins at zero, or below it where a value is negative."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Sequence[float]) -> "Scale":
        low, high = min([0.0, *values]), max([0.0, *values])
        rough = (high - low or 1.0) / TICKS
        step = _round_step(max(1.0, rough) if all(value == int(value) for value in values) else rough)
        return cls(math.floor(low / step) * step, max(math.ceil(high / step) * step, step), step)

    def y(self, value: float) -> float:
        return round(TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM), 1)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + number * self.step, 10) for number in range(count + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 or 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough * 0.999)


def _grid(scale: Scale) -> str:
    lines = []
    for tick in scale.ticks():
        y, kind = scale.y(tick), "chart-base" if tick == 0 else "chart-rule"
        lines.append(f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        lines.append(f'<text class="chart-tick" x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{plain(tick)}</text>')
    return "".join(lines)


def _names(chart: Chart) -> str:
    """Labels under the drawing; of many labels only every so many, and always the last."""
    every = max(1, math.ceil(len(chart.labels) / MOST_LABELS))
    shown = [at for at in range(len(chart.labels)) if (len(chart.labels) - 1 - at) % every == 0]
    names = [f'<text x="{_x(chart, at)}" y="{HEIGHT - BOTTOM + 22}">{escape(chart.labels[at])}</text>' for at in shown]
    return f'<g class="chart-names" text-anchor="middle">{"".join(names)}</g>'


def _x(chart: Chart, at: int) -> float:
    """The middle of a label's share of the width."""
    share = (WIDTH - LEFT - RIGHT) / max(1, len(chart.labels))
    return round(LEFT + share * (at + 0.5), 1)


def _lines(chart: Chart, scale: Scale) -> str:
    drawn = []
    for number, line in enumerate(chart.lines, start=1):
        points = [(_x(chart, at), scale.y(value)) for at, value in enumerate(line.values)]
        path = " ".join(f"{x},{y}" for x, y in points)
        dots = "".join(f'<circle class="chart-dot" cx="{x}" cy="{y}" r="3"/>' for x, y in points)
        drawn.append(f'<g class="chart-line chart-{number}"><polyline points="{path}" fill="none"/>{dots}</g>')
    return "".join(drawn)


def _lying(chart: Chart) -> str:
    """Bars that lie, under their names: names are words, and screens are narrow. Each says its number, so no scale is drawn."""
    values = [value for line in chart.lines for value in line.values]
    low, high = min([0.0, *values]), max([0.0, *values])
    room = (WIDTH - NUMBER_ROOM * (2 if low < 0 else 1)) / (high - low or 1)
    zero = (NUMBER_ROOM if low < 0 else 0) - low * room
    drawn = []
    for at, label in enumerate(chart.labels):
        top = at * _group(chart)
        drawn.append(f'<text class="chart-name" x="0" y="{top + 16}">{escape(label)}</text>')
        for number, line in enumerate(chart.lines):
            if at < len(line.values):
                drawn.append(_bar(line.values[at], zero=zero, room=room, y=top + 24 + number * (BAR + 3), number=number + 1))
    return "".join(drawn)


def _bar(value: float, *, zero: float, room: float, y: int, number: int) -> str:
    x, long = round(min(zero, zero + value * room), 1), round(abs(value) * room, 1)
    end = f'x="{round(x - 8, 1)}" text-anchor="end"' if value < 0 else f'x="{round(x + long + 8, 1)}"'
    return (
        f'<g class="chart-bar chart-{number}"><rect x="{x}" y="{y}" width="{long}" height="{BAR}"/></g>'
        f'<text class="chart-tick" {end} y="{y + 14}">{plain(value)}</text>'
    )


def _group(chart: Chart) -> int:
    """The height of one label with its bars."""
    return 24 + len(chart.lines) * (BAR + 3) + 14


def described(chart: Chart) -> str:
    """The chart in one sentence a line: where it begins, where it ends."""
    if chart.kind == "bar" and len(chart.lines) == 1:
        pairs = zip(chart.labels, chart.lines[0].values, strict=False)
        return "; ".join(f"{label}: {plain(value)}" for label, value in pairs) + f" {chart.unit}".rstrip() + "."
    told = [f"{line.name or chart.title}: {_course(chart, line)}" for line in chart.lines if line.values]
    return "; ".join(told) + f" {chart.unit}".rstrip() + "."


def _course(chart: Chart, line: Line) -> str:
    return f"{plain(line.values[0])} ({chart.labels[0]}) to {plain(line.values[-1])} ({chart.labels[len(line.values) - 1]})"


def numbers(chart: Chart) -> str:
    head = "".join(f'<th scope="col">{escape(line.name or chart.unit or "Value")}</th>' for line in chart.lines)
    rows = []
    for at, label in enumerate(chart.labels):
        cells = "".join(f"<td>{plain(line.values[at]) if at < len(line.values) else ''}</td>" for line in chart.lines)
        rows.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def plain(value: float) -> str:
    """Without a decimal point where there is none to tell, and with a real minus."""
    return f"{value:,.10g}".replace("-", "\u2212")
