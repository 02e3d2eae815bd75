"""Locator maps: where the countries of an article lie, as a small SVG. Pure; colours are classes, so a theme may change them.

Borders that states dispute are dashed, whoever looks; a viewpoint decides with which country a disputed area is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from math import asin, atan2, degrees, hypot

from broadsheet.design.geography import (
    Area,
    Plane,
    Point,
    Ring,
    Vector,
    apart,
    level_of,
    middle_of,
    owner,
    thinned,
    vector,
    world,
)

WIDTH, HEIGHT = 480, 320
MOST_CHARS = 5_800
FINEST, COARSEST = 3.2, 30.0  # pixels between two points of a line; the fewer, the more there is to draw
FOR_EACH_POINT = 2.4  # characters, with all that stands around the lines
LEAST_SPAN = 0.16  # radians across the map, so that a city state keeps its neighbours
ROOM, LEAST_ROOM = 1.5, 1.2  # the map's width as multiples of what it is about; the wider that is, the less
OURS_WHOLE = 0.22  # parts of a country smaller than this share of its widest part do not widen the map
FARTHEST = 1.45  # from the middle, in radians of the plane: what lies farther off is left out
GLOBE = 2.75  # a wider span is shown as a globe
GLOBE_RADIUS = 1.5
OURS_FINER = 0.6
MOST_NAMES, MOST_OTHERS = 4, 4
EDGE = 6  # drawn beyond the frame, so that no line of the cut shows
STEPS = (2, 5, 10, 20, 30)  # degrees between two lines of the graticule

Pixels = list[tuple[int, int]]


def can_locate(codes: Iterable[str]) -> bool:
    return any(code in world().areas for code in codes)


@lru_cache(maxsize=4096)
def locator(codes: tuple[str, ...], *, viewpoint: str = "") -> str:
    """`codes` are ISO 3166 alpha-2, the main country first; "" where there is nothing to locate."""
    # A country that the viewpoint holds to be a part of another is found where that one is.
    known = list(dict.fromkeys(owner(code, viewpoint) for code in codes if code in world().areas))
    if not known:
        return ""
    frame = _frame(known, viewpoint)
    ours = frozenset(n if n >= 0 else ~n for area in _members(known, viewpoint) for ring in area.rings for n in ring.arcs)
    thin = _thin(frame, ours)
    drawn = _Drawing(frame, known, viewpoint, thin, ours).svg()
    while len(drawn) > MOST_CHARS and thin < COARSEST:
        thin *= max(1.25, len(drawn) / MOST_CHARS)
        drawn = _Drawing(frame, known, viewpoint, thin, ours).svg()
    return drawn


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the plane that is shown."""

    plane: Plane
    left: float
    top: float
    scale: float  # pixels a radian
    reach: float  # from the middle to beyond the farthest corner
    globe: bool = False

    def lay(self, place: Vector) -> Point:
        x, y = self.plane.lay(place)
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def pixels(self, places: Iterable[Vector]) -> Pixels:
        left, top, scale = self.left, self.top, self.scale
        return [(round((x - left) * scale), round((top - y) * scale)) for x, y in self.plane.lay_all(places)]

    def shows(self, ring: Ring, least: float) -> bool:
        """Whether any of a ring could lie within the frame, `least` pixels wide or high: no shape is stretched by half."""
        return ring.radius * self.scale * 3 >= least and self.meets(ring.middle, ring.radius)

    def arcs(self) -> list[int]:
        """Those of which a part could be seen."""
        return [number for number, ball in enumerate(world().balls) if self.meets(*ball)]

    def meets(self, middle: Vector, radius: float) -> bool:
        return apart(middle, self.plane.about) - radius < self.reach


def _members(codes: Sequence[str], viewpoint: str) -> list[Area]:
    """The areas drawn as ours: the countries, and what is drawn with them."""
    return [area for area in world().areas.values() if owner(area.code, viewpoint) in codes]


