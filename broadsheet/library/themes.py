"""Finds issues in an article's own text, by their names and by the words that editors gave them. Pure; rather too few than wrong.

A name of one word ("Water") says too little of what an article is on: it counts only where an editor lists it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from broadsheet.library import policy
from broadsheet.library.gazetteer import Mention

WORD = re.compile(r"\w+")


class Themes:
    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """`phrases`: by the issue's slug. One in capitals alone is found in capitals alone."""
        self._known: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for slug, said in phrases.items():
            for phrase in dict.fromkeys(form for each in said for form in _forms(each)):
                self._known[WORD.findall(_lowered(phrase))[0]].append((phrase, policy.issue(slug)))

    def find(self, text: str) -> list[Mention]:
        lowered = _lowered(text)
        return [
            Mention(match.start(), match.start() + len(phrase), key)
            for match in WORD.finditer(lowered)
            for phrase, key in self._known.get(match[0], ())
            if (text if phrase.isupper() else lowered).startswith(phrase, match.start())
            and not text[match.start() + len(phrase) : match.start() + len(phrase) + 1].isalnum()
        ]


def _forms(phrase: str) -> Iterator[str]:
    plain = " ".join(phrase.split())
    if not WORD.match(plain):
        return
    if plain.isupper():
        yield plain
        return
    yield _lowered(plain)
    yield f"{_lowered(plain)}s"


def _lowered(text: str) -> str:
    """As long as the text: of all letters the Turkish capital alone has a small one of two characters."""
    return text.replace("\u0130", "i").lower()


def phrases_of(name: str, also_called: str) -> list[str]:
    """`also_called`: a phrase a line."""
    own = [name, name.replace("&", "and")] if len(WORD.findall(name)) > 1 else []
    return [*own, *also_called.splitlines()]
