"""Citations as Chicago, APA and MLA want them, by Typst's processor of citation styles. Nothing else here knows Typst.

Headlines are quoted as we print them: a rule that gives words capitals would write Mckinsey and L’état.
"""

import json
import re
from collections.abc import Sequence
from enum import StrEnum
from html import escape, unescape
from typing import Any

import typst

from broadsheet.library.citations import Citation, Name, plain

AS_PRINTED = "zxx"  # a language whose titles no style changes
ENTRY = re.compile(r"<li\b[^>]*>(.*?)</li>", re.DOTALL)
TAG = re.compile(r"</?(\w+)[^>]*>")
TOO_MANY_STOPS = re.compile(r"([?!…])\.(?=[”’]?(?:\s|<|$))")
SIGN = re.compile(r"[\\${}]")  # of a formula in a title, as Typst reads it, or of what no style changes
FROM_THE_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
ISOLATED = "\u2068{}\u2069"  # so that the stops around it stay where they belong


class Style(StrEnum):
    CHICAGO = "chicago"
    APA = "apa"
    MLA = "mla"


NAMES = {Style.CHICAGO: "chicago-notes", Style.APA: "apa", Style.MLA: "mla"}


def set_in(style: Style, citations: Sequence[Citation]) -> list[str]:
    """One line of HTML each, of text and <i>, in the order of the style: by authors."""
    if not citations:
        return []
    page = f'#bibliography(bytes(sys.inputs.cited), style: "{NAMES[style]}", full: true, title: none)'
    in_order = sorted(citations, key=lambda citation: citation.headline.casefold())  # in which 2026a and 2026b are given
    cited = json.dumps({f"a{citation.id}": _entry(citation) for citation in in_order}, ensure_ascii=False)
    printed = typst.compile(page.encode(), format="html", ignore_system_fonts=True, sys_inputs={"cited": cited})
    return [_line(found) for found in ENTRY.findall(printed.decode())]


def _line(html: str) -> str:
    """Whatever Typst marks up besides, the text is escaped anew and only the italics stay."""
    marked = TAG.sub(lambda found: {"em": "\0/" if found[0][1] == "/" else "\0"}.get(found[1], ""), html)
    line = escape(" ".join(unescape(marked).split()), quote=False)
    return TOO_MANY_STOPS.sub(r"\1", line.replace("\0/", "</i>").replace("\0", "<i>"))


def _entry(citation: Citation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "article",
        "title": {"value": _quotable(citation.headline), "verbatim": True},
        "author": [_name(name) for name in citation.names],
        "genre": _text(citation.genre),
        "date": citation.on.isoformat() if citation.on else "",
        "url": citation.address,
        "language": AS_PRINTED,
        "parent": {"type": "newspaper", "title": {"value": _text(citation.publication), "verbatim": True}},
    }
    return {name: value for name, value in told.items() if value}


def _name(name: Name) -> dict[str, str]:
    parts = {"name": name.family, "given-name": name.given, "prefix": name.particle, "suffix": name.suffix}
    return {part: _in_its_direction(plain(value)) for part, value in parts.items() if value}


def _quotable(headline: str) -> str:
    """The styles put it between quotation marks, so those within become single ones."""
    return _text(headline.replace("“", "‘").replace("”", "’"))


def _text(text: str) -> str:
    return SIGN.sub(r"\\\g<0>", _in_its_direction(plain(text)))


def _in_its_direction(text: str) -> str:
    return ISOLATED.format(text) if FROM_THE_RIGHT.search(text) else text
