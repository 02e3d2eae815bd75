"""One line of a JSONL library into one record of ours, or a refusal that says what is wrong. Pure."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from broadsheet.access.terms import Audience
from broadsheet.newsroom.bodies import Block, blocks_from_html

MOST_BODY = 2_000_000  # characters; the longest real article known to us has 120,000
MOST_TITLE, MOST_SOURCE_ID = 255, 200
MOST_DEEP = 200  # tags open at once; the time to sanitise grows with the square of it

# The kinds of a library's records -> our article types.
TYPE_OF = {
    "interview": "interview",
    "daily-digest": "roundup",
    "chronology": "roundup",
    "country-profile": "report",
    "essay": "report",
    "report": "report",
    "note": "note",
    "column": "column",
    "podcast": "podcast",
    "edition": "edition",
    "roundup": "roundup",
}
REPORT_KIND_OF = {"country-profile": "country"}
# Who may read what where a record does not say it itself, if the importer asks for it. All else is metered.
AUDIENCE_OF = {"country-profile": Audience.OPEN, "essay": Audience.MEMBERS}

EMPHASIS = re.compile(r"\*\*|__")  # marks of Markdown that some archives leave in plain text
TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]*)")
_VOID = "area base br col embed hr img input link meta param source track wbr"
LEFT_OPEN = frozenset(f"{_VOID} p li dt dd tr td th thead tbody tfoot option".split())
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Refused(ValueError):
    """The line cannot become an article; the message says why, for the report."""


@dataclass(frozen=True, slots=True)
class Record:
    """An article to be shelved. `remarks` are for the report: what was left out, and why."""

    id: str
    type: str
    title: str
    standfirst: str
    on: date
    audience: Audience
    authors: tuple[str, ...]
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    topics: tuple[str, ...]
    blocks: tuple[Block, ...]
    digest: str
    report_kind: str = "feature"
    remarks: tuple[str, ...] = ()


def record_from(line: bytes, *, audiences_by_kind: bool = False) -> Record:
    fields = _fields(line)
    remarks: list[str] = []
    kind = _text(fields, "kind") or "article"
    blocks = _blocks(fields)
    return Record(
        id=_needed(fields, "id", most=MOST_SOURCE_ID),
        type=TYPE_OF.get(kind, "briefing"),
        report_kind=REPORT_KIND_OF.get(kind, "feature"),
        title=_title(fields, remarks),
        standfirst=EMPHASIS.sub("", _text(fields, "standfirst")),
        on=_date(fields),
        audience=_audience(fields, AUDIENCE_OF.get(kind) if audiences_by_kind else None),
        authors=_words(fields, "authors"),
        countries=_words(fields, "countries"),
        regions=_words(fields, "regions"),
        topics=_words(fields, "topics"),
        blocks=blocks,
        digest=blake2b(line, digest_size=16).hexdigest(),
        remarks=tuple(remarks),
    )


def id_of(line: bytes) -> str:
    """The record's id for the report, "" where the line has none that can be read."""
    try:
        return _text(_fields(line), "id")
    except Refused:
        return ""


def _fields(line: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as trouble:
        raise Refused(f"not UTF-8 at byte {trouble.start}") from None
    except json.JSONDecodeError as trouble:
        raise Refused(f"not JSON: {trouble.msg} at character {trouble.pos}") from None
    except ValueError:  # the only other that `json` raises: an integer beyond what Python reads
        raise Refused("not JSON that we read: a number has too many digits") from None
    except RecursionError:
        raise Refused("not JSON that we read: nested too deep") from None
    if not isinstance(fields, dict):
        raise Refused(f"a JSON object is needed, this is a {type(fields).__name__}")
    return fields


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"{name} is a {type(value).__name__}, a text is needed")
    return " ".join(_clean(value).split())


def _clean(text: str) -> str:
    """Without control characters and lone surrogates: neither XML nor a database takes them."""
    return CONTROL.sub("", text.encode("utf-8", "ignore").decode("utf-8"))


def _needed(fields: Mapping[str, Any], name: str, *, most: int) -> str:
    value = _text(fields, name)
    if not value:
        raise Refused(f"no {name}")
    if len(value) > most:
        raise Refused(f"{name} has {len(value)} characters, at most {most} are taken")
    return value


def _title(fields: Mapping[str, Any], remarks: list[str]) -> str:
    title = _needed(fields, "title", most=5_000)
    if len(title) <= MOST_TITLE:
        return title
    remarks.append(f"title cut from {len(title)} characters to {MOST_TITLE}")
    return title[: MOST_TITLE - 1].rstrip() + "…"


def _date(fields: Mapping[str, Any]) -> date:
    value = _needed(fields, "date", most=40)
    try:
        on = date.fromisoformat(value[:10])
    except ValueError:
        raise Refused(f"date {value!r} is no day of the calendar; write YYYY-MM-DD") from None
    if not 1500 <= on.year <= 2100:
        raise Refused(f"date {value!r} lies outside 1500 to 2100")
    return on


def _audience(fields: Mapping[str, Any], by_kind: Audience | None) -> Audience:
    value = _text(fields, "audience")
    if not value:
        return by_kind or Audience.METERED
    try:
        return Audience(value)
    except ValueError:
        raise Refused(f"audience {value!r} is none of {', '.join(Audience)}") from None


def _words(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = fields.get(name) or []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Refused(f"{name} takes a list of texts")
    words = (" ".join(_clean(word).split()) for word in value)
    return tuple(dict.fromkeys(word for word in words if word))


def _blocks(fields: Mapping[str, Any]) -> tuple[Block, ...]:
    html = fields.get("body_html")
    if not isinstance(html, str) or not html.strip():
        raise Refused("no body_html")
    if len(html) > MOST_BODY:
        raise Refused(f"body_html has {len(html):,} characters, at most {MOST_BODY:,} are taken")
    if _deepest(html) > MOST_DEEP:
        raise Refused(f"body_html is nested deeper than {MOST_DEEP} tags")
    blocks = blocks_from_html(_clean(html))
    if not blocks:
        raise Refused("body_html holds no text")
    return blocks


def _deepest(html: str) -> int:
    """How many tags are open at once at most, counted in one pass; what HTML lets an author leave open is not counted."""
    still_open: Counter[str] = Counter()
    depth = deepest = 0
    for closing, name in TAG.findall(html.lower()):
        if name in LEFT_OPEN or (closing and not still_open[name]):
            continue
        step = -1 if closing else 1
        still_open[name] += step
        depth += step
        deepest = max(deepest, depth)
    return deepest
