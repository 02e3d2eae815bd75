"""In which order what was found is shown. Pure; one setting for all libraries, measured by `make bench-search-quality`.

Sensitivity on six judged collections: WORDS between .3 and .5, FEEDBACK_WEIGHT between .3 and .7, FEEDBACK_FROM between 8 and 14,
or FEEDBACK_FROM_THE_BEST between 1 and 3, move the mean by less than .01.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from heapq import nlargest
from operator import mul

FEEDBACK_FROM = 12  # documents that found words lead to others
FEEDBACK_TERMS = 12
FEEDBACK_FROM_THE_BEST = 3  # power of their scores: the best of them have the more to say
FEEDBACK_WEIGHT = 0.5
WORDS = 0.35  # of the order, the rest is meaning's
FRESHNESS = 0.1  # what is new today is worth a tenth more
HALF_LIFE = 2 * 365 * 86_400.0  # seconds after which that is half as much
K1, B = 1.2, 0.75


def expanded(
    asked: Mapping[str, float],
    *,
    documents: Sequence[tuple[float, Counter[str]]],
    rarities: Callable[[Collection[str]], list[float]],
) -> dict[str, float]:
    """The words asked for, and those that the best documents (score, stems) have in common."""
    voices = [max(score, 0.0) ** FEEDBACK_FROM_THE_BEST for score, _ in documents]
    total = sum(voices)
    lengths = [stems.total() for _, stems in documents]
    mean = sum(lengths) / len(lengths) if lengths else 0
    if not total or not mean:
        return dict(asked)
    found: dict[str, float] = {}
    for voice, (_, stems), length in zip(voices, documents, lengths, strict=True):
        share, damp = voice / total * (K1 + 1), K1 * (1 - B + B * length / mean)
        worth = {times: share * times / (times + damp) for times in set(stems.values())}
        for stem, times in stems.items():
            found[stem] = found.get(stem, 0.0) + worth[times]
    best = nlargest(FEEDBACK_TERMS, zip(map(mul, found.values(), rarities(found)), found, strict=True))
    scale = FEEDBACK_WEIGHT * sum(asked.values()) / sum(weight for weight, _ in best)
    weights = dict(asked)
    for weight, stem in best:
        weights[stem] = weights.get(stem, 0.0) + scale * weight
    return weights


def idf_of(documents: int, size: int) -> float:
    """Inverse document frequency, as Tantivy reckons it."""
    return math.log(1 + (max(size, documents) - documents + 0.5) / (documents + 0.5))


def fused(words: Sequence[float], meaning: Sequence[float]) -> list[float]:
    """Each as a share of its span, so that a constant weight holds for both."""
    return [WORDS * one + (1 - WORDS) * other for one, other in zip(_spread(words), _spread(meaning), strict=True)]


def filled(meaning: Sequence[float], words: Sequence[float], *, known: Sequence[bool]) -> list[float]:
    """Where the meaning of some is not known yet, each of these stands in the span of the others as it does by its words."""
    told = [one for one, is_known in zip(meaning, known, strict=True) if is_known]
    if not told or len(told) == len(known):
        return list(meaning)
    least, span = min(told), max(told) - min(told)
    each = zip(meaning, known, _spread(words), strict=True)
    return [one if is_known else least + share * span for one, is_known, share in each]


def _spread(scores: Sequence[float]) -> list[float]:
    least, most = min(scores, default=0.0), max(scores, default=0.0)
    return [(score - least) / (most - least) if most > least else 0.0 for score in scores]


def freshened(scores: Sequence[float], *, moments: Sequence[int], at: float) -> list[float]:
    """`moments` at which each came out, in seconds."""
    return [
        score * (1 + FRESHNESS * 0.5 ** ((at - moment if moment < at else 0.0) / HALF_LIFE))
        for score, moment in zip(scores, moments, strict=True)
    ]


# Slips of the finger

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def one_slip_away(word: str) -> set[str]:
    """A letter left out, put in, changed, or two swapped."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + c + b[1:] for a, b in cuts if b for c in LETTERS}
    put_in = {a + c + b for a, b in cuts for c in LETTERS}
    return (left_out | swapped | changed | put_in) - {word}


def is_two_slips_away(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 2 or len(word) < 6:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > 2:
            return False
    return row[-1] <= 2
