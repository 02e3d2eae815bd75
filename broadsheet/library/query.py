"""What a reader typed, as a value, and back again. Pure; whatever is typed becomes a query, what is odd about it a remark.

Words are all wanted. `"two words"` stand together as written, `-word` must not occur, `a OR b` takes either (OR binds closer than
the space), `korea*` is a beginning, `country:mali` a field word; `before:2015` and `after:2015-06` take a year, a month or a day.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain

from broadsheet.library.letters import composed, folded

LONGEST = 2_000  # characters of a query that are read
MOST_ITEMS = 128
MOST_BEGINNINGS = 8  # each is looked for by all words that begin so
FIELDS = ("author", "country", "region", "issue", "type", "series")
DAYS = ("before", "after")
_TOKEN = re.compile(  # a minus is set off by a space: what joins a word to a quotation is a dash
    r'(?:(?P<minus>(?<!\S)-)|(?<=")-+)?(?:(?P<field>[A-Za-z]{4,8}):(?=\S))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))',
)
_MINUS_BEFORE_BRACKETS = re.compile(r"(?:(?<!\S)-|\bNOT )\(")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Word:
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Beginning:
    """`korea*`; folded, letters and digits only."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Tag:
    """A field word: `value` as typed, a slug or a name."""

    field: str
    value: str

    def __str__(self) -> str:
        return f'{self.field}:"{self.value}"' if re.search(r"\s", self.value) else f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Day:
    """Before the day, or on it and after; `text` as typed."""

    field: str
    text: str
    on: date

    def __str__(self) -> str:
        return f"{self.field}:{self.text}"


Node = Word | Beginning | Phrase | Tag | Day


@dataclass(frozen=True, slots=True)
class Item:
    """One of `any_of` must hold; with `minus` none may."""

    any_of: tuple[Node, ...]
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`strict`: AND stands in it, so all of it must hold."""

    items: tuple[Item, ...] = ()
    remarks: tuple[str, ...] = ()
    strict: bool = False

    @property
    def is_plain(self) -> bool:
        """Only words, and perhaps field words beside them: its order may be led by meaning, and it may be read less strictly."""
        return not self.strict and all(
            (not item.minus and len(item.any_of) == 1 and isinstance(item.any_of[0], Word)) or is_filter(item)
            for item in self.items
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What is to be found in texts, as typed, without what is excluded."""
        return tuple(
            node.text
            for item in self.items
            if not item.minus
            for node in item.any_of
            if isinstance(node, Word | Phrase | Beginning)
        )

    def beside(self, other: "Query") -> "Query":
        remarks = tuple(dict.fromkeys((*self.remarks, *other.remarks)))
        return Query((*self.items, *other.items), remarks, self.strict or other.strict)

    def without(self, field: str, value: str) -> "Query":
        """Without the field word of that value, however it was written."""
        return replace(self, items=tuple(item for item in self.items if not _says(item, field, folded(value))))

    def reworded(self, corrections: dict[str, str]) -> "Query":
        """With other words in the place of some."""

        def other(node: Node) -> Node:
            return Word(corrections[node.text]) if isinstance(node, Word) and node.text in corrections else node

        return replace(self, items=tuple(replace(item, any_of=tuple(map(other, item.any_of))) for item in self.items))

    def plainly(self) -> "Query":
        """Words for phrases and for alternatives: what somebody meant who pasted a sentence with quotation marks."""
        kept = [(item,) if item.minus or is_filter(item) else _words_of(item) for item in self.items]
        return replace(self, items=tuple(chain.from_iterable(kept)), strict=False)

    def __str__(self) -> str:
        between = " AND " if self.strict else " "
        return between.join(("-" if item.minus else "") + " OR ".join(map(str, item.any_of)) for item in self.items)


def is_filter(item: Item) -> bool:
    """Says where to look rather than for what."""
    return all(isinstance(node, Tag | Day) for node in item.any_of)


def _words_of(item: Item) -> tuple[Item, ...]:
    return tuple(Item((Word(word),)) for node in item.any_of for word in _text(node).split())


def _says(item: Item, field: str, value: str) -> bool:
    return any(isinstance(node, Tag) and node.field == field and folded(node.value) == value for node in item.any_of)


def _text(node: Node) -> str:
    return node.value if isinstance(node, Tag) else node.text


# Reading


@lru_cache(maxsize=200)  # a page asks for it again and again
def parse(typed: str) -> Query:
    text = composed(" ".join(_UNPRINTABLE.sub(" ", typed[: LONGEST + 1]).split()))
    remarks = [] if len(typed) <= LONGEST else [f"Only the first {LONGEST} characters were read."]
    items: list[Item] = []
    if _MINUS_BEFORE_BRACKETS.search(text):
        remarks.append("Brackets group nothing here: put a minus before each word, as in -russia -china.")
    joins, denied, strict, beginnings = False, False, False, 0
    for token in _tokens(text[:LONGEST]):
        if (said := token.group()) in ("OR", "AND", "NOT"):
            joins, denied, strict = said == "OR", said == "NOT", strict or said == "AND"
            continue
        if len(items) == MOST_ITEMS:
            remarks.append(f"Only the first {MOST_ITEMS} words were read.")
            break
        node, remark = _node(token)
        remarks += [remark] if remark else []
        if isinstance(node, Beginning) and (beginnings := beginnings + 1) > MOST_BEGINNINGS:
            remarks.append(f"Only the first {MOST_BEGINNINGS} beginnings were read.")
            continue
        if node is None:
            continue
        minus = denied or bool(token["minus"])
        if joins and items and not minus and not items[-1].minus:
            items[-1] = Item((*items[-1].any_of, node))
        else:
            items.append(Item((node,), minus))
        joins = denied = False
    return Query(tuple(items), tuple(dict.fromkeys(remarks)), strict and len(items) > 1)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(re.sub(r"[“”„«»]", '"', text).replace("(", " ").replace(")", " "))


def _node(token: re.Match[str]) -> tuple[Node | None, str]:
    """What it means, and what is odd about it."""
    field, said = (token["field"] or "").lower(), token["phrase"] if token["phrase"] is not None else token["word"]
    if field in DAYS:
        day = _day(said)
        return (Day(field, said, day), "") if day else (None, f"{field}: takes a year, a month or a day, as in {field}:2015-06.")
    if field in FIELDS:
        return (Tag(field, said), "") if folded(said) else (None, "")
    if token["phrase"] is not None:
        return _phrase(said), ""
    if token["field"]:
        said = f"{token['field']}:{said}"
    if said.endswith("*") and len(beginning := folded(said.rstrip("*")).replace(" ", "")) > 1:
        return Beginning(beginning), ""
    return (Word(said), "") if folded(said) else (None, "")


def _phrase(said: str) -> Node | None:
    return Phrase(" ".join(said.split())) if folded(said) else None


def _day(text: str) -> date | None:
    """The first day of a year or a month."""
    match = _DAY.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)
