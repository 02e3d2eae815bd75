"""A brief as a file: its quotations, and a footnote to each. Values reach Typst as JSON and stay text; nothing is fetched."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone

from broadsheet.design.templatetags.design import day
from broadsheet.research.showing import Sentence, Shown

HERE = Path(__file__).parent
# Marks of Markdown, and of what Pandoc and GitHub add; a few only where they stand. A dollar before a figure closes no formula.
_MEANS_SOMETHING = re.compile(r"[\\`*_{}\[\]<~^]|(?<!\S)#|(?<!\w)@|\$(?!\d)|&(?=#?\w+;)|^[-+>|:=]")
_BEGINS_A_LIST = re.compile(r"^(\(?(?:\d+|[a-z]|[ivxlcdm]+))([.)])(?=\s)", re.IGNORECASE)
NOTHING = "The library does not answer this."


def markdown(shown: Shown, *, at: datetime) -> str:
    lines = [f"# {escaped(shown.posed.text)}", "", escaped(colophon(shown, at=at)), ""]
    for heading, sentences in sections(shown):
        lines += [f"## {heading}", ""] if heading else []
        lines += [f"{'' if not heading else '- '}{escaped(said(one))} ({one.as_of})[^{one.number}]\n" for one in sentences]
    lines += [f"[^{one.number}]: {escaped(note(one))} <{whole(one.path)}>" for one in shown.sentences]
    return "\n".join(lines).rstrip() + "\n"


def pdf(shown: Shown, *, at: datetime) -> bytes:
    told = {
        "language": settings.LANGUAGE_CODE.partition("-")[0],
        "publication": settings.PUBLICATION_NAME,
        "title": shown.posed.text,
        "colophon": colophon(shown, at=at),
        "sections": [{"heading": heading, "said": [_row(one) for one in some]} for heading, some in sections(shown)],
    }
    page = HERE / "brief.typ"
    return typst.compile(
        page,
        root=HERE,
        font_paths=_no_faces(),
        ignore_system_fonts=True,
        sys_inputs={"brief": json.dumps(told)},
        timestamp=int(at.timestamp()),  # so that the same brief is the same file
    )


@lru_cache(maxsize=1)
def _no_faces() -> typst.Fonts:
    """Those that Typst brings."""
    return typst.Fonts(include_system_fonts=False)


def sections(shown: Shown) -> Iterator[tuple[str, list[Sentence]]]:
    if shown.answer:
        yield "", [shown.answer]
    for heading, sentences in (
        ("What the library says", shown.points),
        ("Earlier", shown.earlier),
        ("Where it disagrees", [one for pair in shown.disagreements for one in pair]),
        ("What has changed", [one for pair in shown.changes for one in pair]),
    ):
        if sentences:
            yield heading, list(sentences)


def colophon(shown: Shown, *, at: datetime) -> str:
    made = f"From the library of {settings.PUBLICATION_NAME}, {day(timezone.localdate(at))}."
    return f"{made} Every sentence is a quotation." if shown.sentences else f"{made} {NOTHING}"


def note(sentence: Sentence) -> str:
    by = f"{sentence.by}, " if sentence.by else ""
    return f"{by}“{sentence.headline}”, {settings.PUBLICATION_NAME}, {day(sentence.on)}."


def said(sentence: Sentence) -> str:
    quoted = f"“{sentence.text}”"
    return f"{sentence.speaker}: {quoted}" if sentence.speaker else quoted


def _row(sentence: Sentence) -> dict[str, Any]:
    return {
        "number": str(sentence.number),
        "text": said(sentence),
        "as_of": sentence.as_of,
        "note": note(sentence),
        "address": whole(sentence.path),
    }


def whole(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def escaped(text: str) -> str:
    """Nothing in it is markup; one line."""
    line = _MEANS_SOMETHING.sub(r"\\\g<0>", " ".join(text.split()))
    return _BEGINS_A_LIST.sub(r"\1\\\2", line)
