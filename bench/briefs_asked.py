"""Briefs asked for in one process, in the state that the environment names: `python -m bench.with_django bench.briefs_asked 500`.

Prints how far it is to stderr, and JSON.
"""

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import quantiles

from bench.asked_of_it import Fact, facts_in, far_off, near_misses, rarest
from broadsheet.kit.collecting import settle
from broadsheet.library.catching_up import changes_after
from broadsheet.library.keeping import has_meaning, load_model
from broadsheet.library.queries import index_here
from broadsheet.library.sight import EVERYTHING
from broadsheet.research import researching, retrieving
from broadsheet.research.briefs import Brief
from broadsheet.research.nearness import Nearness

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
WARMING, SHARE = 10, 0.4  # of the questions as many again cannot be answered
MOST_OF_A_SHAPE = 0.3  # of the questions
MOST_SENTENCES, MOST_WORDS = 8, 230  # of a screen
UNRESOLVED = re.compile(
    r"[“\"'(]*(?:He|She|They|This|These|Those|His|Her|Its|Their|However|But|And|Moreover|Therefore|Thus|Furthermore|Also|So|Such"
    r"|It(?! (?:is|was|has been) (?:\w+ )*(?:that|to)\b))\b"
)
MARKS = re.compile(r"\s*…\s*")


@dataclass(frozen=True, slots=True)
class Text:
    """An article as the press has it."""

    year: int
    headline: str
    paragraphs: tuple[str, ...]

    @property
    def whole(self) -> str:
        return f"{self.year}\n{self.headline}\n" + "\n".join(self.paragraphs)


def texts() -> dict[int, Text]:
    found: dict[int, Text] = {}
    for _, documents, _ in changes_after(0):
        for one in documents:
            found[one.id] = Text(one.dated_at.year, one.headline, tuple(f"{one.free}\n{one.rest}".splitlines()))
        print(f"\rReading the library: {len(found):,} …", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def some_facts(chance: random.Random, library: dict[int, Text], many: int) -> list[Fact]:
    """From all of it, no shape of question taking more than its share."""
    ids = sorted(library)
    chance.shuffle(ids)
    found: list[Fact] = []
    shapes = Counter[str]()
    for pk in ids:
        facts = list(facts_in(library[pk].headline, "\n".join(library[pk].paragraphs)))
        if not facts:
            continue
        fact = chance.choice(facts)
        shape = " ".join(fact.question.split()[:2])
        if shapes[shape] < MOST_OF_A_SHAPE * many:
            shapes[shape] += 1
            found.append(fact)
        if len(found) == many:
            break
    print(f"{len(found)} questions: {dict(shapes)}", file=sys.stderr)
    return found


def is_faithful(brief: Brief, library: dict[int, Text]) -> bool:
    for quotation in brief.quotations:
        paragraph = library[quotation.source.id].paragraphs[quotation.paragraph]
        place = 0
        for piece in filter(None, MARKS.split(quotation.text) if quotation.text not in paragraph else [quotation.text]):
            place = paragraph.find(piece, place)
            if place < 0:
                return False
            place += len(piece)
        if MARKS.sub("", quotation.text) != quotation.text or _is_whole(quotation.text, paragraph):
            continue
        return False
    return True


def _is_whole(text: str, paragraph: str) -> bool:
    """Nothing is left out before or after it without a mark: it begins and ends where a sentence may."""
    before, after = paragraph.partition(text)[0].rstrip(), paragraph.partition(text)[2].lstrip(" \"'”’)")
    return (not before or before[-1] in ".!?:;…“\"'”’)]*•-–—" or before.endswith(tuple("0123456789."))) and (
        not after or text[-1] in ".!?…\"'”’)]"
    )


def is_a_screen(brief: Brief) -> bool:
    return len(brief.quotations) <= MOST_SENTENCES and sum(len(one.text.split()) for one in brief.quotations) <= MOST_WORDS


def main(many: int) -> None:
    chance = random.Random(20260302)
    library = texts()
    wholes = [text.whole for text in library.values()]

    def holds(parts: Sequence[str]) -> bool:
        return any(all(part in whole for part in parts) for whole in wholes)

    facts = some_facts(chance, library, many)
    half = round(many * SHARE / 2)
    cannot = {"far off": far_off(chance, half, holds), "near miss": near_misses(chance, facts, half, holds)}
    print("Asking …", file=sys.stderr, flush=True)
    reader = index_here()
    nearness = Nearness(load_model(), keeps=0) if has_meaning() else None  # each question as if it came first
    look_up = partial(retrieving.look_up, sight=EVERYTHING, at=AT, reader=reader)
    took: list[float] = []
    worked: list[float] = []

    def ask(question: str) -> Brief:
        began, begun = time.perf_counter(), time.thread_time()
        brief = researching.brief(question, look_up=look_up, nearness=nearness, at=AT)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.thread_time() - begun) * 1000)
        if len(took) % 50 == 0:
            print(f"{len(took)} asked …", file=sys.stderr, flush=True)
        return brief

    for fact in facts[:WARMING]:
        ask(fact.question)
    settle()
    took.clear()
    worked.clear()
    answered = [(fact, ask(fact.question)) for fact in facts]
    refused = {kind: [(question, ask(question)) for question in asked] for kind, asked in cannot.items()}
    _show(answered, refused)
    briefs = [brief for _, brief in answered]
    all_refused = [brief.thin for asked in refused.values() for _, brief in asked]
    lead = [one for brief in briefs for one in brief.quotations]
    print(
        json.dumps(
            {
                "questions": len(briefs),
                "faithful": _share(is_faithful(brief, library) for brief in briefs),
                "refused_answerable": _share(brief.thin for brief in briefs),
                "refused_unanswerable": _share(all_refused),
                **{f"refused_{kind.replace(' ', '_')}": _share(b.thin for _, b in asked) for kind, asked in refused.items()},
                "said_in_first_3": _share(_tells(fact, brief) for fact, brief in answered),
                "opens_unresolved": sum(bool(UNRESOLVED.match(one.text)) for one in lead),
                "longer_than_a_screen": sum(not is_a_screen(brief) for brief in briefs),
                "brief_p50_ms": quantiles(took, n=100)[49],
                "brief_p95_ms": quantiles(took, n=100)[94],
                "brief_core_p95_ms": quantiles(worked, n=100)[94],  # without waiting for others on the same core
            }
        )
    )


def _tells(fact: Fact, brief: Brief) -> bool:
    """The sentence that the question was made of, or one that says the same words, stands among the first three."""
    parts = (*rarest(fact.what), fact.who.split()[-1])
    return any(all(part in one.text or part in one.source.headline for part in parts) for one in brief.quotations[:3])


def _share(those: Iterable[bool]) -> float:
    counted = list(those)
    return sum(counted) / max(1, len(counted))


def _show(answered: Sequence[tuple[Fact, Brief]], refused: dict[str, list[tuple[str, Brief]]]) -> None:
    """What went wrong, to be looked at."""
    for fact, brief in [one for one in answered if one[1].thin][:15]:
        print(f"refused though it is told: {fact.question} {brief.missing}", file=sys.stderr)
    for kind, asked in refused.items():
        for question, brief in [one for one in asked if not one[1].thin][:15]:
            print(f"answered though {kind}: {question} -> {brief.quotations[0].text[:200]}", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1]))
