"""How many questions a day, and how much of one article: pure rules, which know numbers and no reader."""

from collections.abc import Iterable, Mapping
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


def mark_of(words: str) -> str:
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


class Ledger:
    """What has been quoted of each article. What fits is written down; what was quoted before costs nothing again."""

    def __init__(self, before: Quoted, *, most: int) -> None:
        self.quoted = {article: dict(words) for article, words in before.items()}
        self._most = most

    def fits(self, *quotations: Quotation) -> bool:
        """All of these, or none."""
        new = {(str(one.source.id), mark_of(one.verbatim)): one.words for one in quotations if not is_in(self.quoted, one)}
        for article in {article for article, _ in new}:
            more = sum(words for (of, _), words in new.items() if of == article)
            if sum(self.quoted.get(article, {}).values()) + more > self._most:
                return False
        for (article, mark), words in new.items():
            self.quoted.setdefault(article, {})[mark] = words
        return True


def is_in(quoted: Quoted, one: Quotation) -> bool:
    return mark_of(one.verbatim) in quoted.get(str(one.source.id), {})


def held_of(
    quotations: Iterable[Quotation], *, most: int, before: Quoted, standing: Quoted
) -> tuple[tuple[Quotation, ...], Quoted]:
    """Of a dossier. `standing`: what it quotes already, which was counted on the day on which it came in."""
    own, day = Ledger({}, most=most), Ledger(before, most=most)
    return tuple(one for one in quotations if own.fits(one) and (is_in(standing, one) or day.fits(one))), day.quoted


def held(brief: Brief, *, most: int, before: Quoted) -> tuple[Brief, Quoted]:
    """The brief with no more words of one article than these, those of the day among them; and what has been quoted by then.

    Of a difference that cannot be shown whole, nothing is.
    """
    ledger = Ledger(before, most=most)
    fits = ledger.fits

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
        ledger.quoted,
    )
