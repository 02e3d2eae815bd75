"""Tantivy, and nobody else knows of it: documents in, hits, counts and terms out.

Each text is indexed twice over, free and full, in fields of their own, and each of these stemmed and as written: Tantivy keeps
statistics a field, so what is found and ranked in the free fields knows nothing of what stands beyond a cut.
"""

import json
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any
from zlib import crc32

import tantivy
from tantivy import DocAddress

from broadsheet.access.terms import Audience
from broadsheet.library.country_names import also_called
from broadsheet.library.documents import Document, Named
from broadsheet.library.letters import folded
from broadsheet.library.stems import AS_WRITTEN, KEPT, STEMMED

VERSION = 5  # of what is written; an index of another is built anew
STILL_READ = frozenset({3, 4, VERSION})  # and searched meanwhile, where it is of one of these
FACETS = ("region", "country", "issue", "type", "series", "author", "year")
HEAP = 60_000_000
PARTS = ("term", "idx", "pos", "store", "fast", "fieldnorm")  # the files of a segment
FOOTER = 1337  # Tantivy's, at the end of each
A_READ = 1 << 22  # bytes
Hit = tuple[float, DocAddress]  # score first, of what is in another order any number
LEAD, LEAD_STEMS = 2_000, 64  # characters of a document that feedback looks at, and how many stems of these


def _schema() -> tantivy.Schema:
    fields = tantivy.SchemaBuilder()
    fields.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    fields.add_integer_field("dated", indexed=True, fast=True)  # seconds since 1970
    for name in ("key", "story", "audience", "headline", "tags", "kind_of_row", "value"):
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        fields.add_unsigned_field(name, fast=True)  # codes: numbers are counted in half the time of words
    for name in ("free", "full"):
        fields.add_text_field(name, tokenizer_name="stemmed")
        fields.add_text_field(f"{name}_words", tokenizer_name="as_written")
    fields.add_text_field("headline_words", tokenizer_name="as_written", index_option="freq")
    for name in ("card", "text", "rest", "lead", "lead_in_full"):  # as text: bytes are read one by one, in ten times as long
        fields.add_text_field(name, stored=True, tokenizer_name="kept", index_option="basic")
    fields.add_unsigned_field("imprint", fast=True)  # from here on last, so that all others have their places of version 3
    fields.add_integer_field("day", fast=True)  # days since 1970, in the publication's zone; none before version 5
    return fields.build()


SCHEMA = _schema()
BASIC = {"key", "story", "audience", "headline", "tags", "kind_of_row", "value"}  # fields without frequencies


class Unreadable(Exception):
    """The index on disk is missing, of another version, or broken: it is to be built anew."""


@contextmanager
def damage_told() -> Iterator[None]:
    """Whatever Tantivy says or dies of where a file is damaged is `Unreadable`."""
    try:
        yield
    except (ValueError, OSError) as trouble:
        raise Unreadable(str(trouble)) from trouble
    except BaseException as trouble:
        if type(trouble).__name__ != "PanicException":  # Rust's, which has no other name here
            raise
        raise Unreadable(str(trouble)) from trouble


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown of a document without opening it: nothing from beyond the cut."""

    id: int
    story: str
    path: str
    audience: Audience
    dated_at: datetime
    headline: str
    standfirst: str
    label: str
    contributors: tuple[Named, ...]
    countries: tuple[Named, ...]
    imprint: int = 0


def open_index(folder: Path) -> tantivy.Index:
    with damage_told():
        index = tantivy.Index.open(str(folder))
        index.searcher()
    return _with_analyzers(index)


def damage(folder: Path) -> str:
    """What is wrong with a file of the index, "" where all are as they were written. Reads them whole."""
    with damage_told():
        segments = json.loads((folder / "meta.json").read_text())["segments"]
    for segment in segments:
        name = segment["segment_id"].replace("-", "")
        deleted = [f"{segment['deletes']['opstamp']}.del"] if segment["deletes"] else []
        for file in (folder / f"{name}.{part}" for part in (*PARTS, *deleted)):
            if not _is_as_written(file):
                return f"{file.name} is damaged or missing."
    return ""


def _is_as_written(file: Path) -> bool:
    """Each ends with a footer, the length of that and a fixed number; in the footer stands the sum of all before."""
    try:
        with file.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as whole:
            length, magic = struct.unpack("<II", whole[-8:])
            end = len(whole) - 8 - length
            summed = json.loads(whole[end:-8])["crc"]
            return magic == FOOTER and summed == _crc(whole, end)
    except (ValueError, KeyError, OSError, struct.error):
        return False


def _crc(whole: mmap, end: int) -> int:
    summed = 0
    for begin in range(0, end, A_READ):
        summed = crc32(whole[begin : min(end, begin + A_READ)], summed)
    return summed


def new_index(folder: Path | None = None) -> tantivy.Index:
    """In memory without a folder."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return _with_analyzers(tantivy.Index(SCHEMA, path=str(folder)) if folder else tantivy.Index(SCHEMA))


