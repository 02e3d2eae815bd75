"""Words that mean the same in other letters, as one root: forms of a verb, spellings, a country's own adjective.

Pure. A question says "withdraw" and its answer "withdrew"; it asks of Germany, and German policy is told of. Only what hardly
ever means anything else stands here: each root is looked for wherever one of its words stands.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.library.stems import STEMMED
from broadsheet.research.opposites import IRREGULAR
from broadsheet.research.sources import Rarities

# One root a line, its plainest word first.
_SAME = """
relations relationship relationships ties
withdraw withdrawal pullout drawdown
troops soldiers
defence defense
offence offense
licence license
centre center
theatre theater
labour labor
programme program
colour color
honour honor
favour favor
harbour harbor
neighbour neighbor
behaviour behavior
armour armor
endeavour endeavor
rumour rumor
fibre fiber
tonne ton
invade invasion
decide decision
expel expulsion
intervene intervention
suspend suspension
respond response
reduce reduction
believe belief
lose loss
fail failure
seize seizure
destroy destruction
die death dead
oppose opposition
join accede
evolve evolution
conclude conclusion
expand expansion
extend extension
divide division
succeed successor
resign resignation
assassinate assassination
abstain abstention
ratify ratification
nuclear atomic
Europe European
Africa African
Asia Asian
Britain British Briton Britons
America American Americans
"""
_ALIKE = 2  # letters in which a country and its own adjective begin: France, French
_ISE, _IZE, _SHORTEST = "is", "iz", 5  # organise, organize


@lru_cache(maxsize=50_000)
def roots(text: str) -> tuple[str, ...]:
    """Of its words in their order, but of those that say nothing."""
    known = _root_of()
    return tuple(known.get(stem) or _spelt(stem) for stem in STEMMED.analyze(text))


def weights(terms: Sequence[str], rarities: Rarities) -> dict[str, float]:
    """How rare each root is: as rare as the most usual of its words."""
    return {term: min(rarities(_stems_of(term))) for term in terms}


def words_like(word: str) -> tuple[str, ...]:
    """Others of the same root but a country's, as they are looked for in an index of stems."""
    stems = STEMMED.analyze(word)
    if len(stems) != 1:
        return ()
    return tuple(form for form, stem in _forms().get(roots(word)[0], ()) if stem != stems[0])


@cache
def _forms() -> Mapping[str, Sequence[tuple[str, str]]]:
    """By root, one word for each stem."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for words in _same():
        for word in words:
            for stem in STEMMED.analyze(word):
                found[roots(word)[0]].setdefault(stem, word)
    return {root: [(word, stem) for stem, word in words.items()] for root, words in found.items()}


def _same() -> Iterator[Sequence[str]]:
    return chain(map(str.split, _SAME.splitlines()), ((word, form) for form, word in IRREGULAR.items()))


def _spelt(stem: str) -> str:
    return f"{stem[: -len(_ISE)]}{_IZE}" if stem.endswith(_ISE) and len(stem) >= _SHORTEST else stem


def _stems_of(root: str) -> tuple[str, ...]:
    also = (f"{root[: -len(_IZE)]}{_ISE}",) if root.endswith(_IZE) else ()
    return (root, *_members().get(root, ()), *also)


@cache
def _members() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for stem, root in _root_of().items():
        found[root].append(stem)
    return found


@cache
def _root_of() -> Mapping[str, str]:
    """By stem; nothing of what would have two roots."""
    found: dict[str, set[str]] = defaultdict(set)
    for words in chain(_same(), _countries()):
        own = [stem for word in words for stem in STEMMED.analyze(word)]
        for stem in own[1:]:
            found[stem].add(own[0])
    return {stem: _spelt(*roots) for stem, roots in found.items() if len(roots) == 1 and stem not in roots}


def _countries() -> Iterator[list[str]]:
    named: dict[str, list[str]] = defaultdict(list)
    for key, name in shipped().names():
        if key.startswith(Sort.COUNTRY.value) and name.isalpha() and not name.isupper():
            named[key].append(name)
    for key, names in named.items():
        own = shipped().actors[key].name
        yield [own, *(name for name in names if name != own and name[:_ALIKE] == own[:_ALIKE])] if own.isalpha() else []
