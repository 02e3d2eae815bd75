"""XML within bounds: what is too deep, too many or too long is left out before anything builds on it.

Expat reads; what passes is written again in UTF-8, with no declarations, entities, comments or instructions in it. So whatever
reads it afterwards meets a small and harmless document. An entry that cannot be mended is left out, and the others stay.
"""

import re
from dataclasses import dataclass
from html import unescape
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from broadsheet.wire.reading import bounds
from broadsheet.wire.reading.values import NotAFeed

ENTRIES = frozenset({"item", "entry"})  # of RSS and Atom
# Whatever has other elements in it and no text, what has text with markup in it, and the fields that may be long.
CONTAINERS = ENTRIES | {"rss", "rdf", "channel", "feed", "items", "seq", "urlset", "news", "publication", "opml", "head", "image"}
PROSE = {
    "title",
    "description",
    "summary",
    "subtitle",
    "tagline",
    "content",
    "encoded",
    "abstract",
    "info",
    "div",
    "fullitem",
    "body",
}
LONG = {"link", "guid", "id", "url", "loc", "href", "uri", "origlink", "keywords", "subject", "category"}
WITHOUT_DECLARING = {  # prefixes that feeds use without saying whose they are
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?P<number>\d{1,7}|x[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][\w.-]{0,40});)?"
)
_DECLARED = re.compile(r"<!ENTITY\s+([\w.-]{1,40})")
_BEFORE_XML = re.compile(r"^[^<]{0,1000}(?=<)")
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>")


