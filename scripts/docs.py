"""Read the documentation as a newcomer would: every link leads somewhere, every name and every `make` target exists."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path("broadsheet")
# Documents that speak of the code by its names: a name written `room.module.symbol` in them exists.
NAMING = (Path("GLOSSARY.md"), Path("ARCHITECTURE.md"))

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
DOTTED = re.compile(r"[a-z_]+(\.\w+)+(\(\))?")


def documents() -> list[Path]:
    rooms = PACKAGE.glob("*/README.md")
    return sorted([*Path().glob("*.md"), *Path("docs").rglob("*.md"), *Path("bench").glob("*.md"), *rooms])


def troubles() -> Iterator[str]:
    targets = make_targets()
    for document in documents():
        text = document.read_text()
        yield from (f"{document}: no {link}" for link in broken_links(document, text))
        yield from (f"{document}: no `make {name}`" for name in sorted(commands_in(text) - targets))
    for document in NAMING:
        yield from (f"{document}: no `{name}`" for name in names_in(document.read_text()) if not exists(name))


def broken_links(document: Path, text: str) -> Iterator[str]:
    for link in LINK.findall(FENCE.sub("", text)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def anchors(document: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", document.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands_in(text: str) -> set[str]:
    """Targets named as code: `make demo`, or a line of a fenced block."""
    code = CODE.findall(text) + [line for fence in FENCE.findall(text) for line in fence.splitlines()]
    return {match[1] for piece in code if (match := MAKE.match(piece.strip().removeprefix("$ ")))}


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", Path("Makefile").read_text(), re.MULTILINE))


def names_in(text: str) -> list[str]:
    """What stands in backticks and claims to be of ours: `press.actions.press`, `press/slips.py`."""
    rooms = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}
    pieces = [piece for piece in CODE.findall(FENCE.sub("", text)) if " " not in piece]
    dotted = [piece for piece in pieces if DOTTED.fullmatch(piece) and piece.partition(".")[0] in rooms]
    files = [piece for piece in pieces if "/" in piece and not piece.startswith(("/", ".state", "http"))]
    return [*dotted, *files]


def exists(name: str) -> bool:
    if "/" in name:
        return any((root / name).exists() for root in (Path(), PACKAGE))
    parts = name.removesuffix("()").split(".")
    for length in range(len(parts), 0, -1):
        if file := module_file(parts[:length]):
            return has(file, parts[length:])
    return False


def module_file(parts: list[str]) -> Path | None:
    path = PACKAGE.joinpath(*parts)
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()), None)


def has(file: Path, symbols: list[str]) -> bool:
    body: list[ast.stmt] = tree(file).body
    for symbol in symbols:
        named = [node for node in body if symbol in names_of(node)]
        if not named:
            return False
        body = named[0].body if isinstance(named[0], ast.ClassDef) else []
    return True


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def names_of(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name for alias in aliases}
        case _:
            return set()


if __name__ == "__main__":
    sys.exit("\n".join(troubles()) or 0)
