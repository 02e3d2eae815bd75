"""A message cast many times: built once by Python's `email`, with places left for what is each reader's own.

Bodies are quoted-printable, and a place stands on lines of its own in them: what is put in moves no line around it, and no line
is too long or begins with a dot. Nobody's links are anybody else's: a cast that leaves a place open is refused.
"""

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from html import escape
from typing import Any, NamedTuple

from broadsheet.mailroom.policy import clean_line

NEWLINE = re.compile(r"\r\n|\r|\n")
WORDY = re.compile(r"\S{60}|=\?|[^\x20-\x7e]")  # what does not stand in a header as it is
HEADER = re.compile(r"[!-9;-~]+")
FOLDED = compat32.clone(linesep="\r\n", max_line_length=78)
FULL_LINE, MOST_LINE = 78, 998  # bytes, RFC 5322
SOFT, CRLF = b"=\r\n", b"\r\n"


class Hole(NamedTuple):
    """Where a cast puts in something of the reader's own."""

    place: str
    is_html: bool


def place(name: str) -> str:
    """What a template writes where something of the reader's own is to stand: private signs, which no escaping touches."""
    return f"\ue000{name}\ue001"


class Mould:
    """`headers`: what is the same in all casts (see `envelope.list_headers`), in ASCII. `places`: what each cast fills in."""

    def __init__(self, *, subject: str, text: str, html: str, headers: Mapping[str, str], places: frozenset[str]) -> None:
        """`html` may be ""."""
        self._places = places
        marker = hashlib.sha256(f"{subject}\n{text}\n{html}".encode()).hexdigest()[:32]
        bodies = {f"text-{marker}": (text, False), f"html-{marker}": (html, True)} if html else {f"text-{marker}": (text, False)}
        rest = _built(subject, headers, marker=marker, has_html=bool(html)).as_bytes(policy=FOLDED)
        pieces: list[bytes | Hole] = []
        for token, (body, is_html) in bodies.items():
            before, _, rest = rest.partition(token.encode())
            pieces += [before, *_body(body, places, is_html=is_html)]
        self._pieces = list(_merged([*pieces, rest]))
        self._holes = [(at, piece) for at, piece in enumerate(self._pieces) if isinstance(piece, Hole)]

    def cast(self, headers: Mapping[str, str], values: Mapping[str, str]) -> bytes:
        """One reader's message, its lines ending in CRLF. `values`: a line of text for each place; in HTML it is escaped."""
        if values.keys() != self._places:
            raise Misfit(f"Filled in are {sorted(values)}, while {sorted(self._places)} are open.")
        filled = {
            hole: _quoted(escape(_line(values[hole.place])) if hole.is_html else _line(values[hole.place]))
            for _, hole in self._holes
        }
        pieces: list = self._pieces.copy()
        for at, hole in self._holes:
            pieces[at] = filled[hole]
        return b"".join([*(header_line(name, value) for name, value in headers.items()), *pieces])

    @property
    def weight(self) -> int:
        """Bytes, without what is the reader's own."""
        return sum(len(piece) for piece in self._pieces if isinstance(piece, bytes))


def header_line(name: str, value: str) -> bytes:
    """UTF-8 only where an address is. A list is folded at its commas."""
    if not HEADER.fullmatch(name):
        raise Misfit(f"{name!r} is no header.")
    line = f"{name}: {_line(value)}"
    if len(line) > FULL_LINE:
        line = line.replace(", ", ",\r\n ")
    encoded = line.encode()
    if len(encoded) > MOST_LINE and max(map(len, encoded.split(CRLF))) > MOST_LINE:
        raise Misfit(f"{name} is longer than a line may be.")
    return encoded + CRLF


def _built(subject: str, headers: Mapping[str, str], *, marker: str, has_html: bool) -> "Message[Any, Any]":
    """With a marker in place of each body; the boundary begins as no quoted-printable line can."""
    text = _part("plain", f"text-{marker}")
    message: Message[Any, Any] = (
        MIMEMultipart("alternative", f"=_{marker}", [text, _part("html", f"html-{marker}")]) if has_html else text
    )
    for name, value in headers.items():
        if not HEADER.fullmatch(name) or not _line(value).isascii():
            raise Misfit(f"{name}: {value!r} cannot stand in a header as it is.")
        message[name] = value
    message["Subject"] = _subject(clean_line(subject))
    return message


def _part(subtype: str, token: str) -> Message:
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(token)
    return part


def _subject(subject: str) -> str | Header:
    return Header(subject, "utf-8", header_name="Subject") if WORDY.search(subject) else subject


def _body(content: str, places: frozenset[str], *, is_html: bool) -> Iterator[bytes | Hole]:
    known = re.compile(f"({'|'.join(re.escape(place(name)) for name in sorted(places)) or '(?!)'})")
    for line in NEWLINE.split(content.removesuffix("\n").removesuffix("\r")):
        # Every other part is a place.
        parts = [
            Hole(part[1:-1], is_html) if at % 2 else _quoted(part) for at, part in enumerate(known.split(line)) if at % 2 or part
        ]
        for at, part in enumerate(parts):
            yield from (SOFT, part) if at else (part,)
        yield CRLF


def _quoted(line: str) -> bytes:
    """Without a break at its end. No dot begins a line, which SMTP would double; nor “From ”, to which some put a bracket."""
    return SOFT.join(_guarded(part) for part in b2a_qp(line.encode()).split(b"=\n"))


def _guarded(part: bytes) -> bytes:
    if not part.startswith((b".", b"From ")):
        return part
    return b"=%02X=\r\n" % part[0] + _guarded(part[1:])


def _merged(pieces: list[bytes | Hole]) -> Iterator[bytes | Hole]:
    solid: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            solid.append(piece)
            continue
        yield b"".join(solid)
        yield piece
        solid = []
    yield b"".join(solid)


def _line(value: str) -> str:
    if not value.isprintable():
        raise Misfit(f"{value!r} holds what would begin another line, or cannot be seen.")
    return value


class Misfit(ValueError):
    """Does not go into this mould."""