@dataclass(frozen=True, slots=True)
class Sifted:
    xml: bytes
    trouble: tuple[str, ...] = ()


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet. What stands in one field shares its room; None where text means nothing."""

    name: str
    prefixes: frozenset[str]  # that are declared within
    is_prose: bool
    room: list[int] | None


class _Enough(Exception):
    """A bound was met; what was read so far stands."""


def sifted(text: str, *, entries: frozenset[str] = ENTRIES, most: int = bounds.MOST_ITEMS) -> Sifted:
    """Always well-formed: entries that cannot be mended are left out. Raises NotAFeed where entities grow while they are read."""
    text = _DECLARATION.sub("", _BEFORE_XML.sub("", text), count=1)
    beginning = re.compile(rb"<(?:\w{1,20}:)?(?:%b)\b" % "|".join(sorted(entries)).encode(), re.IGNORECASE)
    document, broken, left_out = text.encode(), "", 0
    for attempt in range(max(2, min(bounds.MOST_ATTEMPTS, bounds.MOST_PARSED // (len(document) + 1)))):
        sieve = _Sieve(entries, most, references=document.count(b"&"))
        error = sieve.read(document)
        if not error:
            break
        broken = broken or f"It is not well-formed in line {error.lineno}: {expat.ErrorString(error.code)}."
        following = beginning.search(document, sieve.parser.ErrorByteIndex)
        if attempt and (not following or not sieve.entry_began):
            break
        left_out += attempt > 0
        if attempt and following:
            document = document[: sieve.entry_began] + document[following.start() :]
        else:
            document = _mended(text).encode()
    sieve.close(broken=error is not None)
    told = f"Left out for it: {left_out} of its entries." if left_out else ""
    rest = "Its end was not read." if error else ""
    trouble = tuple(sentence for sentence in (broken, told, rest, *sieve.remarks) if sentence)
    return Sifted("".join(sieve.written).encode(), trouble)


class _Sieve:
    """Writes down what expat reads, as far as the bounds go."""

    def __init__(self, entries: frozenset[str], most: int, *, references: int) -> None:
        self.entry_names, self.most_entries, self.references = entries, most, references
        self.written: list[str] = []
        self.remarks: dict[str, None] = {}
        self.open: list[_Open] = []
        self.prefixes = {"xml", "xmlns"}
        self.skipped = 0  # how deep within an element that is left out
        self.elements = self.entries = self.entities = 0
        self.total = self.in_entry = self.fields = 0  # characters, characters of this entry, elements of this entry
        # Where the newest entry began: in the document, in what is written, how deep.
        self.entry_began, self.entry_at, self.entry_depth = 0, 0, bounds.MOST_DEPTH
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = self.parser.specified_attributes = self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity

    def read(self, document: bytes) -> expat.ExpatError | None:
        try:
            self.parser.Parse(document, True)
        except _Enough:
            return None
        except expat.ExpatError as error:
            return error
        return None

    def close(self, *, broken: bool) -> None:
        """What is written becomes whole, without an entry that has no end."""
        if broken and len(self.open) > self.entry_depth:
            del self.open[self.entry_depth :], self.written[self.entry_at :]
        self.written += [f"</{each.name}>" for each in reversed(self.open)] or ([] if self.written else ["<nothing></nothing>"])
        self.open.clear()

    def start(self, name: str, attributes: list[str]) -> None:
        self.elements += 1
        if self.elements > bounds.MOST_ELEMENTS:
            self._stop(f"Only the first {bounds.MOST_ELEMENTS:,} elements were read.")
        local = name.rpartition(":")[2].lower()
        if self.skipped or self._is_too_much(name, local):
            self.skipped += 1
            return
        if local in self.entry_names:
            self._begin_entry()
        self._open(name, local, self._kept(attributes))

    def end(self, name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        self.open.pop()
        self._write(f"</{name}>", always=True)

    def characters(self, text: str) -> None:
        if self.skipped or not self.open or (room := self.open[-1].room) is None:
            return
        if len(text) > room[0]:
            self._remark("Texts that are too long were shortened.")
        self._write(text[: room[0]])
        room[0] -= min(len(text), room[0])

    def entity(self, name: str, parameter: int, value: str | None, *outside: object) -> None:
        """One that stands for a few letters is harmless; expat itself stops those that grow beyond all measure."""
        self.entities += 1
        grows = value is not None and ("&" in value or "%" in value or len(value) > bounds.MOST_IN_ENTITY)
        if grows or self.entities > bounds.MOST_ENTITIES or self.references * bounds.MOST_IN_ENTITY > bounds.MOST_SIFTED:
            raise NotAFeed("It declares entities that grow while they are read. Ask the outlet for a feed without them.")

    def _begin_entry(self) -> None:
        self.entries += 1
        self.entry_began, self.entry_at, self.entry_depth = self.parser.CurrentByteIndex, len(self.written), len(self.open)
        if self.entries > self.most_entries:
            self._stop(f"Only the first {self.most_entries:,} entries were read.")

    def _is_too_much(self, name: str, local: str) -> bool:
        """Then it is left out with all that is in it."""
        if local in ENTRIES & self.entry_names and len(self.open) > self.entry_depth:
            self._remark("Entries within entries were left out.")
            return True
        if local in self.entry_names:
            self.in_entry = self.fields = 0
        if len(self.open) >= bounds.MOST_DEPTH:
            self._remark(f"What is more than {bounds.MOST_DEPTH} elements deep was left out.")
            return True
        self.fields += not (self.open and self.open[-1].is_prose)
        if self.fields > bounds.MOST_FIELDS or self.in_entry > bounds.MOST_MARKUP:
            self._remark("Of some entries only the beginning was read.")
            return True
        return not self._is_named_well(name)

    def _is_named_well(self, name: str) -> bool:
        prefix, _, rest = name.partition(":")
        prefix = (rest if prefix == "xmlns" else prefix) if rest else ""
        if ":" in rest or (prefix and prefix not in self.prefixes and len(self.prefixes) >= bounds.MOST_PREFIXES):
            self._remark("What stands in too many namespaces was left out.")
            return False
        self.prefixes |= {prefix} if prefix else set()
        return True

    def _kept(self, attributes: list[str]) -> dict[str, str]:
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        kept = {
            name: value
            for name, value in list(given.items())[: bounds.MOST_ATTRIBUTES]
            if len(value) <= bounds.MOST_IN_ATTRIBUTE and self._is_named_well(name) and (value or not name.startswith("xmlns:"))
        }
        if len(kept) < len(given):
            self._remark("Attributes that are too long or too many were left out.")
        return kept

    def _open(self, name: str, local: str, attributes: dict[str, str]) -> None:
        """With each prefix declared that is in use, or whoever reads it next would stumble."""
        within = self.open[-1] if self.open else _Open("", frozenset({"xml", "xmlns"}), is_prose=False, room=None)
        declared = within.prefixes
        declared |= {key.removeprefix("xmlns:") for key in attributes if key.startswith("xmlns:")}
        used = {whole.partition(":")[0] for whole in (name, *attributes) if ":" in whole}
        missing = {f"xmlns:{prefix}": WITHOUT_DECLARING.get(prefix, f"urn:undeclared:{prefix}") for prefix in used - declared}
        written = "".join(f" {key}={quoteattr(value)}" for key, value in (attributes | missing).items())
        is_prose = within.is_prose or local in PROSE
        if is_prose or (local not in CONTAINERS and local not in self.entry_names):
            shared = within.room if within.is_prose or not is_prose else None
            room = shared or [bounds.MOST_MARKUP if is_prose else bounds.MOST_IN_LINK if local in LONG else bounds.MOST_IN_FIELD]
        else:
            room = None
        self.open.append(_Open(name, declared | used, is_prose, room))
        self._write(f"<{name}{written}>", always=True)

    def _write(self, piece: str, *, always: bool = False) -> None:
        """Tags are written always, so that the document stays whole; their number and length is bounded besides."""
        room = bounds.MOST_MARKUP - self.in_entry
        if len(piece) > room and not always:
            self._remark("Of some entries only the beginning was read.")
            piece = piece[: max(room, 0)]
        self.in_entry += len(piece)
        self.total += len(piece)
        if self.total > bounds.MOST_SIFTED and not always:
            self._stop(f"Only the first {bounds.MOST_SIFTED:,} characters were read.")
        self.written.append(piece if always else escape(piece))

    def _remark(self, sentence: str) -> None:
        self.remarks[sentence] = None

    def _stop(self, sentence: str) -> None:
        self._remark(sentence)
        raise _Enough


def _mended(text: str) -> str:
    """Without characters that XML forbids, with HTML's own names spelled out and bare ampersands escaped, outside of CDATA."""
    allowed = _FORBIDDEN.sub("", text)
    own = set(_DECLARED.findall(allowed))
    first, *others = allowed.split("<![CDATA[")
    written = [_with_references(first, own)]
    for piece in others:
        verbatim, end, text = piece.partition("]]>")
        written += ["<![CDATA[", verbatim, end, _with_references(text, own)]
    return "".join(written)


def _with_references(text: str, own: set[str]) -> str:
    return _REFERENCE.sub(lambda match: _spelled(match, own), text, count=bounds.MOST_MENDED)


def _spelled(reference: re.Match[str], own: set[str]) -> str:
    written, name = reference[0], reference["name"]
    if name in own:
        return written
    if reference["number"]:
        return escape(_FORBIDDEN.sub("", unescape(written).replace("\ufffd", "")))
    return escape(unescape(written) if name else written)
