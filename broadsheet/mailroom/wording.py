"""An editor's words around what a mail must say. Pure: text and what a post hands in go in, paragraphs come out.

A placeholder is a name in braces. What is put in for one is never read for placeholders again.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from broadsheet.mailroom.kinds import KINDS, Kind

log = logging.getLogger(__name__)
MOST_SUBJECT, MOST_WORDS = 120, 2000
NAMED = re.compile(r"\{([^{}]*)\}")
EMPTY_LINES = re.compile(r"\n\s*\n")


class Worded(Protocol):
    """An editor's words for one kind of mail; "" wherever the house's own do."""

    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Words:
    """As one mail has them. `subject`: "" where the house's own stands."""

    subject: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def trouble_with(text: str, kind: Kind) -> str:
    """Why this cannot stand in a mail of this kind, in sentences; "" where it can."""
    *most, last = [f"{{{name}}}" for name in kind.placeholders]
    known = f"Known here are {', '.join(most)} and {last}."
    for name in NAMED.findall(text):
        if name not in kind.placeholders:
            why = (
                "stands in this mail by itself, and nowhere else" if name in kind.kept_back else "is no placeholder of this mail"
            )
            return f"{{{name[:40]}}} {why}. {known}"
    if {"{", "}"} & set(NAMED.sub("", text)):
        return f"A brace stands alone. {known}"
    return ""


def words_for(name: str, worded: Worded | None, handed: Mapping[str, object]) -> Words:
    """Whatever is broken in an editor's words, the mail goes out: with the house's in their place."""
    kind = KINDS.get(name)
    if kind is None:
        return Words()
    subject, before, after = (worded.subject, worded.before, worded.after) if worded else ("", "", "")
    return Words(
        subject="".join(_said(kind, handed, subject, otherwise="")),
        before=_said(kind, handed, before, otherwise=kind.before),
        after=_said(kind, handed, after, otherwise=kind.after),
    )


def _said(kind: Kind, handed: Mapping[str, object], text: str, *, otherwise: str) -> tuple[str, ...]:
    try:
        return _filled(kind, handed, text.strip() or otherwise)
    except Broken as broken:
        log.error("The wording of “%s” is broken, and the house's own words go out: %s", kind.label, broken)
        return _filled(kind, handed, otherwise)


def _filled(kind: Kind, handed: Mapping[str, object], text: str) -> tuple[str, ...]:
    """Paragraph by paragraph. One that names what this mail does not have is left out."""
    if trouble := trouble_with(text, kind):
        raise Broken(trouble)
    told = {name: _told(each.key, handed) for name, each in kind.placeholders.items()}
    paragraphs = (part.strip() for part in EMPTY_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n")))
    whole = (part for part in paragraphs if part and all(told[name] for name in NAMED.findall(part)))
    return tuple(NAMED.sub(lambda found: told[found[1]], part) for part in whole)


def _told(key: str, handed: Mapping[str, object]) -> str:
    told = handed.get(key)
    return "" if told is None else str(told)


class Broken(ValueError):
    """Words that this kind of mail cannot say."""
