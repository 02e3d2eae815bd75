"""Words that nobody would write, planted into articles: where one comes out again, that text has come out.

A word is of lower-case letters and digits alone, so it survives slugs, anchors, addresses, JSON and shouting.
"""

import random
import re
from dataclasses import dataclass

MARK = "zq"
LETTERS = "bcdfghjklmnprstvwx"
FOUND = re.compile(rf"{MARK}[{LETTERS}]{{12}}")


@dataclass(frozen=True, slots=True)
class Word:
    """`text` stands at `place` of the article named `article`. `audience` "hidden": what only the desk may see.

    `free`: everybody may read it.
    """

    text: str
    article: str
    place: str
    audience: str
    free: bool

    def __str__(self) -> str:
        return f"{self.place} of {self.article}"


class Vocabulary:
    """Every word that was planted."""

    def __init__(self) -> None:
        self._random = random.Random("words of the leak tests")
        self.words: dict[str, Word] = {}

    def new(self, *, article: str, place: str, audience: str, free: bool) -> str:
        text = MARK + "".join(self._random.choices(LETTERS, k=12))
        self.words[text] = Word(text, article, place, audience, free)
        return text

    def found_in(self, text: str) -> set[Word]:
        return {self.words[found] for found in set(FOUND.findall(text.lower())) if found in self.words}

    def of(self, article: str, *, free: bool = False) -> set[Word]:
        return {word for word in self.words.values() if word.article == article and word.free is free}


@dataclass(frozen=True, slots=True)
class Planter:
    """Plants words into one article."""

    vocabulary: Vocabulary
    article: str
    audience: str

    def free(self, place: str) -> str:
        return self.vocabulary.new(article=self.article, place=place, audience=self.audience, free=True)

    def paid(self, place: str) -> str:
        return self.vocabulary.new(article=self.article, place=place, audience=self.audience, free=False)
