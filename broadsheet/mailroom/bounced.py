"""A mail that came back, as a value: what it is, whom it is about, and by which mark it can be believed. Pure: bytes in.

Delivery reports (RFC 3464, RFC 6533), complaints (RFC 5965) and automatic replies (RFC 3834) are read here; what stands in no
standard is found by flufl.bounce's heuristics. Nothing in here believes anything: whoever acts asks whether the mark is ours.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr
from hashlib import sha256
from itertools import islice

from flufl.bounce import all_failures

from broadsheet.mailroom.status import Kind, kind_of, telling, written

MOST_BYTES = 128 * 1024  # what follows is the body of the mail that we sent
MOST_LINE = 1000
MOST_WORDS = 500
MOST_NAMED = 50  # addresses; a bounce names the one that it is about, and who names more is no bounce of ours
MOST_ALIKE = 20  # headers of one name
MOST_PARTS = 500

BLANKS = re.compile(r"[ \t]{5,}")  # expressions of heuristics take the square of their number

ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+")
MARKED = re.compile(r"^[^+@\s]+\+([^@\s]+)@")
ARRIVED_AT = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Rcpt-To")
REPORTS = ("message/delivery-status", "message/global-delivery-status")
ORIGINALS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers")
TRIPS = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    MessageError,
)  # over which heuristics fall in odd mail

FROM_A_SYSTEM = re.compile(
    r"mailer.?daemon|postmaster|mail.?(?:delivery|administrator|system|router)|^(?:mailadm|mdaemon|no-?reply-?mta)", re.IGNORECASE
)
IS_AUTOMATIC = re.compile(
    r"^(?:re:\s*)?(?:out of (?:the )?office|out.of.office|auto(?:matic|mated)?[ -]?(?:reply|response|responder|antwort|svar)"
    r"|on (?:annual )?(?:leave|vacation|holiday)|vacation|away from|i(?:'m| am) (?:away|out)|abwesen|automatische antwort|abwezig"
    r"|automatisch antwoord|r[ée]ponse automatique|absence|absent|respuesta autom|fuera de|resposta autom|risposta automatica"
    r"|fuori (?:sede|ufficio)|poza biurem|automatyczna|автоответ|自动回复|自動返信|autosvar|frånvaro|poissa)",
    re.IGNORECASE,
)
IS_CHALLENGE = re.compile(
    r"(?:please )?(?:confirm|verify) (?:that )?you(?:r (?:message|e-?mail|identity)| (?:are|sent))"
    r"|verification required|challenge"
    r"|sender (?:verification|address verification)|anti-?spam confirm|action required: (?:release|deliver)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """Of one address. `status` as RFC 3463 writes it, or ""; `words`: the server's, without addresses."""

    address: str
    kind: Kind
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """`kind`: the gravest of what it says. `meant`: addresses that it went to, failed or not. `marks`: what may be marks of ours,
    likeliest first. `original`: the Message-ID of the mail that it is about, or "". `key`: the same for the same mail."""

    kind: Kind
    said: tuple[Said, ...]
    meant: frozenset[str]
    marks: tuple[str, ...]
    original: str
    key: str
    words: str


GRAVITY = (Kind.COMPLAINT, Kind.HARD, Kind.SOFT, Kind.DELAYED)


def parse(raw: bytes) -> Returned:
    message = _opened(raw)
    original = _original(message)
    report = _part(message, "message/feedback-report")
    if report is not None:
        kind, said = Kind.COMPLAINT, _complained(_fields(report), original)
    else:
        kind, said = _sorted(message)
    return Returned(
        kind=kind,
        said=said[:MOST_NAMED],
        meant=frozenset(_meant(message, original, said)),
        marks=tuple(dict.fromkeys(_marks(message, original, report))),
        original=_text(original, "Message-ID").strip(),
        key=_key(message, raw),
        words=said[0].words if said else scrubbed(_text(message, "Subject")),
    )


def _opened(raw: bytes) -> Message:
    """What nests parts in parts without end, or holds thousands, is read by its head alone."""
    bounded = _bounded(raw)
    try:
        message = message_from_bytes(bounded)
        parts = sum(1 for _ in message.walk())
    except RecursionError:
        parts = MOST_PARTS + 1
    if parts > MOST_PARTS:
        message = BytesHeaderParser().parsebytes(bounded)
        del message["Content-Type"]
    return message


