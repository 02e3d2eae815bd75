"""An article from galley to compressed cuts: reads no row and writes none, so that several processes can do it side by side."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from broadsheet.access.terms import Reason
from broadsheet.newsroom import typeset
from broadsheet.newsroom.galley import Galley
from broadsheet.press import compress, policy
from broadsheet.press.compress import Pack

AT_A_TIME = 25  # galleys handed to another process in one go


@dataclass(frozen=True, slots=True)
class Printed:
    """The cuts of one article. An open article has no previews; others have those that strangers meet."""

    galley: Galley
    full: Pack
    previews: dict[Reason, Pack]

    @property
    def packs(self) -> list[Pack]:
        return [self.full, *self.previews.values()]


def print_galley(galley: Galley) -> Printed:
    full, previews = _cuts(galley)
    return Printed(galley, full, previews)


def print_galleys(galleys: Iterable[Galley], *, pool: Executor | None) -> Iterator[Printed]:
    """With a pool they are being printed from now on; without, each when it is asked for."""
    if pool is None:
        return map(print_galley, galleys)
    # The galleys stay here; only bytes come back.
    waiting = list(galleys)
    cuts = pool.map(_cuts, waiting, chunksize=AT_A_TIME)
    return (Printed(galley, full, previews) for galley, (full, previews) in zip(waiting, cuts, strict=True))


def print_preview(galley: Galley, reason: Reason) -> Pack:
    return compress.pack(typeset.preview(galley, reason))


def _cuts(galley: Galley) -> tuple[Pack, dict[Reason, Pack]]:
    full = compress.pack(typeset.full(galley))
    return full, {reason: print_preview(galley, reason) for reason in policy.walls_at_once(galley.audience)}