def _frame(codes: list[str], viewpoint: str) -> Frame:
    """Around all countries; those too far from the first for one side of the globe are left out, from `codes` too."""
    while True:
        places = [place for area in _members(codes, viewpoint) for ring in _main(area) for place in _places(ring)]
        plane = Plane(middle_of(places))
        plane = Plane(_centred(plane, places))
        if len(codes) == 1 or max(apart(plane.about, place) for place in places) <= FARTHEST:
            break
        codes.pop()
    points = [plane.lay(place) for place in places]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    across = max(right - left, (high - low) * WIDTH / HEIGHT)
    span = max(across * max(LEAST_ROOM, ROOM - across / 4), LEAST_SPAN)
    if span > GLOBE:
        scale = (HEIGHT / 2 - 8) / GLOBE_RADIUS
        return Frame(plane, -WIDTH / 2 / scale, HEIGHT / 2 / scale, scale, GLOBE_RADIUS, globe=True)
    scale = WIDTH / span
    reach = hypot(WIDTH, HEIGHT) / 2 / scale * 1.15
    return Frame(plane, (left + right) / 2 - span / 2, (low + high) / 2 + HEIGHT / scale / 2, scale, reach)


def _main(area: Area) -> list[Ring]:
    return [ring for ring in area.rings if ring.radius >= area.rings[0].radius * OURS_WHOLE]


def _places(ring: Ring) -> list[Vector]:
    level = level_of(ring.radius / 20) if ring.arcs else 0
    return [place for number in ring.arcs for place in thinned(number if number >= 0 else ~number, level)] or [ring.middle]


