"""Writing down what was printed, each time in one short transaction; nothing here renders, compresses or waits.

Every filing first counts a touch, which makes filings queue up. Whoever printed before somebody else's touch may have printed
what is no longer so: he is sent back (`Outrun`), or where he insists, his page is filed as due to be printed again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.access.terms import Reason
from broadsheet.kit.counting import next_number, next_numbers
from broadsheet.press import policy, queries
from broadsheet.press.compress import Pack
from broadsheet.press.kinds import Sheet
from broadsheet.press.models import Listed, PageFile, PressedFile, Pressing, Shows, Slip, Snapshot
from broadsheet.press.policy import Stand
from broadsheet.press.printing import Printed
from broadsheet.press.queries import ARTICLE, State

KEYS_AT_A_TIME = 500
SLIP_FIELDS = (
    *("change", "kind", "story", "audience", "content_type", "full_cut", "previews"),
    *("moved_to", "withdrawn", "gone", "pressed_at", "stale_at"),
)
PRESSING_FIELDS = (
    *("path", "change", "edition_of_text", "audience", "live_revision", "published_at", "dated_at", "changed_at"),
    *("month", "teaser", "cut", "pressed_at", "withdrawn_at"),
)


class Outrun(Exception):
    """Something that pages show has changed while this one was being printed: print it again."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A printed article, and how its row stood when it was set."""

    printed: Printed
    state: State

    @property
    def id(self) -> int:
        return self.printed.galley.id


def file_articles(
    proofs: Sequence[Proof], *, since: int, at: datetime, insist: bool = False, whole_lists: bool = False
) -> list[int]:
    """File printed articles; the ids of those that were, since an article that stands otherwise now is left out.

    `since`: the touches counted before anything was read. `whole_lists`: many at once, so no single page of a list is named.
    """
    with transaction.atomic():
        stale_at = _take_turn(since, at=at, insist=insist)
        states_now = queries.states([proof.id for proof in proofs])
        proofs = [proof for proof in proofs if states_now.get(proof.id) == proof.state]
        before = queries.stands([proof.id for proof in proofs])
        after = {proof.id: policy.stand_of(proof.printed.galley, zone=queries.zone()) for proof in proofs}
        keys = _keys_touched(before, after, whole_lists=whole_lists)
        _write_pressings(proofs, after, at=at)
        _write_snapshots([pack for proof in proofs for pack in proof.printed.packs], at=at)
        _write_slips([_slip_of(proof.printed, at=at, stale_at=stale_at) for proof in proofs], at=at)
        _write_shows({proof.printed.galley.path: proof.printed.galley.keys for proof in proofs})
        _move_old_addresses({proof.printed.galley.story: proof.printed.galley.path for proof in proofs}, at=at)
        _write_lists(before, after)
        _write_files(proofs)
        mark_stale(keys, at=at, spare_since=at if whole_lists else None)
    return list(after)


def file_unchanged(states: Mapping[int, State], *, at: datetime) -> None:
    """What these rows say is printed already: note where it is under another revision."""
    for pressing in Pressing.objects.filter(article_id__in=states):
        state = states[pressing.article_id]
        if (pressing.live_revision, pressing.published_at) != (state.live_revision, state.published_at):
            pressing.live_revision, pressing.published_at = state.live_revision, state.published_at
            pressing.save(update_fields=["live_revision", "published_at"])


def file_looked_at(path: str, *, since: int, at: datetime) -> None:
    """A page that was due says what it should: it is due no more, unless something was touched meanwhile."""
    if not Slip.objects.filter(path=path, stale_at__isnull=False).exists():
        return
    with transaction.atomic():
        Slip.objects.filter(path=path).update(stale_at=_take_turn(since, at=at, insist=True))


def file_withdrawal(article_id: int, *, at: datetime) -> Pressing | None:
    """Take an article off the site; None where it does not stand there, or was put back meanwhile."""
    with transaction.atomic():
        next_number(queries.TOUCHES)
        pressing = Pressing.objects.filter(article_id=article_id, withdrawn_at__isnull=True).first()
        state = queries.states([article_id]).get(article_id)
        if pressing is None or (state and state.is_printable(at)):
            return None
        before = queries.stands([article_id])
        keys = _keys_touched(before, {article_id: None}, whole_lists=False)
        pressing.withdrawn_at, pressing.change = at, next_number("pressings")
        pressing.save(update_fields=["withdrawn_at", "change"])
        _empty(list(Slip.objects.filter(story=pressing.story, moved_to="")), at=at, withdrawn=True)
        Listed.objects.filter(article_id=article_id).delete()
        PressedFile.objects.filter(article_id=article_id).delete()
        mark_stale(keys, at=at)
    return pressing


