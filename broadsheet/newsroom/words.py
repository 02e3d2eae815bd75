"""Counting words in raw stream data. Pure."""

import re
from typing import Any

RawBlock = dict[str, Any]
RawStream = list[RawBlock]

WORDS_A_MINUTE = 230
_TAG = re.compile(r"<[^>]*>")
# What is read as running text; a chart's numbers or a picture's credit are not.
_TEXTS = {"paragraph", "heading", "subheading", "quotation", "list"}


def words_in(block: RawBlock) -> int:
    """Words of one block: its running text, or that of the blocks within it."""
    kind, value = block["type"], block["value"]
    match kind:
        case "exchange":
            return count(value["question"]) + count(value["answer"])
        case "chapter":
            return count(value["title"]) + sum(words_in(inner) for inner in value["body"])
        case "link":
            return count(value["headline"]) + count(value.get("note"))
        case _:
            return count(value) if kind in _TEXTS else 0


def count(html: str | None) -> int:
    return len(_TAG.sub(" ", html or "").split())


def minutes(words: int) -> int:
    """Reading time, at least one minute."""
    return max(1, round(words / WORDS_A_MINUTE))
