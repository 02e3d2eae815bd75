"""What goes over the wire: status, headers and bytes of every answer that the gate gives itself."""

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache

from broadsheet.design.inline import content_security
from broadsheet.gate.paths import as_location

Header = tuple[str, str]
StartResponse = Callable[[str, list[Header]], object]

# Nothing from elsewhere, no script or style within the page: what slipped through a sanitiser stays inert.
# The one script that must run before the first paint is named by its hash.
CONTENT_SECURITY = content_security()
SECURITY: tuple[Header, ...] = (
    ("Content-Security-Policy", CONTENT_SECURITY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
FOR_A_YEAR: Header = ("Strict-Transport-Security", "max-age=31536000")


class Keeping(IntEnum):
    """Who may keep an answer; whoever keeps one asks again before showing it."""

    NOBODY = 0
    GATED = 1  # the reader's own browser
    OPEN = 2


KEEPING: dict[Keeping, tuple[Header, ...]] = {
    Keeping.NOBODY: (("Cache-Control", "no-store"), ("Vary", "Cookie, Accept-Encoding")),
    Keeping.GATED: (("Cache-Control", "private, no-cache"), ("Vary", "Cookie, Accept-Encoding")),
    Keeping.OPEN: (("Cache-Control", "public, max-age=0, must-revalidate"), ("Vary", "Accept-Encoding")),
}

# Codings as Content-Encoding names them; identity has no name.
BROTLI, GZIP, IDENTITY = "br", "gzip", ""
LONGEST_REMEMBERED = 200  # characters of Accept-Encoding: browsers send thirty, and inventions must not fill memory

NOT_FOUND = "404 Not Found"
GONE = "410 Gone"
UNAVAILABLE = "503 Service Unavailable"

BUSY = "Too much is being asked at once. Please try again in a moment."
AWAY = "This page can’t be read just now. Please try again in a moment."
NOT_NOW = "This article is opened when you go to it, not before."
WITHDRAWN = "This article has been withdrawn."
NO_PAGE = "There is no page at this address."


def encoding_for(accepted: str) -> str:
    """The best coding that a client accepts; brotli, which memory holds, before gzip. `q=0` refuses one."""
    return _encoding_remembered(accepted) if len(accepted) <= LONGEST_REMEMBERED else _encoding_read(accepted)


def _encoding_read(accepted: str) -> str:
    weights: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").partition("q=")[2]
        weights[name.strip()] = not weight or weight.strip("0.") != ""
    for encoding in (BROTLI, GZIP):
        if weights.get(encoding, False):
            return encoding
    return IDENTITY


_encoding_remembered = lru_cache(maxsize=256)(_encoding_read)


def etag(digest: str) -> Header:
    """Weak, since one digest names three codings of the same text."""
    return "ETag", f'W/"{digest}"'


def is_known(digest: str, asked: str) -> bool:
    """Whether If-None-Match names this answer. Tags are hashes of 128 bits, so being contained is being listed."""
    return digest in asked or asked.strip() == "*"


def say(start: StartResponse, status: str, text: str, *headers: Header) -> list[bytes]:
    """A sentence in place of a page; never kept by anybody."""
    plain = (("Content-Type", "text/plain; charset=utf-8"), ("X-Robots-Tag", "noindex"))
    start(status, [*plain, *KEEPING[Keeping.NOBODY], *SECURITY, *headers])
    return [f"{text}\n".encode()]


def come_back(start: StartResponse, text: str, *, seconds: int) -> list[bytes]:
    return say(start, UNAVAILABLE, text, ("Retry-After", str(seconds)))


def moved(start: StartResponse, path: str, *, counted: bool = False) -> list[bytes]:
    """For good, but asked again after an hour: an address may come back. `counted`: asked every time."""
    kept = "no-store" if counted else "public, max-age=3600"
    start("301 Moved Permanently", [("Location", as_location(path)), ("Cache-Control", kept), *SECURITY])
    return [b""]
