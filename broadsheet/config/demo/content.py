"""The demo publication's files as values: front matter in TOML between lines of `+++`, then Markdown."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from broadsheet.newsroom.bodies import Body, body_from_markdown

CONTENT = Path(__file__).parent / "content"
FENCE = "+++\n"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of the demo, `front` as written."""

    slug: str
    front: Mapping[str, Any]
    body: Body

    def words(self, name: str) -> list[str]:
        return list(self.front.get(name, []))


class BadPiece(ValueError):
    """A file of the demo that cannot be read; the message names it."""


def pieces() -> Iterator[Piece]:
    for file in sorted((CONTENT / "articles").glob("*.md")):
        yield piece_from(file.stem, file.read_text())


def piece_from(slug: str, text: str) -> Piece:
    try:
        _, front, body = text.split(FENCE, 2)
        return Piece(slug=slug, front=_written(front), body=body_from_markdown(body))
    except ValueError as trouble:
        raise BadPiece(f"{slug}.md: {trouble}") from trouble


def tables(name: str) -> Mapping[str, Any]:
    return _written((CONTENT / f"{name}.toml").read_text())


def _written(toml: str) -> dict[str, Any]:
    """With the apostrophes that are printed; inside these files no string is quoted by them."""
    return tomllib.loads(toml.replace("'", "’"))


def dated_at(front: Mapping[str, Any], *, first_day: date, zone: ZoneInfo) -> datetime:
    """The moment a piece is dated, with the weekdays counted from the first day of the demo. A column falls on its slot."""
    hour = time.fromisoformat(front.get("at", "05:30"))
    day = front["on"] if "on" in front else weekday_from(first_day, front["weekdays"])
    if front.get("slot") and "on" not in front:
        day = _back_to(day, front["slot"])
    return datetime.combine(day, hour, zone)


def first_day_of(now: datetime, *, zone: ZoneInfo) -> date:
    """The newest weekday whose morning edition is out."""
    local = now.astimezone(zone)
    day = local.date() if local.time() >= time(6) else local.date() - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def weekday_from(day: date, count: int) -> date:
    """`count` weekdays after `day`, itself a weekday; before it where negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def _back_to(day: date, slot: str) -> date:
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(slot)) % 7)