def file_page(
    sheet: Sheet, *, kind: str, full: Pack, previews: Mapping[Reason, Pack], since: int, at: datetime, insist: bool = False
) -> Slip:
    with transaction.atomic():
        stale_at = _take_turn(since, at=at, insist=insist) or sheet.until
        slip = Slip(
            path=sheet.path,
            kind=kind,
            story=sheet.story,
            audience=sheet.audience,
            content_type=sheet.content_type,
            pressed_at=at,
            stale_at=stale_at,
            full_cut=full.digest,
            previews={reason.value: pack.digest for reason, pack in previews.items()},
        )
        _write_snapshots([full, *previews.values()], at=at)
        _write_slips([slip], at=at)
        _write_shows({sheet.path: sheet.keys})
        written = Slip.objects.get(path=sheet.path)
        PageFile.objects.filter(slip=written).delete()
        PageFile.objects.bulk_create(PageFile(slip=written, path=path) for path in sorted(sheet.files))
    return written


def file_wall(path: str, *, change: int, reason: Reason, pack: Pack, at: datetime) -> None:
    """Add the preview for one more wall, unless the page was printed anew since: then it is asked for again."""
    with transaction.atomic():
        number = next_number("slips")
        slip = Slip.objects.filter(path=path, change=change).first()
        if slip is None:
            return
        _write_snapshots([pack], at=at)
        slip.previews[reason.value] = pack.digest
        slip.change = number
        slip.save(update_fields=["previews", "change"])


def file_touch(keys: Collection[str], *, at: datetime) -> None:
    """Something that is no article has changed: what shows these keys is stale."""
    with transaction.atomic():
        next_number(queries.TOUCHES)
        mark_stale(keys, at=at)


def file_gone(paths: Collection[str], *, at: datetime) -> None:
    """These pages are printed no more; whoever asks for them asks Django."""
    standing = Slip.objects.filter(path__in=paths, gone=False, withdrawn=False, moved_to="")
    if standing.exists():
        with transaction.atomic():
            _empty(list(standing.all()), at=at, gone=True)


def mark_stale(keys: Collection[str], *, at: datetime, spare_since: datetime | None = None) -> None:
    """Inside a transaction. A lazy page is gone at once; an eager one and an article stay as they are until printed again.

    `spare_since`: articles pressed at or after this moment, in the same long run, have seen what the run presses.
    """
    eager = [ARTICLE, *queries.eager_kinds()]
    ordered = sorted(keys)
    for begin in range(0, len(ordered), KEYS_AT_A_TIME):
        showing = Shows.objects.filter(key__in=ordered[begin : begin + KEYS_AT_A_TIME]).values("slip_id")
        touched = Slip.objects.filter(pk__in=showing, gone=False, withdrawn=False, moved_to="")
        _empty(list(touched.exclude(kind__in=eager)), at=at, gone=True)
        if spare_since:
            touched = touched.exclude(kind=ARTICLE, pressed_at__gte=spare_since)
        touched.filter(kind__in=eager).update(stale_at=at)


# Inside a transaction


def _take_turn(since: int, *, at: datetime, insist: bool) -> datetime | None:
    """When what was printed is stale again: None if nobody touched anything since."""
    if next_number(queries.TOUCHES) == since + 1:
        return None
    if not insist:
        raise Outrun
    return at


def _keys_touched(
    before: Mapping[int, Stand], after: Mapping[int, Stand] | Mapping[int, None], *, whole_lists: bool
) -> frozenset[str]:
    if whole_lists:
        return policy.touched_by_many({pk: (before.get(pk), stand) for pk, stand in after.items()})
    length = queries.listing_length()
    return frozenset().union(
        *(
            policy.touched(
                pk,
                before=before.get(pk),
                after=after[pk],
                moves=queries.moves(pk, before=before.get(pk), after=after[pk]),
                length=length,
            )
            for pk in after
        )
    )


def _slip_of(printed: Printed, *, at: datetime, stale_at: datetime | None) -> Slip:
    galley = printed.galley
    return Slip(
        path=galley.path,
        kind=ARTICLE,
        story=galley.story,
        audience=galley.audience,
        full_cut=printed.full.digest,
        previews={reason.value: pack.digest for reason, pack in printed.previews.items()},
        pressed_at=at,
        stale_at=stale_at,
    )


def _write_snapshots(packs: Iterable[Pack], *, at: datetime) -> None:
    rows = {
        pack.digest: Snapshot(digest=pack.digest, brotli=pack.brotli, gzip=pack.gzip, size=pack.size, pressed_at=at)
        for pack in packs
    }
    Snapshot.objects.bulk_create(rows.values(), ignore_conflicts=True)
    Snapshot.objects.filter(digest__in=rows, superseded_at__isnull=False).update(superseded_at=None)


