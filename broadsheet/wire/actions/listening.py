"""Whom we listen to: put on the list, listened to or not, and written down how each asking went."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from broadsheet.wire import pacing
from broadsheet.wire.actions.taking import Taken
from broadsheet.wire.fetched import Known
from broadsheet.wire.histories import history_of
from broadsheet.wire.models import Poll, Source
from broadsheet.wire.outcomes import Came, Due, Failed, Outcome
from broadsheet.wire.pacing import History
from broadsheet.wire.reading.links import canonical_link, link_key
from broadsheet.wire.reading.opml import Outline, read_outlines, write_outlines

FIRST_WITHIN = timedelta(minutes=2)  # sources that come together are not asked all in the same second
MOST_NAME, MOST_FOLDER, MOST_TROUBLE = 120, 120, 500


class NoSuchAddress(ValueError):
    """The sentence is for the desk."""


@dataclass(frozen=True, slots=True)
class Listed:
    """`known`: were on the list before, and stay as they were. `trouble`: what could not be had."""

    sources: tuple[Source, ...]
    known: int
    trouble: str

    @property
    def added(self) -> int:
        return len(self.sources)


def add(address: str, *, name: str = "", at: datetime, listening: bool = True, **about: object) -> tuple[Source, bool]:
    """Whether it is new. What was on the list stays as it was. Raises NoSuchAddress."""
    canonical = canonical_link(address)
    if not canonical:
        raise NoSuchAddress("That is no address of a feed on the web. It begins with https:// or http://.")
    fields = {"address": canonical, "name": (name or canonical)[:MOST_NAME], "added_at": at, **about}
    source, is_new = Source.objects.get_or_create(address_key=key_of(canonical), defaults=fields)
    if is_new and listening:
        listen([source.pk], at=at)
        source.refresh_from_db()
    return source, is_new


def key_of(address: str) -> str:
    return sha256(link_key(address).encode()).hexdigest()


def listen(ids: Iterable[int], *, at: datetime) -> int:
    """How many are to be asked at once, also those that are gone: somebody wants to know. How they failed is told until then."""
    with transaction.atomic():
        chosen = Source.objects.filter(pk__in=list(ids))
        chosen.filter(listened_since=None).update(listened_since=at)
        return chosen.update(next_at=at, gone_at=None)


def stop(ids: Iterable[int]) -> int:
    """What they brought stays."""
    return Source.objects.filter(pk__in=list(ids), listened_since__isnull=False).update(listened_since=None, next_at=None)


@transaction.atomic
def import_list(body: bytes, *, listening: bool, at: datetime) -> Listed:
    """Twice equals once. Raises opml.NotAList."""
    outlines = read_outlines(body)
    fresh = {key_of(outline.feed): outline for outline in outlines.feeds}
    known = set(Source.objects.filter(address_key__in=fresh).values_list("address_key", flat=True))
    added = [_source_of(key, outline, at=at) for key, outline in fresh.items() if key not in known]
    if listening:
        for place, source in enumerate(added):
            source.listened_since, source.next_at = at, at + FIRST_WITHIN * place / len(added)
    return Listed(tuple(Source.objects.bulk_create(added)), len(fresh) - len(added), outlines.trouble)


def _source_of(key: str, outline: Outline, *, at: datetime) -> Source:
    return Source(
        address_key=key,
        address=outline.feed,
        name=(outline.title or outline.feed)[:MOST_NAME],
        site=outline.site,
        folder=" / ".join(outline.folders)[:MOST_FOLDER],
        language=outline.language,
        added_at=at,
    )


def export_list(title: str) -> bytes:
    rows = Source.objects.order_by("folder", "name", "pk")
    return write_outlines(title, map(_outline_of, rows))


def _outline_of(source: Source) -> Outline:
    folders = tuple(source.folder.split(" / ")) if source.folder else ()
    return Outline(source.address, source.name, source.site, folders, source.language)


# Asked, and answered


def due(*, at: datetime, most: int) -> list[Due]:
    """Whoever has waited longest first."""
    rows = Source.objects.filter(next_at__lte=at, listened_since__isnull=False).order_by("next_at", "pk")[:most]
    return [Due(row.pk, row.address, Known(row.etag, row.last_modified), row.digest) for row in rows]


@transaction.atomic
def write_down(source: Source, outcome: Outcome, taken: Taken, *, jitter: float, at: datetime) -> None:
    """`at`: when it answered. Somebody may have changed the source meanwhile: only what this asking tells is written."""
    row = Source.objects.select_for_update().filter(pk=source.pk).first()
    if row is None:  # somebody has removed it
        return
    row.tried_at = at
    if isinstance(outcome, Failed):
        row.failing_since = row.failing_since or at
        row.failures, row.trouble = row.failures + 1, outcome.sentence[:MOST_TROUBLE]
        row.gone_at = row.gone_at or (at if outcome.is_gone else None)
    else:
        _answered(row, outcome, taken, at=at)
    row.next_at = pacing.next_at(_with_answer(history_of(row), outcome), at=at, jitter=jitter) if row.listened_since else None
    row.save()
    Poll.objects.create(source=row, at=at, **_figures(outcome, taken))


def _answered(row: Source, outcome: Outcome, taken: Taken, *, at: datetime) -> None:
    assert not isinstance(outcome, Failed)
    row.answered_at, row.failing_since, row.failures = at, None, 0
    row.digest, row.etag, row.last_modified = outcome.digest, outcome.answer.etag or row.etag, outcome.answer.last_modified
    if taken.new:
        row.new_at = at
    if isinstance(outcome, Came):
        row.trouble = _trouble(outcome, taken)
        row.etag = outcome.answer.etag
        row.site = row.site or outcome.feed.link
        row.name = outcome.feed.title[:MOST_NAME] if row.name == row.address and outcome.feed.title else row.name
    moved = canonical_link(outcome.answer.moved_to)
    if moved and not Source.objects.filter(address_key=key_of(moved)).exclude(pk=row.pk).exists():
        row.address, row.address_key = moved, key_of(moved)


def _trouble(outcome: Came, taken: Taken) -> str:
    """Also where all that it has was left out, which nobody would guess."""
    too_old = (
        f"All {taken.old} of its pieces are older than we keep any, so none is taken." if taken.old and not taken.items else ""
    )
    return f"{outcome.feed.trouble} {too_old}".strip()[:MOST_TROUBLE]


def _figures(outcome: Outcome, taken: Taken) -> dict[str, object]:
    if isinstance(outcome, Failed):
        return {"status": outcome.status, "took": round(outcome.took * 1000), "trouble": outcome.sentence[:MOST_TROUBLE]}
    took = round(outcome.answer.took * 1000)
    trouble = _trouble(outcome, taken) if isinstance(outcome, Came) else ""
    return {"status": outcome.answer.status, "took": took, "items": taken.items, "new": taken.new, "trouble": trouble}


def _with_answer(history: History, outcome: Outcome) -> History:
    if isinstance(outcome, Failed):
        return replace(history, retry_after=outcome.retry_after)
    return replace(history, retry_after=outcome.answer.retry_after, max_age=outcome.answer.max_age)
