"""How well feeds are read, on public parser suites: feedparser's test feeds and gofeed's, which state what they expect.

`python -m bench.feeds [FOLDER]`. What they expect of titles, links, dates, authors, summaries, ids, languages, categories and
lengths is put into our canonical form here, by hand and without the code under test, and compared. What does not hold, and has no
reason in feeds_exceptions.toml, is printed and counted. Reference of the same run: feedparser alone, on the same expectations.
"""

import ast
import io
import json
import re
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire.reading.feeds import read
from broadsheet.wire.reading.values import Author, Feed, Item, NotAFeed

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
EXCEPTIONS = Path(__file__).with_name("feeds_exceptions.toml")
AT = datetime(2026, 12, 31, tzinfo=UTC)
ADDRESS = "https://feeds.example/"
EXPECT = re.compile(r"Expect:(?P<said>.*?)(?:-->|\Z)", re.DOTALL)
PLAIN = re.compile(r"text_plain|type_text|type_default")  # files whose values are text, not markup: `<` in them is a character
NAME_AND_ADDRESS = re.compile(r"(?P<name>.*?)\s*\((?P<email>[^()\s]+@[^()\s]+)\)|(?P<only>\S+@\S+)|(?P<plain>.*)")

Path_ = tuple[str | int, ...]
Answer = Any  # in our form: text, moment, number, or a tuple of such
MISSING = object()


@dataclass(frozen=True, slots=True)
class Expectation:
    """`field` as the suite names it; both look the wanted answer up, in what we read and in what feedparser did."""

    file: str
    field: str
    wanted: Answer
    ours: Callable[[Feed], Answer]
    theirs: Callable[[Any], Answer]


@dataclass(frozen=True, slots=True)
class Field:
    """Where our form has what a suite names, and what becomes of its literal there."""

    ours: Callable[[Any], Answer]
    put: Callable[[Any, str], Answer]


# Literals into our form


def as_text(value: Any, file: str) -> str:
    """Of markup, what is seen of it."""
    if PLAIN.search(file) or not re.search(r"[<&]", value):
        return " ".join(value.split())
    body = LexborHTMLParser(f"<body>{value}</body>").body
    return " ".join((body.text(separator=" ") if body else "").split())


def as_written(value: Any, file: str) -> str:
    return str(value).strip()


def as_link(value: Any, file: str) -> str:
    """The host in lower case and a path at least: RFC 3986 has these the same."""
    parts = urlsplit(value.strip())
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def as_language(value: Any, file: str) -> str:
    return str(value).lower()