def _centred(plane: Plane, places: Sequence[Vector]) -> Vector:
    """The middle of the degrees around the places: coasts have more points than plains, and north should be up."""
    east = degrees(atan2(plane.about[1], plane.about[0]))
    lons = [(degrees(atan2(y, x)) - east + 180) % 360 - 180 for x, y, _ in places]
    lats = [degrees(asin(max(-1.0, min(1.0, z)))) for _, _, z in places]
    return vector(east + (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)


@dataclass(slots=True)
class _Drawing:
    frame: Frame
    codes: Sequence[str]
    viewpoint: str
    thin: float
    ours: frozenset[int]  # arcs
    _laid: dict[int, Pixels] = field(default_factory=dict)
    _names: list[tuple[float, float, float]] = field(default_factory=list)

    def svg(self) -> str:
        land: list[str] = []
        ours: list[str] = []
        labels: list[str] = []
        spots: list[str] = []
        for area in sorted(world().areas.values(), key=self._rank):
            mine = owner(area.code, self.viewpoint) in self.codes
            least = 5 if mine else max(3, self.thin / 1.5)
            shapes = [s for ring in area.rings if self.frame.shows(ring, least) and _extent([s := self._shape(ring)]) >= least]
            (ours if mine else land).extend(_path(shape) for shape in shapes)
            if mine and area.code in self.codes and _extent(shapes) < 14:
                spots.append(self._spot(area))
            labels += self._label(area, shapes)
        title = escape(_title([world().areas[code].name for code in self.codes]))
        size = f'width="{WIDTH}" height="{HEIGHT}" role="img" fill="none" stroke="currentColor"'
        return (
            f'<svg class="locator{" globe" if self.frame.globe else ""}" viewBox="0 0 {WIDTH} {HEIGHT}" {size}>'
            f'<title>{title}</title>{self._sea()}<path class="grid" d="{self._graticule()}"/>'
            f'<path class="land" d="{"".join(land)}"/><path class="ours" d="{"".join(ours)}"/>'
            f'{self._unsure()}{"".join(spots)}<g fill="currentColor" stroke="none">{"".join(labels)}</g></svg>'
        )

    def _sea(self) -> str:
        """Of a globe; of any other map the sea is what lies behind it."""
        if not self.frame.globe:
            return ""
        radius = round(GLOBE_RADIUS * self.frame.scale)
        return f'<circle class="sea" cx="{WIDTH // 2}" cy="{HEIGHT // 2}" r="{radius}"/>'

    def _rank(self, area: Area) -> tuple[int, float]:
        """Our countries first, in the order of the article; then the wide ones: so they are named first."""
        return (self.codes.index(area.code) if area.code in self.codes else len(self.codes), -area.rings[0].radius)

    def _shape(self, ring: Ring) -> Pixels:
        points: Pixels = []
        for number in ring.arcs:
            arc = self._arc(number if number >= 0 else ~number)
            run = arc if number >= 0 else arc[::-1]
            points += run[1:] if points else run
        shape = _clipped(points)
        return shape if len(shape) > 2 else []

    def _arc(self, number: int) -> Pixels:
        if number not in self._laid:
            self._laid[number] = self._line(self._thinned(number))
        return self._laid[number]

    def _thinned(self, number: int) -> Sequence[Vector]:
        """Our own outlines finer than the rest; of what lies wholly outside the picture only the ends."""
        if not self.frame.meets(*world().balls[number]):
            arc = world().arcs[number]
            return arc[0], arc[-1]
        share = OURS_FINER if number in self.ours else 1.0
        return thinned(number, level_of(self.thin * share / self.frame.scale))

    def _line(self, places: Sequence[Vector]) -> Pixels:
        return self.frame.pixels(places)

    def _unsure(self) -> str:
        lines = []
        for places, first, second in world().unsure:
            if owner(first, self.viewpoint) == owner(second, self.viewpoint) and self.viewpoint:
                continue
            every = max(1, round(self.thin / 3))
            for run in _within(self._line([*places[:-1:every], places[-1]])):
                lines.append(_path(run, closed=False))
        drawn = "".join(lines)
        return f'<path class="unsure" d="{drawn}"/>' if drawn else ""

    def _graticule(self) -> str:
        """Lines of latitude and longitude, three or four each way."""
        x, y, z = self.frame.plane.about
        lon, lat = degrees(atan2(y, x)), degrees(asin(max(-1.0, min(1.0, z))))
        across = degrees(WIDTH / self.frame.scale)
        step = next((step for step in STEPS if across / step <= 5), STEPS[-1])
        first_lon, first_lat = round(lon / step) * step, round(lat / step) * step
        wide = across / max(0.25, (1 - z * z) ** 0.5)
        steps = [n / 6 - 1 for n in range(13)]
        lines = [
            [vector(first_lon + n * step, max(-89, min(89, lat + s * across * 0.6))) for s in steps] for n in range(-6, 7)
        ] + [
            [vector(lon + s * min(wide, 160) * 0.8, first_lat + n * step) for s in steps]
            for n in range(-4, 5)
            if abs(first_lat + n * step) < 90
        ]
        runs = [run for line in lines for run in _within(self.frame.pixels(line))]
        return "".join(_path(run, closed=False) for run in runs)

    def _spot(self, area: Area) -> str:
        x, y = _rounded(self.frame.lay(area.rings[0].middle))
        return f'<circle class="spot" cx="{x}" cy="{y}" r="7"/>'

    def _label(self, area: Area, shapes: Sequence[Pixels]) -> list[str]:
        ours = area.code in self.codes
        if not ours and (len(area.name) > 16 or owner(area.code, self.viewpoint) != area.code):
            return []
        if len(self._names) >= (MOST_NAMES if ours else len(self.codes[:MOST_NAMES]) + MOST_OTHERS):
            return []
        if ours and _extent(shapes) < 14:
            x, y = self.frame.lay(area.rings[0].middle)
            place, room = (x, y - 13), float(WIDTH)
        elif shapes:
            place, room = _named_at(max(shapes, key=lambda shape: _extent([shape])), len(area.name) * 8 if ours else 0)
        else:
            return []
        half = len(area.name) * (4.7 if ours else 4.0)
        if not ours and room < half * 1.7:
            return []
        x = max(half + 6, min(WIDTH - half - 6, place[0]))
        y = max(18.0, min(HEIGHT - 10.0, place[1] + 5))
        if not ours and abs(x - place[0]) > 8:
            return []
        if any(abs(y - other[1]) < 19 and abs(x - other[0]) < half + other[2] for other in self._names):
            return []
        self._names.append((x, y, half))
        css = ' class="name"' if ours else ""
        return [f'<text{css} x="{x:.0f}" y="{y:.0f}">{escape(area.name)}</text>']


def _title(names: Sequence[str]) -> str:
    return f"Map: {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"Map: {names[0]}"


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _extent(shapes: Iterable[Pixels]) -> int:
    """The longer side of the box around shapes; 0 where there are none."""
    points = [point for shape in shapes for point in shape]
    if not points:
        return 0
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _clipped(points: Pixels) -> Pixels:
    """Sutherland and Hodgman's way, against a frame a little larger than the picture."""
    for axis, edge, sign in ((0, -EDGE, 1), (0, WIDTH + EDGE, -1), (1, -EDGE, 1), (1, HEIGHT + EDGE, -1)):
        if all((point[axis] - edge) * sign >= 0 for point in points):
            continue
        points = _cut(points, axis, edge, sign)
    return [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]


def _cut(points: Pixels, axis: int, edge: int, sign: int) -> Pixels:
    kept: Pixels = []
    for at, point in enumerate(points):
        last = points[at - 1]
        inside, was_inside = (point[axis] - edge) * sign >= 0, (last[axis] - edge) * sign >= 0
        if inside != was_inside:
            share = (edge - last[axis]) / (point[axis] - last[axis])
            other = round(last[1 - axis] + share * (point[1 - axis] - last[1 - axis]))
            kept.append((edge, other) if axis == 0 else (other, edge))
        if inside:
            kept.append(point)
    return kept


def _within(line: Pixels) -> list[Pixels]:
    """The runs of an open line that touch the picture."""
    runs: list[Pixels] = [[]]
    for at, (x, y) in enumerate(line):
        near = line[max(0, at - 1) : at + 2]
        if any(-EDGE <= px <= WIDTH + EDGE and -EDGE <= py <= HEIGHT + EDGE for px, py in near):
            runs[-1].append((x, y))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _path(points: Pixels, *, closed: bool = True) -> str:
    """Relative steps, in as few characters as SVG allows."""
    (x, y), rest = points[0], points[1:]
    text = f"M{x} {y}" if y >= 0 else f"M{x}{y}"
    steps = []
    for px, py in rest:
        if (px, py) != (x, y):
            steps.append(f"{px - x}{'' if py < y else ' '}{py - y}")
        x, y = px, py
    joined = "".join(step if at == 0 or step.startswith("-") else f" {step}" for at, step in enumerate(steps))
    return f"{text}l{joined}{'z' if closed else ''}"


def _named_at(shape: Pixels, least: float) -> tuple[Point, float]:
    """In the shape, or above it where a name of this length would hide it."""
    place, room = _roomiest(shape)
    if room >= least or _extent([shape]) > least:
        return place, room
    left, right = min(x for x, _ in shape), max(x for x, _ in shape)
    return ((left + right) / 2, min(y for _, y in shape) - 11.0), room


def _roomiest(shape: Pixels) -> tuple[Point, float]:
    """Where a name has most room in a shape: the middle of its longest level line away from its ends, and that line's length."""
    ys = [max(0, min(HEIGHT, y)) for _, y in shape]
    low, high = min(ys), max(ys)
    best: tuple[float, Point, float] = (-1.0, (0.0, 0.0), 0.0)
    for n in range(1, 12):
        y = low + (high - low) * n / 12 + 0.5
        crossings = sorted(
            ax + (y - ay) * (bx - ax) / (by - ay)
            for (ax, ay), (bx, by) in zip(shape, shape[1:] + shape[:1], strict=True)
            if (ay > y) != (by > y)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            left, right = max(0.0, left), min(float(WIDTH), right)
            worth = (right - left) * (1 - abs(n / 6 - 1) * 0.5)
            if worth > best[0]:
                best = (worth, ((left + right) / 2, y), right - left)
    return best[1], best[2]


def _thin(frame: Frame, ours: frozenset[int]) -> float:
    """How far apart the points of a line may stand, so that there will be few enough: counting them is cheaper than drawing."""
    thin = FINEST * (1 + 1.2 * WIDTH / frame.scale)
    seen = frame.arcs()
    while thin < COARSEST and FOR_EACH_POINT * sum(_points(n, thin, frame, ours) for n in seen) > MOST_CHARS:
        thin *= 1.15
    return thin


def _points(number: int, thin: float, frame: Frame, ours: frozenset[int]) -> int:
    share = OURS_FINER if number in ours else 1.0
    return len(thinned(number, level_of(thin * share / frame.scale)))
