"""A link of a roundup as it is printed: where it leads, and to whom the credit belongs. Pure.

An editor recommends it, so search engines may count it; the outlet is not told which of our pages a reader came from.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO

REL = "noopener noreferrer"
OURS = "en"
Told = Mapping[str, object]


def printed(link: Told) -> str:
    """An item of a list. A link that leads anywhere but to the web is a headline alone."""
    note = _words(link, "note")
    said = f'<p class="outward-note">{note}</p>' if note else ""
    rivals = "".join(f"<li>{_anchor(rival)} {_credits(rival)}</li>" for rival in _rivals(link))
    also = f'<div class="outward-rivals"><p>Also</p><ul>{rivals}</ul></div>' if rivals else ""
    return f'<li class="outward">{_anchor(link)} {_credits(link)}{said}{also}</li>'


def language_named(code: str) -> str:
    """As readers call it; "" of ours, and of one that nobody here has a name for."""
    code = code.lower()
    if is_ours(code):
        return ""
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    return str(known.get("name", ""))


def is_ours(code: str) -> bool:
    """What names no language is taken for ours."""
    return code.lower().partition("-")[0] in ("", OURS)


def _anchor(link: Told) -> str:
    headline, address = _words(link, "headline"), str(link.get("url") or "")
    if not leads_to_the_web(address):
        return headline
    language = _words(link, "language").lower()
    foreign = f' hreflang="{language}" lang="{language}"' if language_named(language) else ""
    return f'<a class="outward-link" rel="{REL}" href="{escape(address)}"{foreign}>{headline}</a>'


def leads_to_the_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:  # such as http://[name]/
        return False


def _credits(link: Told) -> str:
    """Outlet, author, day, length, language, and whether the outlet wants to be paid."""
    language = language_named(str(link.get("language") or ""))
    minutes = link.get("minutes")
    parts = [
        f"<cite>{outlet}</cite>" if (outlet := _words(link, "outlet")) else "",
        _words(link, "author"),
        _day(link.get("published_on")),
        f"{int(str(minutes))} min" if str(minutes or "").isdigit() else "",
        f"in {escape(language)}" if language else "",
        '<span class="outward-wall">paywalled</span>' if link.get("paywalled") else "",
    ]
    return f'<span class="outward-source">{" · ".join(part for part in parts if part)}</span>'


def _day(said: object) -> str:
    """Stored as a day or as its ISO form."""
    try:
        day = said if isinstance(said, date) else date.fromisoformat(str(said or ""))
    except ValueError:
        return ""
    return f'<time datetime="{day:%Y-%m-%d}">{day.day} {day:%B %Y}</time>'


def _rivals(link: Told) -> Iterator[Told]:
    """A list of blocks is stored as values, or as values with a number around each."""
    rivals = link.get("rivals")
    for rival in rivals if isinstance(rivals, list) else ():
        value = rival.get("value", rival) if isinstance(rival, Mapping) else None
        if isinstance(value, Mapping):
            yield value


def _words(link: Told, name: str) -> str:
    return escape(" ".join(str(link.get(name) or "").split()))
