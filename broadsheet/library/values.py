"""All values of the facets that have names, found by how words of theirs begin. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from broadsheet.library.documents import Named
from broadsheet.library.letters import folded

NAMED = ("country", "author", "issue", "region", "series")
Value = tuple[str, Named]  # a facet and one of its values


class Values:
    """Of a kind the most frequent first, as `counted` has them. Their names are looked through as one text."""

    def __init__(self, counted: Mapping[str, Sequence[tuple[Named, int]]]) -> None:
        self._values: list[Value] = [(facet, value) for facet in NAMED for value, _ in counted[facet]]
        self.first = {facet: counted[facet][0][0].slug for facet in NAMED if counted[facet]}
        names = [folded(value.name) for _, value in self._values]
        self._text = "".join(f" {name}\n" for name in names)
        self._starts = [0, *accumulate(len(name) + 2 for name in names)]
        self._by_name: dict[str, list[Value]] = {}
        for name, value in zip(names, self._values, strict=True):
            self._by_name.setdefault(name, []).append(value)

    def called(self, name: str) -> list[Value]:
        """Folded."""
        return self._by_name.get(name, [])

    def beginning(self, words: Sequence[str]) -> Iterator[Value]:
        """In whose name some word begins with each of these, which are folded."""
        longest = max(words, key=len)
        place = self._text.find(f" {longest}")
        while place >= 0:
            n = bisect_right(self._starts, place) - 1
            start, end = self._starts[n], self._starts[n + 1]
            if all(self._text.find(f" {word}", start, end) >= 0 for word in words):
                yield self._values[n]
            place = self._text.find(f" {longest}", end)
