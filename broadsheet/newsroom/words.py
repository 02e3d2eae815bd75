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
    match block["type"], block["value"]:
        case kind, str(text) if kind in _TEXTS:
            return count(text)
        case "exchange", {"question": question, "answer": answer}:
            return count(question) + count(answer)
        case "chapter", {"title": title, "body": body}:
            return count(title) + sum(words_in(inner) for inner in body)
        case "link", {"headline": headline, **more}:
            return count(headline) + count(more.get("note") or "")
        case _:
            return 0


def count(html: str | None) -> int:
    return len(_TAG.sub(" ", html or "").split())


def minutes(words: int) -> int:
    """Reading time, at least one minute."""
    return max(1, round(words / WORDS_A_MINUTE))
