"""The judged questions asked in one process, in the state that the environment names.

`python -m bench.with_django bench.judged_asked`. Prints each with the first sentences of its brief, then JSON.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

from bench.briefs_asked import AT, Text, texts
from broadsheet.library.keeping import has_meaning, load_model
from broadsheet.library.queries import index_here
from broadsheet.library.sight import EVERYTHING
from broadsheet.research import researching, retrieving
from broadsheet.research.briefs import Brief
from broadsheet.research.nearness import Nearness
from broadsheet.research.quoting import Quotation

JUDGED = Path(__file__).parent / "judged"
ASKED_FIRST, MORE = ("world_affairs.jsonl",), ("more_1.jsonl", "more_2.jsonl")
FIRST = 3
PRONOUN = re.compile(
    r"[“\"'‘(\[]*(?:He|She|It|They|This|That|These|Those|His|Her|Its|Their|Theirs|Him|Them)(?:[’'](?:s|re|ve|ll|d))?\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    """`right`: alternatives, each of patterns that are all found in a sentence that answers."""

    id: int
    text: str
    kind: str
    right: tuple[tuple[re.Pattern[str], ...], ...]

    def is_answered_by(self, sentence: str) -> bool:
        return any(all(pattern.search(sentence) for pattern in patterns) for patterns in self.right)


@dataclass(frozen=True, slots=True)
class Outcome:
    question: Question
    brief: Brief

    @property
    def first(self) -> tuple[Quotation, ...]:
        return self.brief.quotations[:FIRST]

    @property
    def is_right(self) -> bool:
        return any(self.question.is_answered_by(one.text) for one in self.first)

    @property
    def verdict(self) -> str:
        return "refused" if self.brief.thin else "right" if self.is_right else "wrong"


def questions(files: Iterable[str] = ASKED_FIRST) -> Iterator[Question]:
    for line in chain.from_iterable((JUDGED / file).read_text().splitlines() for file in files):
        one = json.loads(line)
        right = tuple(tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for patterns in one["right"])
        yield Question(one["id"], one["question"], one["kind"], right)


def pronoun_openings(brief: Brief, library: dict[int, Text]) -> list[Quotation]:
    """Quotations that open on a pronoun, where what stands before them in their article does not stand before them here."""
    before = (None, *brief.quotations)
    return [one for last, one in pairwise(before) if one and PRONOUN.match(_bare(one)) and not _goes_on(last, one, library)]


def _bare(quotation: Quotation) -> str:
    return quotation.text.removeprefix("… ")


def _goes_on(last: Quotation | None, one: Quotation, library: dict[int, Text]) -> bool:
    """Nothing but space is between the two in their article."""
    if last is None or last.source.id != one.source.id:
        return False
    paragraphs = library[one.source.id].paragraphs
    if last.paragraph == one.paragraph:
        return last.end <= one.begin and not paragraphs[one.paragraph][last.end : one.begin].strip(" \"'”’)")
    between = paragraphs[last.paragraph][last.end :] + "".join(paragraphs[last.paragraph + 1 : one.paragraph])
    return last.paragraph < one.paragraph and not (between + paragraphs[one.paragraph][: one.begin]).strip(" \"'”’)")


def main() -> None:
    library = texts()
    reader = index_here()
    nearness = Nearness(load_model()) if has_meaning() else None
    look_up = partial(retrieving.look_up, sight=EVERYTHING, at=AT, reader=reader)

    def asked(files: Iterable[str]) -> list[Outcome]:
        found = []
        for question in questions(files):
            found.append(Outcome(question, researching.brief(question.text, look_up=look_up, nearness=nearness, at=AT)))
            print(f"\r{len(found)} asked …", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return found

    outcomes, more = asked(ASKED_FIRST), asked(MORE)
    _show([*outcomes, *more])
    unclear = [one for outcome in (*outcomes, *more) for one in pronoun_openings(outcome.brief, library)]
    for one in unclear:
        print(f"opens on a pronoun: {one.text[:120]}")
    print(
        json.dumps(
            {
                **_halves("judged", outcomes),
                **_halves("judged_more", more),
                "judged_pronoun_openings": len(unclear),
                **{f"judged_right_{kind}": _share(one.is_right for one in some) for kind, some in _by_kind(outcomes).items()},
            }
        )
    )


def _halves(name: str, outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {
        f"{name}_right": _share(one.is_right for one in outcomes),
        f"{name}_right_odd": _share(one.is_right for one in outcomes if one.question.id % 2),
        f"{name}_right_even": _share(one.is_right for one in outcomes if not one.question.id % 2),
        f"{name}_refused": _share(one.brief.thin for one in outcomes),
    }


def _by_kind(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    kinds = dict.fromkeys(one.question.kind for one in outcomes)
    return {kind: [one for one in outcomes if one.question.kind == kind] for kind in kinds}


def _share(those: Iterable[bool]) -> float:
    counted = list(those)
    return sum(counted) / max(1, len(counted))


def _show(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        question, brief = outcome.question, outcome.brief
        print(f"{question.id} {outcome.verdict} ({question.kind}): {question.text}")
        for one in outcome.first:
            answers = "+" if question.is_answered_by(one.text) else "-"
            direct = " DIRECT" if one is brief.answer else ""
            print(f"  {answers}{direct} {one.text} [{one.source.headline}, {one.dated_on}]")
        if brief.missing:
            print(f"  missing: {', '.join(brief.missing)}")


if __name__ == "__main__":
    main()