def _write_slips(slips: Sequence[Slip], *, at: datetime) -> None:
    _supersede(Slip.objects.filter(path__in=[slip.path for slip in slips]), named=_digests(slips), at=at)
    for slip, change in zip(slips, next_numbers("slips", count=len(slips)), strict=True):
        slip.change = change
    Slip.objects.bulk_create(slips, update_conflicts=True, unique_fields=["path"], update_fields=SLIP_FIELDS)


def _empty(slips: Sequence[Slip], *, at: datetime, withdrawn: bool = False, gone: bool = False, moved_to: str = "") -> None:
    """A path without a page: what it named is superseded, and it shows nothing any more."""
    if not slips:
        return
    _supersede(slips, named=frozenset(), at=at)
    for slip, change in zip(slips, next_numbers("slips", count=len(slips)), strict=True):
        slip.change, slip.full_cut, slip.previews, slip.stale_at, slip.pressed_at = change, "", {}, None, at
        slip.withdrawn, slip.gone, slip.moved_to = withdrawn, gone, moved_to
    Slip.objects.bulk_update(slips, [name for name in SLIP_FIELDS if name not in ("kind", "story", "audience", "content_type")])
    Shows.objects.filter(slip__in=slips).delete()
    PageFile.objects.filter(slip__in=slips).delete()


def _supersede(slips: Iterable[Slip], *, named: Collection[str], at: datetime) -> None:
    old = _digests(slips) - set(named)
    if old:
        Snapshot.objects.filter(digest__in=old).update(superseded_at=at)


def _digests(slips: Iterable[Slip]) -> set[str]:
    return {digest for slip in slips for digest in (slip.full_cut, *slip.previews.values()) if digest}


def _write_shows(keys: Mapping[str, Iterable[str]]) -> None:
    """Whatever is printed, the house rules shape."""
    slips = dict(Slip.objects.filter(path__in=keys).values_list("path", "pk"))
    Shows.objects.filter(slip__in=slips.values()).delete()
    Shows.objects.bulk_create(
        Shows(slip_id=slips[path], key=key) for path, shown in keys.items() for key in sorted({*shown, "rules"})
    )


def _move_old_addresses(addresses: Mapping[str, str], *, at: datetime) -> None:
    """Wherever a story stood before leads to where it stands now."""
    elsewhere = Slip.objects.filter(story__in=addresses).exclude(path__in=addresses.values())
    for slip in elsewhere:
        if slip.moved_to != addresses[slip.story]:
            _empty([slip], at=at, moved_to=addresses[slip.story])


def _write_pressings(proofs: Sequence[Proof], after: Mapping[int, Stand], *, at: datetime) -> None:
    numbers = next_numbers("pressings", count=len(proofs))
    Pressing.objects.bulk_create(
        [_pressing(proof, after[proof.id], change=change, at=at) for proof, change in zip(proofs, numbers, strict=True)],
        update_conflicts=True,
        unique_fields=["article_id"],
        update_fields=PRESSING_FIELDS,
    )


def _pressing(proof: Proof, stand: Stand, *, change: int, at: datetime) -> Pressing:
    galley, state = proof.printed.galley, proof.state
    return Pressing(
        article_id=galley.id,
        story=galley.story,
        path=galley.path,
        change=change,
        edition_of_text=galley.digest(),
        audience=galley.audience,
        pressed_at=at,
        withdrawn_at=None,
        live_revision=state.live_revision,
        published_at=state.published_at,
        dated_at=stand.dated_at,
        changed_at=galley.changed_at,
        month=stand.month,
        teaser=stand.teaser,
        cut=stand.cut,
    )


def _write_lists(before: Mapping[int, Stand], after: Mapping[int, Stand]) -> None:
    anew = {
        pk: stand
        for pk, stand in after.items()
        if (old := before.get(pk)) is None or (old.lists, old.dated_at) != (stand.lists, stand.dated_at)
    }
    Listed.objects.filter(article_id__in=anew).delete()
    Listed.objects.bulk_create(
        Listed(list=name, article_id=pk, dated_at=stand.dated_at, month=stand.month)
        for pk, stand in anew.items()
        for name in sorted(stand.lists)
    )


def _write_files(proofs: Sequence[Proof]) -> None:
    PressedFile.objects.filter(article_id__in=[proof.id for proof in proofs]).delete()
    files: dict[tuple[int, str], bool] = {}
    for proof in proofs:
        for file in proof.printed.galley.files:
            files[proof.id, file.path] = files.get((proof.id, file.path), False) or file.free
    PressedFile.objects.bulk_create(PressedFile(article_id=pk, path=path, free=free) for (pk, path), free in files.items())
