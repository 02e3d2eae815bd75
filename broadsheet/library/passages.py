"""A text in passages short enough for the model to take in whole. Pure."""

import re

WORDS = 100
LEAST = WORDS // 4  # a rest shorter than this joins the passage before
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=\S)")


def passages(text: str) -> list[str]:
    """Whole sentences, as many as fit into a hundred words; a longer sentence is cut."""
    found: list[list[str]] = []
    current: list[str] = []
    for words in map(str.split, _SENTENCE_ENDS.split(text)):
        while words:
            taken, words = words[:WORDS], words[WORDS:]
            if current and len(current) + len(taken) > WORDS:
                found.append(current)
                current = []
            current = current + taken
    if current:
        found.append(current)
    if len(found) > 1 and len(found[-1]) < LEAST:
        found[-2:] = [found[-2] + found[-1]]
    return [" ".join(words) for words in found]
