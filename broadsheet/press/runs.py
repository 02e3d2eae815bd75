"""A long run of the press: articles in batches, printed by several processes, filed by this one. Its memory is two batches."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime

from broadsheet.kit.forking import forked
from broadsheet.newsroom.galley import Galley, draw
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.ties import Shelf, whole_shelf
from broadsheet.press import filing, printing, queries
from broadsheet.press.filing import Proof
from broadsheet.press.galleys import galleys_of
from broadsheet.press.printing import Printed
from broadsheet.press.queries import State

AT_ONCE = 250  # articles filed in one transaction
MAPS_AT_A_TIME = 4  # drawn by a process in one go
WORTH_A_POOL = 400  # articles from which on it pays to print in several processes


Shown = tuple[tuple[str, ...], str]  # a map's countries, and from where it is seen


@dataclass(slots=True)
class Run:
    """What came of it. `left` were not to be printed, or changed meanwhile: each is to be looked at by itself."""

    pressed: int = 0
    unchanged: int = 0
    left: list[int] = field(default_factory=list)
    filings: int = 0
    maps: dict[Shown, str] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """`since` counts others' touches when the rows were read; our own filings are told apart by `filings`."""

    ids: Sequence[int]
    states: dict[int, State]
    unchanged: dict[int, State]
    printed: Iterable[Printed]
    since: int
    filings: int


def press_in_batches(
    article_ids: Sequence[int],
    *,
    at: datetime,
    progress: Callable[[int], None] | None,
    workers: int | None,
    anew: bool,
) -> Run:
    run = Run()
    with forked(_workers_for(len(article_ids)) if workers is None else workers) as pool:
        shelf = whole_shelf(at=at) if len(article_ids) >= WORTH_A_POOL else None
        begun = (_begin(ids, run, pool=pool, at=at, anew=anew, shelf=shelf) for ids in _batches(article_ids))
        for batch in _one_ahead(begun):
            _file(batch, run, at=at)
            if progress:
                progress(len(batch.ids))
    return run


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[begin : begin + AT_ONCE] for begin in range(0, len(ids), AT_ONCE))


def _one_ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Each batch when the next has been begun: while the pool prints that, this one is filed."""
    last = next(batches, None)
    for batch in batches:
        assert last is not None
        yield last
        last = batch
    if last is not None:
        yield last


def _begin(ids: Sequence[int], run: Run, *, pool: Executor | None, at: datetime, anew: bool, shelf: Shelf | None) -> Batch:
    since, filings = queries.touches(), run.filings
    states = {pk: state for pk, state in queries.states(ids).items() if state.is_printable(at)}
    galleys = galleys_of(list(Article.objects.filter(pk__in=states).specific()), at=at, shelf=shelf)
    editions = {} if anew else queries.editions_of_text(states)
    changed: list[Galley] = [galley for galley in galleys if editions.get(galley.id) != galley.digest()]
    unchanged = {pk: state for pk, state in states.items() if pk not in {galley.id for galley in changed}}
    printed = printing.print_galleys(_with_maps(changed, run.maps, pool), pool=pool)
    return Batch(ids=ids, states=states, unchanged=unchanged, printed=printed, since=since, filings=filings)


def _with_maps(galleys: list[Galley], maps: dict[Shown, str], pool: Executor | None) -> list[Galley]:
    """A library shows the same countries again and again: each map is drawn once a run, by whichever process is free."""
    if pool is None:
        return galleys
    wanted = {(galley.located.codes, galley.located.viewpoint) for galley in galleys if galley.located} - maps.keys()
    maps.update(zip(wanted, pool.map(draw, *zip(*wanted, strict=True), chunksize=MAPS_AT_A_TIME), strict=True) if wanted else ())
    return [
        replace(galley, located=replace(galley.located, drawn=maps[galley.located.codes, galley.located.viewpoint]))
        if galley.located
        else galley
        for galley in galleys
    ]


def _file(batch: Batch, run: Run, *, at: datetime) -> None:
    proofs = [Proof(printed, batch.states[printed.galley.id]) for printed in batch.printed]
    filing.file_unchanged(batch.unchanged, at=at)
    done = set(batch.unchanged)
    if proofs:
        since = batch.since + run.filings - batch.filings
        done |= set(filing.file_articles(proofs, since=since, at=at, insist=True, whole_lists=True))
        run.filings += 1
    run.pressed += len(done) - len(batch.unchanged)
    run.unchanged += len(batch.unchanged)
    run.left += [pk for pk in batch.ids if pk not in done]


def _workers_for(articles: int) -> int:
    return os.cpu_count() or 1 if articles >= WORTH_A_POOL else 0
