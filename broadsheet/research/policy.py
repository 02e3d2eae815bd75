"""How many questions a day, and how much of one article: pure rules, which know numbers and no reader."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from broadsheet.library.sight import Sight
from broadsheet.research.briefs import Brief
from broadsheet.research.differences import Difference
from broadsheet.research.quoting import Quotation

Quoted = Mapping[str, Mapping[str, int]]  # words of each quotation, by article and mark


@dataclass(frozen=True, slots=True)
class Daily:
    """Questions a day, as the house has it."""

    visitors: int
    readers: int
    subscribers: int


def questions_a_day(daily: Daily, *, reads: bool, sight: Sight) -> int | None:
    """`reads`: has an account. None: on a network that subscribes nobody counts them, since many share it."""
    if sight.entitled:
        return daily.subscribers if reads else None
    return daily.readers if reads else daily.visitors


def is_spent(asked: list[str], mark: str, *, most: int) -> bool:
    """The same question again is no other."""
    return mark not in asked and len(asked) >= most


def mark_of(quotation: Quotation) -> str:
    return blake2b(quotation.verbatim.encode("utf-8", "replace"), digest_size=8).hexdigest()


def held(brief: Brief, *, most: int, before: Quoted) -> tuple[Brief, Quoted]:
    """The brief with no more words of one article than these, those of the day among them; and what has been quoted by then.

    What was quoted before costs nothing again. Of a difference that cannot be shown whole, nothing is.
    """
    ledger = {article: dict(words) for article, words in before.items()}

    def fits(*quotations: Quotation) -> bool:
        new = {(str(one.source.id), mark_of(one)): one.words for one in quotations}
        new = {place: words for place, words in new.items() if place[1] not in ledger.get(place[0], {})}
        for article in {article for article, _ in new}:
            more = sum(words for (of, _), words in new.items() if of == article)
            if sum(ledger.get(article, {}).values()) + more > most:
                return False
        for (article, mark), words in new.items():
            ledger.setdefault(article, {})[mark] = words
        return True

    def both(differences: tuple[Difference, ...]) -> tuple[Difference, ...]:
        return tuple(one for one in differences if fits(one.older, one.newer))

    return (
        replace(
            brief,
            answer=brief.answer if brief.answer and fits(brief.answer) else None,
            points=tuple(one for one in brief.points if fits(one)),
            earlier=tuple(one for one in brief.earlier if fits(one)),
            disagreements=both(brief.disagreements),
            changes=both(brief.changes),
        ),
        ledger,
    )
