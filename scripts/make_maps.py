"""Make the outlines that locator maps are drawn from, out of Natural Earth's 1:50m countries: run once, by hand.

    npm install --prefix var/atlas world-atlas@2.0.2
    .venv/bin/python scripts/make_maps.py var/atlas/node_modules/world-atlas/countries-50m.json

Natural Earth is in the public domain. Areas keep their shared arcs, so that neighbours meet. Areas whose belonging is disputed
are areas of their own (code in small letters); which country they are drawn with is decided in broadsheet.design.geography.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pycountry

MADE = Path(__file__).parent.parent / "broadsheet/design/data/world.json"
GRAIN = 100  # units a degree
TOLERANCE = 0.022  # degrees
LEAST = 0.02  # square degrees of an islet that is kept

NAMED = {"Kosovo": "XK", "Somaliland": "somaliland", "N. Cyprus": "north-cyprus", "Siachen Glacier": "siachen"}
# Parts of another's polygons: (owner, west, south, east, north) -> code
PARTS = {
    ("RU", 32.0, 44.0, 36.8, 46.3): "crimea",
    ("FR", -55.0, 2.0, -51.0, 6.0): "GF",
    ("FR", -62.0, 15.7, -60.9, 16.6): "GP",
    ("FR", -61.4, 14.2, -60.7, 15.0): "MQ",
    ("FR", 55.0, -22.0, 56.0, -20.0): "RE",
    ("FR", 44.5, -13.5, 45.6, -12.0): "YT",
    ("NO", -10.0, 70.5, 36.0, 81.0): "SJ",
}
NAMES = {
    "Dem. Rep. Congo": "DR Congo",
    "Bosnia and Herz.": "Bosnia",
    "Eq. Guinea": "Equatorial Guinea",
    "Macedonia": "North Macedonia",
    "United States of America": "United States",
    "W. Sahara": "Western Sahara",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "Marshall Is.": "Marshall Islands",
    "eSwatini": "Eswatini",
    "Falkland Is.": "Falkland Islands",
    "Faeroe Is.": "Faroe Islands",
    "Cabo Verde": "Cape Verde",
    "São Tomé and Principe": "São Tomé",
    "Antigua and Barb.": "Antigua",
    "St. Vin. and Gren.": "St Vincent",
    "St. Kitts and Nevis": "St Kitts",
    "Côte d'Ivoire": "Côte d’Ivoire",
}
# Borders drawn dashed: (area, area) and, where only a part is meant, west, south, east, north.
UNSURE: tuple[tuple[str, str, tuple[float, float, float, float] | None], ...] = (
    ("IN", "PK", (72.0, 32.4, 78.5, 37.5)),
    ("IN", "CN", None),
    ("CN", "PK", None),
    ("IN", "siachen", None),
    ("PK", "siachen", None),
    ("CN", "siachen", None),
    ("BT", "CN", None),
    ("RS", "XK", None),
    ("CY", "north-cyprus", None),
    ("SO", "somaliland", None),
    ("UA", "crimea", None),
    ("MA", "EH", None),
    ("IL", "PS", None),
    ("IL", "SY", None),
    ("IL", "LB", None),
    ("SD", "SS", None),
    ("EG", "SD", (33.0, 21.0, 37.5, 23.5)),
    ("KE", "SS", None),
    ("GY", "VE", None),
    ("AM", "AZ", None),
    ("KP", "KR", None),
    ("SR", "GF", None),
    ("GY", "SR", (-58.0, 1.0, -56.0, 4.5)),
)
Point = tuple[float, float]


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def simplified(points: list[Point]) -> list[Point]:
    """Douglas and Peucker's way; a closed arc is first split at its middle."""
    if len(points) < 3:
        return points
    if points[0] == points[-1]:
        middle = len(points) // 2
        return simplified(points[: middle + 1])[:-1] + simplified(points[middle:])
    (ax, ay), (bx, by) = points[0], points[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1e-9
    far, at = max((abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length, n) for n, (x, y) in enumerate(points))
    if far <= TOLERANCE or at in {0, len(points) - 1}:
        return [points[0], points[-1]]
    return simplified(points[: at + 1])[:-1] + simplified(points[at:])


def size_of(ring: list[Point]) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


class Atlas:
    def __init__(self, topology: dict[str, Any]) -> None:
        self.arcs = arcs_of(topology)
        self.areas: dict[str, dict[str, Any]] = {}
        for geometry in topology["objects"]["countries"]["geometries"]:
            self._take(geometry)
        self._drop_islets()

    def _take(self, geometry: dict[str, Any]) -> None:
        name = geometry["properties"]["name"]
        known = pycountry.countries.get(numeric=geometry.get("id") or "none")
        code = known.alpha_2 if known else NAMED.get(name)
        if code is None or name == "Ashmore and Cartier Is.":
            return
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            part = self._part(code, self.ring(polygon[0])) or code
            own = pycountry.countries.get(alpha_2=part)
            shown = NAMES.get(name, name) if part == code else (own.name if own else part)
            area = self.areas.setdefault(part, {"name": shown, "rings": []})
            area["rings"] += polygon

    def _part(self, code: str, ring: list[Point]) -> str | None:
        x, y = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
        found = [part for (owner, w, s, e, n), part in PARTS.items() if owner == code and w < x < e and s < y < n]
        return found[0] if found else None

    def ring(self, numbers: list[int]) -> list[Point]:
        points: list[Point] = []
        for number in numbers:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    def _drop_islets(self) -> None:
        for area in self.areas.values():
            sizes = [size_of(self.ring(ring)) for ring in area["rings"]]
            least = min(LEAST, max(sizes) / 2)
            area["rings"] = [ring for ring, size in zip(area["rings"], sizes, strict=True) if size >= least]

    def unsure(self) -> list[tuple[list[Point], str, str]]:
        """The lines themselves, since only a part of a border may be meant."""
        users: dict[int, set[str]] = {}
        for code, area in self.areas.items():
            for ring in area["rings"]:
                for number in ring:
                    users.setdefault(number if number >= 0 else ~number, set()).add(code)
        found = []
        for first, second, box in UNSURE:
            for number in (number for number, codes in users.items() if {first, second} <= codes):
                line = simplified([point for point in self.arcs[number] if box is None or within(point, box)])
                if len(line) > 1:
                    found.append((line, first, second))
        return found

    def made(self) -> dict[str, Any]:
        used = sorted({n if n >= 0 else ~n for area in self.areas.values() for ring in area["rings"] for n in ring})
        place = {number: at for at, number in enumerate(used)}
        return {
            "grain": GRAIN,
            "arcs": [deltas(simplified(self.arcs[number])) for number in used],
            "areas": {
                code: [area["name"], [[place[n] if n >= 0 else ~place[~n] for n in ring] for ring in area["rings"]]]
                for code, area in sorted(self.areas.items())
            },
            "unsure": [[deltas(line), first, second] for line, first, second in self.unsure()],
        }


def within(point: Point, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def deltas(points: list[Point]) -> list[int]:
    found: list[int] = []
    x = y = 0
    for px, py in points:
        nx, ny = round(px * GRAIN), round(py * GRAIN)
        if found and (nx, ny) == (x, y):
            continue
        found += [nx - x, ny - y]
        x, y = nx, ny
    return found


if __name__ == "__main__":
    atlas = Atlas(json.loads(Path(sys.argv[1]).read_text()))
    MADE.parent.mkdir(exist_ok=True)
    MADE.write_text(json.dumps(atlas.made(), ensure_ascii=False, separators=(",", ":")))
    print(f"{MADE.stat().st_size:,} bytes, {len(atlas.areas)} areas")
