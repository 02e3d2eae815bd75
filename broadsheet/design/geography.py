"""The outlines of countries, and how a round earth is laid flat. Pure: reads its one file once.

Disputed areas are areas of their own in the file. With which country each is drawn is decided here: as most of the world's states
hold, or, where a viewpoint is given, as that country holds.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, log, radians, sin, sqrt
from pathlib import Path

Point = tuple[float, float]
Vector = tuple[float, float, float]

RIM = 1.62
FAR_SIDE = 1 - RIM**2 / 2  # the cosine at which the rim is reached
FILE = Path(__file__).parent / "data" / "world.json"
# Area -> the country it is drawn with; then by viewpoint where that differs ("" stands alone).
BELONGS = {"crimea": "UA", "north-cyprus": "CY", "somaliland": "SO"}
BELONGS_SEEN_FROM = {
    "RU": {"crimea": "RU"},
    "CN": {"TW": "CN"},
    "RS": {"XK": "RS"},
    "MA": {"EH": "MA"},
    "TR": {"north-cyprus": ""},
    "IN": {"siachen": "IN"},
    "PK": {"siachen": "PK"},
}
# Too small for the outlines; drawn as a spot.
SPOTS = {
    "BQ": ("Bonaire", -68.3, 12.2),
    "CC": ("Cocos Islands", 96.8, -12.2),
    "CX": ("Christmas Island", 105.6, -10.5),
    "GI": ("Gibraltar", -5.35, 36.14),
    "TK": ("Tokelau", -171.8, -9.2),
    "TV": ("Tuvalu", 179.2, -8.5),
}


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed line of arcs (~n runs backwards), with a ball around it: its middle and its radius in radians."""

    arcs: tuple[int, ...]
    middle: Vector
    radius: float


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    rings: tuple[Ring, ...]  # the widest first


@dataclass(frozen=True, slots=True)
class World:
    arcs: tuple[tuple[Vector, ...], ...]
    balls: tuple[tuple[Vector, float], ...]  # around each arc: its middle and its radius
    areas: dict[str, Area]
    unsure: tuple[tuple[tuple[Vector, ...], str, str], ...]  # a disputed border and the areas on its sides


@cache
def world() -> World:
    made = json.loads(FILE.read_text())
    arcs = tuple(_vectors(deltas, made["grain"]) for deltas in made["arcs"])
    areas = {code: Area(code, name, _rings(rings, arcs)) for code, (name, rings) in made["areas"].items()}
    for code, (name, lon, lat) in SPOTS.items():
        areas[code] = Area(code, name, (Ring((), vector(lon, lat), 0.0),))
    return World(
        arcs,
        tuple(map(_ball, arcs)),
        areas,
        tuple((_vectors(line, made["grain"]), first, second) for line, first, second in made["unsure"]),
    )


@cache
def thinned(number: int, level: int) -> tuple[Vector, ...]:
    """An arc from its first to its last point, with none nearer to the one before than a grain of this level."""
    arc, least = world().arcs[number], grain(level) ** 2
    kept = [arc[0]]
    x, y, z = arc[0]
    for place in arc[1:-1]:
        if (place[0] - x) ** 2 + (place[1] - y) ** 2 + (place[2] - z) ** 2 >= least:
            kept.append(place)
            x, y, z = place
    return (*kept, arc[-1])


def grain(level: int) -> float:
    """Radians; each level is a quarter coarser than the one before."""
    return 0.0004 * 1.25**level


def level_of(radians_: float) -> int:
    """The coarsest level that is still as fine as this."""
    return max(0, int(log(radians_ / 0.0004, 1.25)))


def owner(code: str, viewpoint: str) -> str:
    """The country with which an area is drawn; itself where it stands alone."""
    return BELONGS_SEEN_FROM.get(viewpoint, {}).get(code, BELONGS.get(code, code)) or code


def vector(lon: float, lat: float) -> Vector:
    lam, phi = radians(lon), radians(lat)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)


def middle_of(vectors: Iterable[Vector]) -> Vector:
    x = y = z = 0.0
    for vx, vy, vz in vectors:
        x, y, z = x + vx, y + vy, z + vz
    length = sqrt(x * x + y * y + z * z) or 1.0
    return x / length, y / length, z / length


def apart(one: Vector, other: Vector) -> float:
    """The chord between two places of a unit sphere: grows with the angle, and costs no arc cosine."""
    return sqrt((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2)


def _vectors(deltas: list[int], grain: int) -> tuple[Vector, ...]:
    x = y = 0
    found = []
    for at in range(0, len(deltas), 2):
        x, y = x + deltas[at], y + deltas[at + 1]
        found.append(vector(x / grain, y / grain))
    return tuple(found)


def _rings(rings: list[list[int]], arcs: tuple[tuple[Vector, ...], ...]) -> tuple[Ring, ...]:
    made = []
    for numbers in rings:
        middle, radius = _ball([v for number in numbers for v in arcs[number if number >= 0 else ~number]])
        made.append(Ring(tuple(numbers), middle, radius))
    return tuple(sorted(made, key=lambda ring: -ring.radius))


def _ball(places: Sequence[Vector]) -> tuple[Vector, float]:
    middle = middle_of(places)
    return middle, max(apart(middle, place) for place in places)


class Plane:
    """Lambert's azimuthal equal-area projection about a place: the distance from the middle is the chord between the two.

    What lies beyond RIM, on the far side, is pushed on to it, since near the antipode a shape would turn inside out.
    """

    def __init__(self, about: Vector) -> None:
        cx, cy, cz = self.about = about
        flat = hypot(cx, cy) or 1e-12
        self._east = (-cy / flat, cx / flat)
        self._north = (-cz * cx / flat, -cz * cy / flat, flat)

    def lay(self, place: Vector) -> Point:
        """East and north of the middle, in radians of a small map."""
        return next(self.lay_all((place,)))

    def lay_all(self, places: Iterable[Vector]) -> Iterator[Point]:
        cx, cy, cz = self.about
        ex, ey = self._east
        nx, ny, nz = self._north
        for x, y, z in places:
            towards = x * cx + y * cy + z * cz
            k = sqrt(2 / max(1 + towards, 1e-6))
            if towards < FAR_SIDE:
                k *= RIM / sqrt(2 - 2 * towards)
            yield k * (x * ex + y * ey), k * (x * nx + y * ny + z * nz)
