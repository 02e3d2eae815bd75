"""The verbs of the press: press an article, withdraw it, print a page or a wall, say what is stale, keep the shelves in order."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from broadsheet.access.terms import Audience, Reason
from broadsheet.newsroom.addresses import INDEX_SLUGS
from broadsheet.newsroom.models import Article
from broadsheet.press import compress, filing, kinds, policy, printing, queries, runs
from broadsheet.press.filing import Outrun, Proof
from broadsheet.press.galleys import galley_of
from broadsheet.press.models import Pressing, Slip, Snapshot
from broadsheet.press.queries import ARTICLE, State
from broadsheet.press.runs import Run
from broadsheet.press.signals import pressed
from broadsheet.press.trouble import WITHDRAWN

TRIES = 4
TAKEN_FOR = timedelta(minutes=1)  # a page that somebody is printing is not due for others; if he dies, it is again
KEPT_FOR = timedelta(days=1)  # a superseded snapshot: longer than any gate could still want it
SQUEEZED_AT_ONCE = 20
PRESS_FIRST = ("/", "/latest/", "/feed.rss", "/robots.txt", "/sitemap.xml", WITHDRAWN)
FIRST_ASKED_FOR = (*PRESS_FIRST, *(f"/{slug}/" for slug in INDEX_SLUGS.values()))


class StillChanging(Exception):
    """It changed as often as we printed it; the sweep will print it."""


# Articles


def press(article_id: int, *, at: datetime) -> Pressing | None:
    """Print the live revision of an article; None where it is not to be on the site. Printing it twice changes nothing."""
    for attempt in range(TRIES):
        since, state = queries.touches(), queries.states([article_id]).get(article_id)
        if state is None or not state.is_printable(at):
            withdraw(article_id, at=at)
            return None
        if _press_once(article_id, state, since=since, at=at, insist=attempt == TRIES - 1):
            return Pressing.objects.get(article_id=article_id)
    raise StillChanging(f"Article {article_id} changed {TRIES} times while it was being printed.")


def _press_once(article_id: int, state: State, *, since: int, at: datetime, insist: bool) -> bool:
    """False: it stands otherwise now, or something that it shows may."""
    galley = galley_of(Article.objects.get(pk=article_id).specific, at=at)
    if queries.editions_of_text([article_id]).get(article_id) == galley.digest():
        filing.file_unchanged({article_id: state}, at=at)
        filing.file_looked_at(galley.path, since=since, at=at)
        return True
    proof = Proof(printing.print_galley(galley), state)
    try:
        filed = filing.file_articles([proof], since=since, at=at, insist=insist)
    except Outrun:
        return False
    if filed:
        pressed.send(sender=Pressing, article_id=article_id)
    return bool(filed)


def withdraw(article_id: int, *, at: datetime) -> Pressing | None:
    """Take an article off the site, so that its address answers 410; None where it does not stand there.

    The row decides: an article that is to be on the site stays.
    """
    pressing = filing.file_withdrawal(article_id, at=at)
    if pressing:
        press_missing([WITHDRAWN], at=at)
        pressed.send(sender=Pressing, article_id=article_id)
    return pressing


def press_many(
    article_ids: Sequence[int],
    *,
    at: datetime,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
    anew: bool = False,
) -> Run:
    """Press many articles in batches, each in a transaction of its own: after a kill, what was filed is skipped the next time.

    `progress` is told how many more are done. `workers`: processes to print in, None for as many as pay, 0 for this one alone.
    `anew` prints what has not changed too, for when its looks have.
    """
    run = runs.press_in_batches(article_ids, at=at, progress=progress, workers=workers, anew=anew)
    for article_id in run.left:
        press(article_id, at=at)
    return run


def print_wall(path: str, reason: Reason, *, at: datetime) -> None:
    """Print the preview of an article for one more wall; nothing where it is printed, or where nothing stands behind a wall."""
    for _ in range(TRIES):
        behind_a_wall = Slip.objects.filter(path=path, kind=ARTICLE, withdrawn=False, moved_to="").exclude(audience=Audience.OPEN)
        slip = behind_a_wall.first()
        if slip is None or reason.value in slip.previews:
            return
        pressing = Pressing.objects.get(story=slip.story)
        article = Article.objects.filter(pk=pressing.article_id).first()
        galley = galley_of(article.specific, at=at) if article else None
        if galley is None or galley.digest() != pressing.edition_of_text:
            # What stands on the site is not what the row says: a nudge was missed.
            press(pressing.article_id, at=at)
            continue
        filing.file_wall(path, change=slip.change, reason=reason, pack=printing.print_preview(galley, reason), at=at)


# Pages


def press_page(path: str, *, at: datetime) -> Slip | None:
    """Print a page of a registered kind; None where there is no such page."""
    if (found := kinds.kind_of(path)) is None:
        return None
    kind, match = found
    for attempt in range(TRIES):
        since, sheet = queries.touches(), kind.compose(path, match, at)
        if sheet is None:
            filing.file_gone([path], at=at)
            return None
        full = compress.pack(sheet.html)
        previews = {reason: compress.pack(html) for reason, html in sheet.previews.items()}
        insist = attempt == TRIES - 1
        try:
            return filing.file_page(sheet, kind=kind.name, full=full, previews=previews, since=since, at=at, insist=insist)
        except Outrun:
            continue
    return None


def press_missing(paths: Collection[str], *, at: datetime) -> None:
    """Print those of these pages that were never printed."""
    there = set(Slip.objects.filter(path__in=paths, gone=False).values_list("path", flat=True))
    for path in paths:
        if path not in there:
            press_page(path, at=at)


def stale(keys: Collection[str], *, at: datetime) -> None:
    """What these keys stand for has changed: lazy pages that show them are gone at once, eager ones and articles are due.

    A door that calls this wakes `press.tasks.press_dependents`; the sweep prints what is due without that.
    """
    filing.file_touch({*keys, *policy.indexes_naming(keys)}, at=at)


def print_due(*, at: datetime, most: int | None = None) -> int:
    """Print again what is due, pages before articles; how many."""
    seen: set[int] = set()
    while len(seen) != most and (slip := queries.due(at).exclude(pk__in=seen).first()):
        seen.add(slip.pk)
        if _take(slip, at=at):
            _print_again(slip, at=at)
    return len(seen)


def _take(slip: Slip, *, at: datetime) -> bool:
    """Whoever changes the row has it. A page that fails to print is due again later, and holds up no other meanwhile."""
    return bool(Slip.objects.filter(pk=slip.pk, stale_at=slip.stale_at).update(stale_at=at + TAKEN_FOR))


def _print_again(slip: Slip, *, at: datetime) -> None:
    if slip.kind == ARTICLE:
        pressing = Pressing.objects.filter(story=slip.story).first()
        if pressing:
            press(pressing.article_id, at=at)
        return
    kind = kinds.kind_named(slip.kind)
    if kind and kind.eager:
        press_page(slip.path, at=at)
    else:
        filing.file_gone([slip.path], at=at)


def press_all_pages(*, at: datetime) -> int:
    """Print the pages that readers ask for first, and have all others printed anew when they are asked for; how many."""
    filing.file_gone(queries.lazy_pages(), at=at)
    paths = [*FIRST_ASKED_FOR, *queries.eager_pages()]
    return sum(press_page(path, at=at) is not None for path in dict.fromkeys(paths))


# Upkeep


def press_stale(*, at: datetime, press_one: Callable[[int], object]) -> int:
    """The sweep: whatever a nudge missed. How many articles were found; `press_one` is given each that is not as it should be."""
    missed = queries.unpressed(at)
    for article_id in missed:
        press_one(article_id)
    overstaying = queries.overstaying(at)
    for article_id in overstaying:
        withdraw(article_id, at=at)
    if renamed := queries.left_at_former_addresses():
        stale(renamed, at=at)
    return len(missed) + len(overstaying)


def drop_superseded(*, at: datetime) -> int:
    """Drop the snapshots that no slip has named for a day."""
    old = set(queries.superseded(before=at - KEPT_FOR))
    if not old:
        return 0
    named = queries.named_digests(old)
    return Snapshot.objects.filter(digest__in=old - named, superseded_at__lt=at - KEPT_FOR).delete()[0]


def squeeze(*, most: int, progress: Callable[[int], None] | None = None) -> int:
    """Compress again, at the highest level, what was pressed in haste; how many."""
    done = 0
    while done < most and (rows := queries.unsqueezed(min(SQUEEZED_AT_ONCE, most - done))):
        for row in rows:
            row.brotli, row.squeezed = compress.squeezed(bytes(row.brotli)), True
        Snapshot.objects.bulk_update(rows, ["brotli", "squeezed"])
        done += len(rows)
        if progress:
            progress(len(rows))
    return done
