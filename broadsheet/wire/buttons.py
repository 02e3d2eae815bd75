"""What a button of the wire's desk means: which deed, of which stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from broadsheet.membership.models import Reader
from broadsheet.wire import later
from broadsheet.wire.actions import editing, picking, unpicking
from broadsheet.wire.actions.editing import Meanwhile
from broadsheet.wire.asked import number
from broadsheet.wire.models import Item, Pick
from broadsheet.wire.on_desk import best_item

PICKING = ("pick", "pick-item", "unpick")  # which asks for another right


@dataclass(frozen=True, slots=True)
class Pressed:
    """`verb` and `number`, as "drop:12"; what was marked and ticked, and what was chosen beside it."""

    verb: str
    number: int
    marked: Sequence[int] = ()
    items: Sequence[int] = ()
    until: str = ""

    @classmethod
    def read(cls, written: str, *, marked: Sequence[str], items: Sequence[str], until: str) -> "Pressed":
        verb, _, rest = written.partition(":")
        return cls(verb, number(rest), _numbers(marked), _numbers(items), until)


def _numbers(said: Sequence[str]) -> list[int]:
    return [found for one in said[:500] if (found := number(one))]


def work(pressed: Pressed, *, by: Reader, at: datetime, zone: tzinfo) -> str:
    """Does it, and says what was done. Raises Meanwhile; picking.IsRefused, picking.NotAPage."""
    chosen = pressed.number
    match pressed.verb:
        case "pick":
            return _picked_from(chosen, by) or _pick(best_item(chosen), by=by, at=at, zone=zone)
        case "pick-item":
            return _pick(Item.objects.filter(pk=chosen).first(), by=by, at=at, zone=zone)
        case "unpick":
            return _take_out(chosen, by=by, at=at)
        case "drop":
            return f"{editing.drop(chosen, by=by, at=at).said}.{_picked_by_others(chosen, by)}"
        case "mute":
            return f"{editing.mute(chosen, by=by, at=at).said}.{_picked_by_others(chosen, by)}"
        case "later":
            hour = later.hour_called(pressed.until, at=at, zone=zone)
            return f"{editing.later(chosen, until=hour.at, by=by, at=at).said}: back {hour.said}."
        case "back":
            return f"{editing.bring_back(chosen, by=by, at=at).said}."
        case "merge":
            if not pressed.marked:
                raise Meanwhile("Mark the stories first that are to be merged into this one.")
            return f"{editing.merge(chosen, pressed.marked, by=by, at=at).said}."
        case "split":
            if not pressed.items:
                raise Meanwhile("Tick the headlines first that are to be a story of their own.")
            return f"Split off: “{editing.split(pressed.items, by=by, at=at).headline}”."
        case "undo":
            return f"{editing.undo(by=by, at=at).said}."
    raise Meanwhile("That is no button of this page. Nothing was done.")


def _pick(item: Item | None, *, by: Reader, at: datetime, zone: tzinfo) -> str:
    if item is None:
        raise Meanwhile("That piece is gone by now: it is too old.")
    chosen = picking.pick(item, by=by, at=at, zone=zone)
    if chosen.picked_at == at:
        return f"Picked “{chosen.headline}”."
    return _stands_already(chosen, by)


def _picked_from(story_id: int, by: Reader) -> str:
    """A story is picked once for a day, by whichever piece; another piece of it is picked by name."""
    picks = Pick.objects.filter(item__story=story_id, taken_down_at=None, day__published_at=None).select_related("picked_by")
    chosen = picks.order_by("-pk").first()
    return _stands_already(chosen, by) if chosen else ""


def _stands_already(chosen: Pick, by: Reader) -> str:
    who = "you" if chosen.picked_by_id == by.pk else chosen.picked_by.get_short_name() if chosen.picked_by else "somebody"
    return f"“{chosen.headline}” stands among the picks already: {who} picked it."


def _take_out(pick_id: int, *, by: Reader, at: datetime) -> str:
    """While its day is not on the site; from there it is taken on the page of its day."""
    chosen = Pick.objects.filter(pk=pick_id, taken_down_at=None, day__published_at=None).first()
    if chosen is None:
        raise Meanwhile("That is not among the picks any more, or is on the site by now.")
    return f"{unpicking.unpick(chosen, by=by, at=at).said}."


def _picked_by_others(story_id: int, by: Reader) -> str:
    others = Pick.objects.filter(item__story=story_id, taken_down_at=None).exclude(picked_by=by).select_related("picked_by")
    names = sorted({pick.picked_by.get_short_name() if pick.picked_by else "somebody" for pick in others})
    return f" {' and '.join(names)} had picked from it: that stays among the picks." if names else ""
