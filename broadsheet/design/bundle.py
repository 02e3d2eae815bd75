"""One stylesheet a page: the plain CSS files joined in their order, found by Django's static files as css/broadsheet.css.

Nothing is compiled. Layers, not the order of files, say which rule wins; comments and indentation are left out.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCES = Path(__file__).parent / "css"
BUNDLE = "css/broadsheet.css"
FIRST = ("tokens", "base", "layout")  # then the components by name, then utilities

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,>])\s*")
_NOUGHT = re.compile(r"(?<![\w.#])0(?=\.\d)")


def sources() -> list[Path]:
    components = sorted((SOURCES / "components").glob("*.css"))
    return [*(SOURCES / f"{name}.css" for name in FIRST), *components, SOURCES / "utilities.css"]


def bundle() -> str:
    return "@layer reset,tokens,base,layout,components,utilities;\n" + "\n".join(
        shortened(source.read_text()) for source in sources()
    )


def shortened(css: str) -> str:
    """Without comments, needless space and noughts before a point. A space before a colon means something in selectors."""
    packed = _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).replace(": ", ":").replace(";}", "}").strip()
    return _NOUGHT.sub("", packed)


def refresh(folder: Path) -> None:
    """Write the bundle into this folder, unless it stands there already."""
    file, made = folder / BUNDLE, bundle()
    if file.exists() and file.read_text() == made:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(made)
    fresh.replace(file)


class BundleFinder(BaseFinder):
    """Makes the bundle when it is asked for: by collectstatic, and by a development server at each request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.STATE) / "bundle"
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != BUNDLE:
            return []
        refresh(self.folder)
        found = str(self.folder / BUNDLE)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        refresh(self.folder)
        yield BUNDLE, FileSystemStorage(location=self.folder)