def as_moment(value: Any, file: str) -> datetime:
    if not isinstance(value, str):
        year, month, day, hour, minute, second = value[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    try:
        said = datetime.fromisoformat(value)
    except ValueError:
        said = parsedate_to_datetime(value)
    return said.astimezone(UTC)


def as_author(value: Any, file: str) -> tuple[str, str]:
    match = NAME_AND_ADDRESS.fullmatch(value)
    assert match
    return match["name"] or match["plain"] or "", match["email"] or match["only"] or ""


def as_words(value: Any, file: str) -> int:
    return len(re.findall(r"\w+", as_text(value, file)))


# Where our form has it


def of_author(number: int, part: str) -> Callable[[Feed | Item], str]:
    """feedparser's `author_detail` is the last author, as a number of -1 is."""

    def look(said: Feed | Item) -> str:
        author = said.authors[number] if said.authors else Author("")
        return str(getattr(author, part))

    return look


def named(said: Feed | Item) -> tuple[str, str]:
    author = said.authors[-1] if said.authors else Author("")
    return author.name, author.email


AUTHORS: dict[Path_, Field] = {("author",): Field(named, as_author)}
for place, number in ((("author_detail",), -1), (("authors", 0), 0), (("authors", 1), 1)):
    AUTHORS |= {
        (*place, "name"): Field(of_author(number, "name"), as_text),
        (*place, "email"): Field(of_author(number, "email"), as_written),
        (*place, "url"): Field(of_author(number, "link"), as_link),
    }
EITHER: dict[Path_, Field] = AUTHORS | {
    ("title",): Field(lambda said: said.title, as_text),
    ("title_detail", "value"): Field(lambda said: said.title, as_text),
    ("link",): Field(lambda said: said.link, as_link),
    ("links", 0, "href"): Field(lambda said: said.link, as_link),
    ("links", 1, "href"): Field(lambda said: said.link, as_link),
    ("id",): Field(lambda said: said.id, as_written),
    ("guid",): Field(lambda said: said.id, as_written),
    ("language",): Field(lambda said: said.language, as_language),
}
FEED: dict[Path_, Field] = EITHER | {
    (name, *detail): Field(lambda said: said.description, as_text)
    for name in ("description", "subtitle", "tagline")
    for detail in ((), ("value",))
}
FEED |= {("subtitle_detail", "value"): Field(lambda said: said.description, as_text)}
ITEM: dict[Path_, Field] = EITHER | {
    ("summary",): Field(lambda said: said.summary, as_text),
    ("summary_detail", "value"): Field(lambda said: said.summary, as_text),
    ("description",): Field(lambda said: said.summary, as_text),
    ("content", 0, "value"): Field(lambda said: said.length, as_words),
    ("category",): Field(lambda said: said.categories[0], as_text),
    ("tags", 0, "label"): Field(lambda said: said.categories[0], as_text),
    ("tags", 0, "term"): Field(lambda said: said.categories[0], as_text),
    ("tags", 1, "term"): Field(lambda said: said.categories[1], as_text),
    ("tags", 2, "term"): Field(lambda said: said.categories[2], as_text),
    ("source", "title"): Field(lambda said: said.outlet, as_text),
    ("source", "title_detail", "value"): Field(lambda said: said.outlet, as_text),
    ("source", "value"): Field(lambda said: said.outlet, as_text),
    ("source", "link"): Field(lambda said: said.outlet_link, as_link),
    ("source", "links", 0, "href"): Field(lambda said: said.outlet_link, as_link),
    ("source", "href"): Field(lambda said: said.outlet_link, as_link),
}
# Atom has an entry without authors of its own be by those of the feed that it is from.
ITEM |= {("source", *path): field for path, field in AUTHORS.items()}
for suffix in ("", "_parsed"):
    moment = Field(lambda said: said.updated, as_moment)
    FEED |= {(name + suffix,): moment for name in ("updated", "modified", "date", "published", "created")}
    ITEM |= {(name + suffix,): Field(lambda said: said.published, as_moment) for name in ("published", "created", "issued")}
    ITEM |= {(name + suffix,): moment for name in ("updated", "modified", "date")}


# feedparser's suite: an expression in a comment


def of_feedparser(folder: Path) -> Iterator[tuple[Path, list[Expectation]]]:
    for file in sorted((folder / "feedparser").rglob("*.xml")):
        match = EXPECT.search(file.read_text(errors="replace"))
        name = str(file.relative_to(folder))
        if match:
            yield (
                file,
                [each for part in conjuncts(ast.parse(match["said"].strip(), mode="eval").body) for each in stated(part, name)],
            )


def conjuncts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for value in node.values for part in conjuncts(value)]
    return [node]


def stated(node: ast.expr, file: str) -> Iterator[Expectation]:
    """Comparisons of paths with a literal, and that an entry has no link; nothing else is evaluated."""
    if isinstance(node, ast.Compare) and all(isinstance(op, ast.Eq) for op in node.ops):
        sides = [node.left, *node.comparators]
        literal = next((ast.literal_eval(side) for side in sides if is_literal(side)), MISSING)
        for side in sides:
            if literal is not MISSING and not is_literal(side) and (each := expectation(path_of(side), literal, file)):
                yield each
    elif isinstance(node, ast.UnaryOp) and ast.unparse(node.operand) == "entries[0].has_key('link')":
        yield Expectation(
            file, "entries[0].link", "", lambda feed: feed.items[0].link, lambda parsed: parsed.entries[0].get("link", "")
        )


def is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def path_of(node: ast.expr) -> Path_:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=value, attr=name):
            return (*path_of(value), name)
        case ast.Subscript(value=value, slice=ast.Constant(value=key)) if isinstance(key, str | int):
            return (*path_of(value), key)
    return ()


def expectation(path: Path_, literal: Any, file: str) -> Expectation | None:
    """None for what our form does not have."""
    match path:
        case ("feed", *rest) if field := FEED.get(tuple(rest)):
            ours = field.ours
        case ("entries", int(number), *rest) if field := ITEM.get(tuple(rest)):
            ours = partial(of_item, field.ours, number)
        case _:
            return None
    return Expectation(
        file, spelled(path), field.put(literal, file), ours, lambda parsed: field.put(followed(parsed, path), file)
    )


def of_item(look: Callable[[Any], Answer], number: int, feed: Feed) -> Answer:
    return look(feed.items[number])


def spelled(path: Path_) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def followed(parsed: Any, path: Path_) -> Any:
    for step in path:
        parsed = parsed[step]
    return parsed


# gofeed's: JSON beside the feed