def _with_analyzers(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("stemmed", STEMMED)
    index.register_tokenizer("as_written", AS_WRITTEN)
    index.register_tokenizer("kept", KEPT)
    return index


# Writing


class Writing:
    """The one writer of an index. What is put and dropped stands from `commit` on, together with the cursor."""

    def __init__(self, index: tantivy.Index, *, heap: int = HEAP, threads: int = 1) -> None:
        self.index = index
        self._writer = index.writer(heap, threads)

    def put(self, document: Document) -> None:
        self.drop(document.id)
        self.add(document)

    def add(self, document: Document) -> None:
        """One that is not there yet."""
        self._writer.add_document(_row(document))

    def drop(self, document_id: int) -> None:
        self._writer.delete_documents_by_term("key", str(document_id))  # a number would be taken for a signed one

    def commit(self, *, cursor: int, imprint: int = 0) -> None:
        self._writer.delete_documents_by_term("kind_of_row", "cursor")
        row = tantivy.Document()
        row.add_text("kind_of_row", "cursor")
        row.add_text("card", json.dumps([cursor, imprint]))
        self._writer.add_document(row)
        self._writer.commit()
        self.index.reload()

    def close(self) -> None:
        """Frees the writer's lock once what it merges is merged."""
        self._writer.wait_merging_threads()

    def abandon(self) -> None:
        """Once its thread has ended, nothing is written any more."""
        del self._writer


def _row(document: Document) -> tantivy.Document:
    row = tantivy.Document()
    row.add_text("kind_of_row", "article")
    row.add_unsigned("id", document.id)
    row.add_unsigned("imprint", document.imprint)
    row.add_text("key", str(document.id))
    row.add_integer("dated", int(document.dated_at.timestamp()))
    row.add_integer("day", days_until(document.dated_at.date()))
    row.add_text("story", document.story)
    row.add_text("audience", document.audience.value)
    row.add_text("headline", folded(document.headline))
    row.add_text("headline_words", document.headline)
    for name, values in document.tags.items():
        for value in values:
            _count(row, name, value)
            for key in _keys(name, value):
                row.add_text("tags", f"{name}={key}")
    year = f"{document.dated_at:%Y}"
    _count(row, "year", Named(year, year))
    whole = f"{document.free}\n{document.rest}" if document.rest else document.free
    for name, text in (("free", document.free), ("full", whole)):
        for part in _parts(document, text):
            row.add_text(name, part)
            row.add_text(f"{name}_words", part)
    row.add_text("card", json.dumps(_card(document)))
    row.add_text("text", _sound(document.free))
    row.add_text("rest", _sound(document.rest))
    row.add_text("lead", _lead(document, document.free))
    if document.rest and len(document.free) < LEAD:
        row.add_text("lead_in_full", _lead(document, f"{document.free}\n{document.rest}"))
    return row


def _parts(document: Document, text: str) -> Iterator[str]:
    """Each by itself, as Tantivy leaves a place between two of them: no phrase runs from one into the next."""
    yield from (document.headline, document.headline, document.standfirst, text)
    yield from (value.name for values in document.tags.values() for value in values)


def days_until(on: date) -> int:
    """Since 1970."""
    return on.toordinal() - date(1970, 1, 1).toordinal()


def _sound(text: str) -> str:
    """Without halves of characters."""
    return text.encode("utf-8", "replace").decode()


def _lead(document: Document, text: str) -> str:
    """The most frequent stems of the headline, twice, and of how the text begins, each as often as it stands there.

    Read at every search, so not looked for there.
    """
    stems = Counter(STEMMED.analyze(f"{document.headline}\n{document.headline}\n{document.standfirst}\n{text[:LEAD]}"))
    return " ".join(stem for stem, times in stems.most_common(LEAD_STEMS) for _ in range(times))


@lru_cache(maxsize=10_000)
def _keys(facet: str, value: Named) -> frozenset[str]:
    """What is typed to name it: of an author, the last name too; of a country, whatever it is called."""
    slug, name = folded(value.slug), folded(value.name)
    others = {name.rpartition(" ")[2]} if facet == "author" else also_called(value.name) if facet == "country" else set()
    return frozenset({slug, name, *others})


def _count(row: tantivy.Document, facet: str, value: Named) -> None:
    row.add_unsigned(facet, code_of(f"{facet}\t{value.slug}"))
    row.add_text("value", f"{facet}\t{value.slug}\t{value.name}")


@lru_cache(maxsize=10_000)
def code_of(term: str) -> int:
    """Of a facet's value, whatever its name; Tantivy answers it as a float, so it has no more than 48 bits."""
    return int.from_bytes(blake2b(term.encode("utf-8", "replace"), digest_size=6).digest())


def _card(document: Document) -> list[Any]:
    named = [[[value.slug, value.name] for value in values] for values in (document.contributors, document.countries)]
    dated_at = document.dated_at.astimezone(UTC).isoformat()
    shown = [
        document.id,
        document.story,
        document.path,
        document.audience.value,
        dated_at,
        document.headline,
        document.standfirst,
    ]
    return [*shown, document.label, *named, document.imprint]


def stored(row: tantivy.Document, name: str) -> str:
    value = row.get_first(name) or ""
    return value if isinstance(value, str) else bytes(value).decode()  # so in version 3


def card_of(row: tantivy.Document) -> Card:
    card = json.loads(stored(row, "card"))
    pk, story, path, audience, dated_at, headline, standfirst, label, contributors, countries, *imprint = card
    writers, places = (tuple(Named(*pair) for pair in pairs) for pairs in (contributors, countries))
    moment = datetime.fromisoformat(dated_at)
    return Card(pk, story, path, Audience(audience), moment, headline, standfirst, label, writers, places, *imprint)
