"""A pick is taken out; that, or picking itself, is undone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from broadsheet.kit.counting import next_number
from broadsheet.membership.models import Reader
from broadsheet.newsroom.models import Country, Issue
from broadsheet.wire import links_beside
from broadsheet.wire.actions import rivals as rivals_of
from broadsheet.wire.actions.counting import held, touch
from broadsheet.wire.actions.picking import TIES, WORDS, locked, said_of, write_down
from broadsheet.wire.models import DayOfLinks, Deed, Item, Pick, Refusal, Rival
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.refusals import is_refused

KEPT = (*WORDS, "url", "url_key", "sort_order", "touched", "item_id", "picked_by_id")


@transaction.atomic
def unpick(chosen: Pick, *, by: Reader | None, at: datetime) -> Deed:
    """It stays in the roundup that was published with it until that is published again; beside our articles it is gone."""
    chosen = locked(chosen.pk)
    deed = write_down(Deed.Kind.UNPICK, chosen, _kept(chosen), said=f"Took out “{chosen.headline}”", by=by, at=at)
    links_beside.changed(links_beside.keys_of([chosen]))
    chosen.delete()
    return deed


def _kept(chosen: Pick) -> dict[str, Any]:
    words = _told({name: getattr(chosen, name) for name in KEPT})
    rivals = [_told(rival) for rival in chosen.rivals.values("url", "sort_order", *rivals_of.WORDS)]
    ties = {name: said_of(chosen, name) for name in TIES}
    return {
        "day": chosen.day.day.isoformat(),
        "words": words,
        "rivals": rivals,
        "picked_at": chosen.picked_at.isoformat(),
        **ties,
    }


def _told(words: Mapping[str, Any]) -> dict[str, Any]:
    """As it can be kept."""
    return {**words, "published_on": words["published_on"] and words["published_on"].isoformat()}


def _untold(words: Mapping[str, Any]) -> dict[str, Any]:
    said = words.get("published_on")  # readings that were kept before had none
    return {**words, "published_on": said and date.fromisoformat(said)}


@transaction.atomic
def undo(deed: Deed, *, by: Reader | None, at: datetime) -> bool:
    """Of a pick or of taking one out; False where it was undone before, or is not there to be undone, or more was made of it."""
    chosen = _held(deed)
    now = Deed.objects.select_for_update().filter(pk=deed.pk).first()
    if now is None or now.undone_at is not None or now.kind not in (Deed.Kind.PICK, Deed.Kind.UNPICK):
        return False
    done = _undo_pick(chosen) if now.kind == Deed.Kind.PICK else _put_back(now.before)
    if done:
        now.undone_at = at
        now.save(update_fields=["undone_at"])
        _tell_of_undoing(now, by=by, at=at)
    return done


def _held(deed: Deed) -> Pick | None:
    """The pick that was made, if it stands; with all that undoing writes to, in the order in which everybody holds it."""
    chosen = Pick.objects.filter(pk=deed.before.get("pick", 0)).first()
    day = {"pk": chosen.day_id} if chosen else {"day": deed.before.get("day")}
    DayOfLinks.objects.select_for_update().filter(**day).first()
    chosen = Pick.objects.select_for_update().filter(pk=chosen.pk).first() if chosen else None
    if deed.story_id:
        held([deed.story_id]).first()
    return chosen


def _undo_pick(chosen: Pick | None) -> bool:
    """Not what was written on since, or is printed: that is taken out by whoever means it, with its words kept."""
    if chosen is None or chosen.touched or is_printed(chosen):
        return False
    links_beside.changed(links_beside.keys_of([chosen]))
    chosen.delete()
    return True


def is_printed(chosen: Pick) -> bool:
    """Its day was published since it was picked."""
    published_at = chosen.day.published_at
    return published_at is not None and published_at >= chosen.picked_at


def _put_back(before: Mapping[str, Any]) -> bool:
    """As it was, unless the piece was picked again or taken down meanwhile; without readings that were taken down."""
    day, _ = DayOfLinks.objects.get_or_create(day=date.fromisoformat(before["day"]))
    words = _untold(before["words"])
    refused = set(Refusal.objects.values_list("key", flat=True))
    if day.picks.filter(url_key=words["url_key"]).exists() or is_refused(link_key(words["url"]), refused):
        return False
    rivals = [_untold(rival) for rival in before["rivals"] if not is_refused(link_key(rival["url"]), refused)]
    words["item_id"] = Item.objects.filter(pk=words["item_id"]).values_list("pk", flat=True).first()
    words["picked_by_id"] = Reader.objects.filter(pk=words["picked_by_id"]).values_list("pk", flat=True).first()
    chosen = Pick.objects.create(day=day, picked_at=datetime.fromisoformat(before["picked_at"]), **words)
    chosen.countries.set(Country.objects.filter(pk__in=before["countries"]))
    chosen.issues.set(Issue.objects.filter(pk__in=before["issues"]))
    Rival.objects.bulk_create(Rival(pick=chosen, **rival) for rival in rivals)
    links_beside.changed(links_beside.keys_of([chosen]))
    return True


def lower(said: str) -> str:
    """Within a sentence."""
    return said[:1].lower() + said[1:]


def _tell_of_undoing(deed: Deed, *, by: Reader | None, at: datetime) -> None:
    if deed.story_id:
        touch([deed.story_id])
    said = f"Undid: {lower(deed.said)}"[:300]
    Deed.objects.create(
        kind=Deed.Kind.UNDO, by=by, at=at, story_id=deed.story_id, change=next_number("wire"), said=said, before={"deed": deed.pk}
    )