OF_GOFEED: dict[str, tuple[str, str, Callable[[Any, str], Answer]]] = {
    # its name: feedparser's, ours, and how it is put
    "title": ("title", "title", as_text),
    "link": ("link", "link", as_link),
    "description": ("summary", "summary", as_text),
    "guid": ("id", "id", as_written),
    "language": ("language", "language", as_language),
    "updatedParsed": ("updated_parsed", "updated", as_moment),
    "publishedParsed": ("published_parsed", "published", as_moment),
}


def of_gofeed(folder: Path) -> Iterator[tuple[Path, list[Expectation]]]:
    base = folder / "gofeed" / "translator"
    for file in sorted((*base.rglob("*.xml"), *base.glob("json/*.json"))):
        beside = file.with_name(f"{file.stem}_expected.json") if file.suffix == ".json" else file.with_suffix(".json")
        if not beside.exists():
            continue
        said, name = json.loads(beside.read_text()), str(file.relative_to(folder))
        found = list(told(said, name, None))
        for number, item in enumerate(said.get("items", [])):
            found += told(item, name, number)
        yield file, sorted(found, key=lambda each: each.field)


def told(said: dict[str, Any], file: str, number: int | None) -> Iterator[Expectation]:
    """Of the item of that number, or of the feed."""
    of_feed = number is None

    def expect(field: str, wanted: Answer, we: Callable[[Any], Answer], they: Callable[[Any], Answer]) -> Expectation:
        return Expectation(
            file,
            f"feed.{field}" if of_feed else f"items[{number}].{field}",
            wanted,
            lambda feed: we(feed if number is None else feed.items[number]),
            lambda parsed: they(parsed.feed if number is None else parsed.entries[number]),
        )

    names = OF_GOFEED | ({"description": ("subtitle", "description", as_text)} if of_feed else {})
    if of_feed and "updatedParsed" not in said:  # our feeds have one moment: the last
        names["publishedParsed"] = ("published_parsed", "updated", as_moment)
    for key in names.keys() & said.keys():
        their, our, put = names[key]
        if not (of_feed and our == "published"):
            yield expect(key, put(said[key], file), attrgetter(our), partial(put_from, put, their, file))
    for place, author in enumerate(said.get("authors", [])):
        for key in author.keys() & {"name", "email"}:
            yield expect(
                f"authors[{place}].{key}", author[key], of_author(place, key), partial(followed, path=("authors", place, key))
            )
    if not of_feed and "categories" in said:
        yield expect("categories", sorted(said["categories"]), lambda item: sorted(item.categories), terms)


def put_from(put: Callable[[Any, str], Answer], key: str, file: str, said: Any) -> Answer:
    return put(said[key], file)


def terms(said: Any) -> list[str]:
    return sorted(tag["term"] for tag in said["tags"])


# The run


def answer(look: Callable[[Any], Answer], said: Any) -> Answer:
    try:
        return look(said)
    except (LookupError, AttributeError, TypeError, ValueError):
        return MISSING


def main(folder: Path) -> None:
    if not folder.exists():
        raise SystemExit(f"There are no suites in {folder}: name a folder of them.")
    warnings.simplefilter("ignore", DeprecationWarning)  # feedparser's, of what its own suite asks
    reasons = {(each["file"], each["field"]): each["reason"] for each in tomllib.loads(EXCEPTIONS.read_text())["exception"]}
    checked = held = their = 0
    unexplained: list[str] = []
    for file, expectations in (*of_feedparser(folder), *of_gofeed(folder)):
        body = file.read_bytes()
        parsed = feedparser.parse(io.BytesIO(body))
        try:
            feed = read(body, content_type="", address=ADDRESS, at=AT)
        except NotAFeed as refusal:
            feed = Feed(kind="", trouble=str(refusal))
        for each in expectations:
            ours = answer(each.ours, feed)
            checked, held = checked + 1, held + (ours == each.wanted)
            their += answer(each.theirs, parsed) == each.wanted
            reason = reasons.pop((each.file, each.field), "")
            if (ours == each.wanted) == bool(reason):
                saw = "holds, and has a reason why it does not" if reason else f"wanted {each.wanted!r}, read {ours!r}"
                unexplained.append(f"{each.file} {each.field}: {saw}")
    unexplained += [f"{file} {field}: is a reason for what no suite expects" for file, field in reasons]
    print("\n".join(unexplained) or "Every expectation holds, or has its reason in feeds_exceptions.toml.")
    print(f"Of {checked} expectations ours holds {held}, feedparser alone {their}.")
    print(f"FIGURE feeds_expectations={checked}")
    print(f"FIGURE feeds_score={held / checked:.4f}")
    print(f"FIGURE feeds_reference_score={their / checked:.4f}")
    print(f"FIGURE feeds_unexplained={len(unexplained)}")
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE)