def _sorted(message: Message) -> tuple[Kind, tuple[Said, ...]]:
    """In the order of how sure one can be: a report, a system's header, a reply by its headers, then what the words look like."""
    if said := _reported(message):
        return _gravest(said), said
    if _part(message, *REPORTS) is None and not message.get("X-Failed-Recipients"):
        if IS_CHALLENGE.search(_text(message, "Subject")):
            return Kind.CHALLENGE, ()
        if _is_automatic(message):
            return Kind.AUTO_REPLY, ()
    if said := _guessed(message):
        return _gravest(said), said
    return Kind.OTHER, ()


def _gravest(said: tuple[Said, ...]) -> Kind:
    kinds = {each.kind for each in said}
    return next((kind for kind in GRAVITY if kind in kinds), Kind.OTHER)


# Delivery reports


def _reported(message: Message) -> tuple[Said, ...]:
    """Each recipient that a report says something ill of. What it says was delivered, relayed or expanded is not told."""
    blocks = (block for part in _parts(message, *REPORTS) for block in _blocks(part))
    return tuple(dict.fromkeys(said for block in blocks if (said := _said_by(block))))


def _said_by(block: Message) -> Said | None:
    action = _text(block, "Action").strip().casefold()
    address = next((found for name in ("Original-Recipient", "Final-Recipient") if (found := _typed(_text(block, name)))), "")
    if not action.startswith(("fail", "error", "delayed")) or not address:
        return None
    status, words = _text(block, "Status"), _text(block, "Diagnostic-Code")
    kind = Kind.DELAYED if action.startswith("delayed") else kind_of(status=status, words=words)
    return Said(address, kind, written(telling(status, words)), scrubbed(words))


def _typed(field: str) -> str:
    """`rfc822; fay@example.org` as an address; comments, brackets and quotes are written by servers that know no better."""
    kind, parted, rest = field.rpartition(";")
    if parted and kind.strip().casefold() not in {"rfc822", "utf-8", "smtp", "local"}:
        return ""
    return parseaddr(rest.strip())[1].strip(" \"'") if "@" in rest else ""


def _blocks(part: Message) -> Iterator[Message]:
    """Its groups of fields. Those of RFC 6533, and what was written wrong, are paragraphs in what was taken for a mail."""
    content = part.get_payload()
    for block in content if isinstance(content, list) else [part]:
        if isinstance(block, Message):
            if block is not part:
                yield block
            yield from _paragraphs(block.get_payload(decode=True))


def _paragraphs(content: object) -> Iterator[Message]:
    text = content if isinstance(content, bytes) else b""
    yield from (message_from_bytes(block + b"\n\n") for block in re.split(rb"\r?\n\s*\r?\n", text) if block.strip())


# Complaints


def _complained(fields: Message, original: Message) -> tuple[Said, ...]:
    named = [_typed(value) or parseaddr(value)[1] for value in _all(fields, "Original-Rcpt-To")]
    named = named or [address for _, address in getaddresses([_text(original, "To")])]
    words = scrubbed(f"{_text(fields, 'Feedback-Type') or 'abuse'}, told by {_text(fields, 'User-Agent') or 'a provider'}")
    return tuple(Said(address, Kind.COMPLAINT, words=words) for address in dict.fromkeys(named) if address)


def _fields(report: Message) -> Message:
    return next(_blocks(report), Message())


# Replies, and what stands in no standard


