"""How an article is named elsewhere: one value, and the files that reference managers read. Pure.

Chicago, APA and MLA are set by `library.bibliography` from the same value. Nothing in it comes from beyond the cut.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from slugify import slugify

PARTICLES = frozenset(
    """af al ap bar ben bin da dal dalla das de degli del della den der des di do dos du el ibn la las le los ter van vande vom
    von y zu zum zur""".split()  # noqa: SIM905
)
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
# A byline with one of these words is an office, not a person, and is printed as it stands.
OFFICES = frozenset(
    """agency agencies association authority bank board bureau cabinet center centre chancellery commission committee congress
    contributors corporation council court department desk division editors embassy forum foundation fund government group
    house institute institution journal library ministry network news newsroom observatory office organisation organization
    palace parliament party press programme project reporters review secretariat senate service society staff team tribunal
    union university wire""".split()  # noqa: SIM905
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A brace is counted by BibTeX even behind a backslash, so that one alone would swallow the rest of the file.
LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
    }
)
IN_A_FILE = re.compile(r"[^!-~]|[{}%#\\\"<>^`|]")  # what no address has unescaped


@dataclass(frozen=True, slots=True)
class Name:
    """`given` is empty where there is nothing to put behind a comma: an office, a single name, a script without spaces."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def whole(self) -> str:
        return " ".join(part for part in (self.given, self.particle, self.family, self.suffix) if part)

    @property
    def sorted(self) -> str:
        """Family name first."""
        family = " ".join(part for part in (self.particle, self.family) if part)
        return ", ".join(part for part in (family, self.given, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Citation:
    """`authors` answer for what is said: in an interview whoever is asked, and `interviewers` ask. `kind`: an article's type."""

    id: int
    kind: str
    headline: str
    publication: str
    address: str
    authors: tuple[str, ...] = ()
    interviewers: tuple[str, ...] = ()
    on: date | None = None
    standfirst: str = ""
    language: str = "en"

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(name for author in self.authors if (name := parted(author)).family)

    @property
    def genre(self) -> str:
        """What stands behind the headline of anything but a plain article."""
        if self.interviewers:
            return f"Interview by {listed(self.interviewers)}"
        return {"interview": "Interview", "podcast": "Podcast"}.get(self.kind, "")


def parted(byline: str) -> Name:
    """A person's name in parts; an office's whole. That the family stands first (Kim Jong-un), nothing tells us."""
    words = plain(byline).split()
    if len(words) < 2 or words[0] in PARTICLES or _is_an_office(words):
        return Name(" ".join(words))
    suffix = words.pop() if words[-1].lower() in SUFFIXES and len(words) > 2 else ""
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in PARTICLES:
        first -= 1
    # “ben” and “al” are given a capital by some, and then belong to the name that is sorted by.
    family = [word for word in words[first:-1] if word[0].isupper()]
    particle = [word for word in words[first:-1] if not word[0].isupper()]
    return Name(" ".join([*family, words[-1]]), " ".join(words[:first]), " ".join(particle), suffix)


def _is_an_office(words: list[str]) -> bool:
    lower = [word.strip(".,").lower() for word in words]
    return bool(OFFICES & set(lower)) or lower[0] == "the" or "of" in lower or "&" in lower or "and" in lower


def listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def plain(text: str) -> str:
    """One line, without characters that are not printed."""
    kept = "".join(char if unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn") else " " for char in text)
    return " ".join(kept.split())


# Files


def bibtex(citations: Iterable[Citation]) -> str:
    return "\n".join(_bibtex(citation) for citation in citations)


def _bibtex(citation: Citation) -> str:
    fields = {
        "author": " and ".join(map(_bibtex_name, citation.names or (Name(citation.publication),))),  # styles want one
        "title": f"{{{_latex(citation.headline)}}}",  # doubly braced: capitals stay
        "journal": _latex(citation.publication),
        "note": _latex(citation.genre),
        "url": _in_a_file(citation.address),
        "langid": "english" if citation.language == "en" else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if citation.on:
        lines[2:2] = [f"  year = {{{citation.on.year}}},", f"  month = {MONTHS[citation.on.month - 1]},"]
        lines.append(f"  date = {{{citation.on.isoformat()}}},")
    return "\n".join([f"@article{{{_key(citation)},", *lines, "}", ""])


def _key(citation: Citation) -> str:
    """As people write them, with the article's number, so that no two of a list are alike."""
    family = citation.names[0].family if citation.names else citation.publication
    year = str(citation.on.year) if citation.on else "nd"
    return f"{slugify(family, separator='') or 'article'}{year}a{citation.id}"


def _bibtex_name(name: Name) -> str:
    if not name.given:
        return f"{{{_latex(name.family)}}}"  # braced: not parted by whoever reads it
    family = " ".join(part for part in (name.particle, name.family) if part)
    return ", ".join(_latex(part) for part in (family, name.suffix, name.given) if part)


def _latex(text: str) -> str:
    return plain(text).translate(LATEX)


def _in_a_file(address: str) -> str:
    return IN_A_FILE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)


def ris(citations: Iterable[Citation]) -> str:
    """Lines end as the format wants them, in CR and LF."""
    return "".join(f"{tag}  - {plain(value)}\r\n" for citation in citations for tag, value in _ris(citation))


def _ris(citation: Citation) -> list[tuple[str, str]]:
    lines = [
        ("TY", "MGZN"),
        *(("AU", _ris_name(name)) for name in citation.names),
        ("TI", citation.headline),
        ("T2", citation.publication),
        ("PY", str(citation.on.year) if citation.on else ""),
        ("DA", f"{citation.on:%Y/%m/%d}" if citation.on else ""),
        ("UR", _in_a_file(citation.address)),
        ("AB", citation.standfirst),
        ("N1", citation.genre),
        ("LA", citation.language),
    ]
    return [(tag, value) for tag, value in lines if value] + [("ER", "")]


def _ris_name(name: Name) -> str:
    """A comma at the end says: this is a name in one piece."""
    return name.sorted if name.given else f"{name.family},"


def csl_json(citations: Iterable[Citation]) -> str:
    return json.dumps([_csl(citation) for citation in citations], ensure_ascii=False, indent=1) + "\n"


def _csl(citation: Citation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": _key(citation),
        "type": {"interview": "interview", "podcast": "broadcast"}.get(citation.kind, "article-magazine"),
        "title": plain(citation.headline),
        "container-title": plain(citation.publication),
        "author": [_csl_name(name) for name in citation.names],
        "interviewer": [_csl_name(parted(name)) for name in citation.interviewers],
        "issued": {"date-parts": [[citation.on.year, citation.on.month, citation.on.day]]} if citation.on else {},
        "abstract": plain(citation.standfirst),
        "URL": _in_a_file(citation.address),
        "language": citation.language,
    }
    return {name: value for name, value in told.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}
