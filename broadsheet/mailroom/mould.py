"""A message cast many times: built once by Python's `email`, with places left for what is each reader's own.

Bodies are quoted-printable, and a place stands on lines of its own in them: what is put in moves no line around it. Neither a
server nor DKIM's relaxed form changes anything in them. Nobody's links are anybody else's: a cast that leaves a place open is
refused.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
# What is written =XX in quoted-printable: and blanks beyond the first of a run or at a line's end, besides what must be.
ESCAPED = re.compile(rb"[^\x20-\x3c\x3e-\x7e]|(?<= ) | \Z")
FULL = 75  # and the sign of a soft break


class Hole(NamedTuple):
    """Where a cast puts in something of the reader's own."""

    place: str
    is_html: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """One reader's message, in pieces: the larger ones are shared by all casts of a mould, and copied by none.

    `head` ends with the empty line. The body is its own relaxed form (RFC 6376), and none of its lines begins with a dot.
    """

    head: bytes
    body: tuple[bytes, ...]

    def __bytes__(self) -> bytes:
        return b"".join((self.head, *self.body))

    def __len__(self) -> int:
        return len(self.head) + sum(map(len, self.body))


def place(name: str) -> str:
    """What a template writes where something of the reader's own is to stand: private signs, which no escaping touches."""
    return f"\ue000{name}\ue001"


class Mould:
    """`headers`: what is the same in all casts (see `envelope.list_headers`), in ASCII. `places`: what each cast fills in."""

    def __init__(self, *, subject: str, text: str, html: str, headers: Mapping[str, str], places: frozenset[str]) -> None:
        self._places = places
        marker = hashlib.sha256(f"{subject}\n{text}\n{html}".encode()).hexdigest()[:32]
        head, end, rest = _built(subject, headers, marker=marker).as_bytes(policy=FOLDED).partition(CRLF + CRLF)
        self._head = head + end
        pieces: list[bytes | Hole] = []
        for subtype, body in (("plain", text), ("html", html)):
            before, _, rest = rest.partition(f"{subtype}-{marker}".encode())
            pieces += [before, *_body(body, places, is_html=subtype == "html")]
        self._pieces = list(_merged([*pieces, rest]))
        self._holes = [(at, piece) for at, piece in enumerate(self._pieces) if isinstance(piece, Hole)]

    def cast(self, headers: Mapping[str, str], values: Mapping[str, str]) -> Cast:
        """One reader's message. `values`: a line of text for each place; in HTML it is escaped."""
        if values.keys() != self._places:
            raise Misfit(f"Filled in are {sorted(values)}, while {sorted(self._places)} are open.")
        filled = {
            hole: _quoted(escape(_line(values[hole.place])) if hole.is_html else _line(values[hole.place]))
            for _, hole in self._holes
        }
        pieces: list = self._pieces.copy()
        for at, hole in self._holes:
            pieces[at] = filled[hole]
        own = b"".join(header_line(name, value) for name, value in headers.items())
        return Cast(own + self._head, tuple(pieces))

    @property
    def weight(self) -> int:
        """Bytes, without what is the reader's own."""
        return len(self._head) + sum(len(piece) for piece in self._pieces if isinstance(piece, bytes))


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


def _built(subject: str, headers: Mapping[str, str], *, marker: str) -> "Message[Any, Any]":
    """With a marker in place of each body; the boundary begins as no quoted-printable line can."""
    parts = [_part(subtype, f"{subtype}-{marker}") for subtype in ("plain", "html")]
    message: Message[Any, Any] = MIMEMultipart("alternative", f"=_{marker}", parts)
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
    """Without a break at its end. No dot begins a line, which SMTP would double; nor “From ”, before which some put a bracket."""
    escaped = ESCAPED.sub(lambda found: b"=%02X" % found[0][0], line.encode())
    lines = []
    at = 0
    while at < len(escaped):
        first = b""
        if escaped.startswith((b".", b"From "), at):
            first = b"=%02X" % escaped[at]
            at += 1
        end = at + FULL - len(first)
        if end < len(escaped):
            end -= next((back for back in (1, 2) if escaped[end - back : end - back + 1] == b"="), 0)
        lines.append(first + escaped[at:end])
        at = end
    return SOFT.join(lines)


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