def _is_automatic(message: Message) -> bool:
    """By its headers, or where they say nothing by its subject. Mail systems say so of their bounces too: those are not meant."""
    if FROM_A_SYSTEM.search(_text(message, "From")) and not IS_AUTOMATIC.search(_text(message, "Subject")):
        return False
    submitted = _text(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    precedence = _text(message, "Precedence").strip().casefold().replace("-", "_")
    return (
        submitted in {"auto-replied", "auto-notified"}
        or precedence == "auto_reply"
        or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Vacation"))
        or message.get_content_type() == "message/disposition-notification"
        or message.get_param("report-type") == "disposition-notification"
        or IS_AUTOMATIC.search(_text(message, "Subject").strip()) is not None
    )


def _guessed(message: Message) -> tuple[Said, ...]:
    try:
        passing, lasting = all_failures(_plain(message))
    except TRIPS:
        return ()
    words = _human_words(message)
    kind, status, said = kind_of(status="", words=words), written(telling("", words)), scrubbed(words)
    failed = [(address.decode("ascii", "replace"), kind) for address in sorted(lasting)]
    delayed = [(address.decode("ascii", "replace"), Kind.DELAYED) for address in sorted(passing)]
    return tuple(Said(_seen(address), kind, status, said) for address, kind in (*failed, *delayed) if address)


def _plain(message: Message) -> Message:
    """As flufl.bounce's detectors can read it: they fall over bytes in a header, and where nobody is said to have written."""
    copy = message_from_string(BLANKS.sub("    ", message.as_bytes().decode("ascii", "replace")))
    if not getaddresses([copy.get("From", "")]):
        del copy["From"]
        copy["From"] = "nobody@invalid"
    return copy


def _human_words(message: Message) -> str:
    """What a system says before it hands the mail back; our own words that follow are not its."""
    part = next((part for part in message.walk() if part.get_content_maintype() == "text"), message)
    content = part.get_payload(decode=True)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    said = re.split(
        r"\n\s*-{2,}.{0,40}(?:copy|original|returned|message|header)|\n(?:Received|Return-Path): ", text, maxsplit=1, flags=re.I
    )
    return said[0][:4000]


# What both have


def _original(message: Message) -> Message:
    """The mail that came back, or its headers; an empty one where neither was sent along."""
    part = _part(message, *ORIGINALS)
    if part is None:
        return Message()
    content = part.get_payload()
    if isinstance(content, list):
        return content[0] if content and isinstance(content[0], Message) else Message()
    decoded = part.get_payload(decode=True)
    return message_from_bytes(decoded.lstrip() if isinstance(decoded, bytes) else b"")


def _meant(message: Message, original: Message, said: tuple[Said, ...]) -> Iterator[str]:
    """Mail that was sent on fails at an address we never wrote to; the one that we did stands beside it."""
    yield from (each.address for each in said)
    yield from (address for _, address in getaddresses([_text(original, "To")]) if address)
    for part in _parts(message, *REPORTS):
        for block in _blocks(part):
            yield from (found for name in ("Original-Recipient", "Final-Recipient") if (found := _typed(_text(block, name))))


def _marks(message: Message, original: Message, report: Message | None) -> Iterator[str]:
    written_to = [value for name in ARRIVED_AT for value in _all(message, name)]
    written_to += _all(original, "Return-Path") + _all(original, "Sender")
    if report is not None:
        written_to += _all(_fields(report), "Original-Mail-From")
    yield from (found[1] for _, address in getaddresses(written_to) if (found := MARKED.match(address)))


def _key(message: Message, raw: bytes) -> str:
    """A system that sends us the same report again gives it the same number; what has none is known by all of it."""
    number = _text(message, "Message-ID").strip()
    told = [number, *(value for name in ARRIVED_AT for value in _all(message, name)), _text(message, "Date")]
    return sha256("\n".join(told).encode("utf-8", "replace") if number else raw).hexdigest()


def _bounded(raw: bytes) -> bytes:
    return b"\n".join(line[:MOST_LINE] for line in raw[:MOST_BYTES].split(b"\n"))


def _part(message: Message, *types: str) -> Message | None:
    return next(_parts(message, *types), None)


def _parts(message: Message, *types: str) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() in types)


def _all(message: Message, name: str) -> list[str]:
    found = (str(value) for known, value in message.raw_items() if known.casefold() == name.casefold())
    return [_decoded(value) for value in islice(found, MOST_ALIKE)]


def _text(message: Message, name: str) -> str:
    return next(iter(_all(message, name)), "")


def _decoded(value: str) -> str:
    """Encoded words, and what is in UTF-8 as it stands, which no header may be and many are."""
    text = value[:MOST_LINE].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with suppress(MessageError, LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    return _seen(text.encode("utf-8", "replace").decode("utf-8"))


def _seen(text: str) -> str:
    """Without what no database holds and nobody reads; a word's end stays one."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def scrubbed(words: str) -> str:
    """On one line, and without anybody's address: these words outlive the row that names one."""
    return " ".join(ADDRESS.sub("…", _seen(words)).split())[:MOST_WORDS]
