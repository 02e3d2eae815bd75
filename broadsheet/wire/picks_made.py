"""What a button of the picks' page means: first what was typed is saved, then the button's own work is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.db import transaction

from broadsheet.membership.models import Reader
from broadsheet.wire.actions import arranging, picking, rivals, roundups, unpicking
from broadsheet.wire.actions.picking import AlreadyThere, IsRefused, NewerChange, NotAPage
from broadsheet.wire.actions.rivals import AnotherStory
from broadsheet.wire.actions.roundups import NoPlaceForIt, NothingPicked, TakenBack
from broadsheet.wire.models import DayOfLinks, Deed, Item, Pick, Rival
from broadsheet.wire.pick_forms import Credited, DayForm, PickForm

CALLED = {"published_on": "day", "url": "address"}
NOT_YET = "Yours stands below and is not saved yet: save again, and it takes its place."
THE_DAY = 0  # among what is kept


class NoSuchDay(ValueError):
    """A pick is moved to a day, written as 2026-11-23."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `verb:number:rest`, as much of it as it has. Whatever is no button of ours saves."""

    verb: str
    number: int = 0
    rest: str = ""

    @classmethod
    def read(cls, written: str) -> "Pressed":
        verb, _, behind = written.partition(":")
        number, _, rest = behind.partition(":")
        whole = number.isascii() and number.isdecimal() and len(number) < 19
        return cls(verb or "save", int(number) if whole else 0, rest)


@dataclass(frozen=True, slots=True)
class Done:
    """What is to be told. `kept`: the forms whose words are not saved, since somebody wrote there meanwhile; `kept_rivals`: those
    of rival readings."""

    said: str = ""
    troubles: Sequence[str] = ()
    kept: Sequence[int] = ()
    deed: int = 0
    kept_rivals: Sequence[int] = ()

    @property
    def is_saved(self) -> bool:
        return not (self.kept or self.kept_rivals)


@dataclass(frozen=True, slots=True)
class Typed:
    """`forms`, `touched`: by pick; the latter as the page had it. `rivals`: by rival reading."""

    day: DayForm | None = None
    forms: Mapping[int, PickForm] = field(default_factory=dict)
    rivals: Mapping[int, Credited] = field(default_factory=dict)
    touched: Mapping[int, int] = field(default_factory=dict)
    order: Sequence[int] = ()

    @property
    def is_valid(self) -> bool:
        all_of_them = (self.day, *self.forms.values(), *self.rivals.values())
        forms: list[Any] = [form for form in all_of_them if form is not None and form.is_bound]
        return not [form for form in forms if not form.is_valid()]  # each, so that each says what is wrong

    def not_saved(self, done: Done) -> "Typed":
        forms = {number: form for number, form in self.forms.items() if number in done.kept}
        rivals = {number: form for number, form in self.rivals.items() if number in done.kept_rivals}
        return Typed(self.day if THE_DAY in done.kept else None, forms, rivals)


def do(day: DayOfLinks, typed: Typed, pressed: Pressed, *, by: Reader, at: datetime, zone: tzinfo) -> Done:
    troubles, kept = _save(day, typed)
    kept_rivals = _save_rivals(typed, troubles)
    if kept or kept_rivals:  # nothing is done upon words that were not saved
        return Done("", troubles, kept, kept_rivals=kept_rivals)
    try:
        said, deed = _act(day, pressed, by=by, at=at, zone=zone)
    except (AlreadyThere, AnotherStory, IsRefused, NotAPage, NoSuchDay, NothingPicked, TakenBack, NoPlaceForIt) as trouble:
        return Done("", [*troubles, str(trouble)])
    except (Pick.DoesNotExist, Item.DoesNotExist):
        return Done("", [*troubles, "That no longer stands there. This is how it is now."])
    return Done(said, troubles, (), deed)


def _save(day: DayOfLinks, typed: Typed) -> tuple[list[str], list[int]]:
    troubles: list[str] = []
    kept: list[int] = []
    if typed.day and typed.day.is_bound and (newer := _save_the_day(day, typed.day)):
        kept.append(THE_DAY)
        troubles += newer
    if typed.order:
        arranging.arrange(day, typed.order)
    for number, form in typed.forms.items():
        if not form.is_bound or not form.changes:
            continue
        try:
            picking.edit(number, form.changes, touched=typed.touched.get(number, 0), shown=form.shown)
        except NewerChange as newer:
            kept.append(number)
            now = Pick.objects.get(pk=number)
            troubles += [_told(now, name) for name in newer.fields]
        except (AlreadyThere, IsRefused, NotAPage) as trouble:
            kept.append(number)
            troubles.append(str(trouble))
        except Pick.DoesNotExist:
            troubles.append(f"“{form.data.get(form.add_prefix('headline'), 'A pick')}” was taken out meanwhile.")
    return troubles, kept


def _save_rivals(typed: Typed, troubles: list[str]) -> list[int]:
    """Those that are kept. What was written of one that was taken out meanwhile, or with its pick, is told."""
    kept: list[int] = []
    for number, form in typed.rivals.items():
        if not form.is_bound or not form.changes:
            continue
        try:
            rivals.edit(number, form.changes, shown=form.shown)
        except NewerChange as newer:
            kept.append(number)
            now = Rival.objects.get(pk=number)
            troubles += [_told(now, name) for name in newer.fields]
        except Rival.DoesNotExist:
            troubles.append(f"“{form.cleaned_data['headline']}” was taken out meanwhile.")
    return kept


def _save_the_day(day: DayOfLinks, form: DayForm) -> list[str]:
    """Only what was changed: another may write the other field. Sentences of what somebody wrote since it was shown."""
    try:
        arranging.write_the_day(day, **form.changes, shown=form.shown)
    except NewerChange as newer:
        day.refresh_from_db()
        return [f"Since you opened this page the {name} became “{getattr(day, name)}”. {NOT_YET}" for name in newer.fields]
    return []


def _told(now: Pick | Rival, name: str) -> str:
    what = CALLED.get(name, name)
    return f"Since you opened this page the {what} of “{now.headline}” became “{_said(now, name)}”. {NOT_YET}"


def _said(now: Pick | Rival, name: str) -> str:
    value = getattr(now, name)
    return ", ".join(map(str, value.all())) if hasattr(value, "all") else str(value)


@transaction.atomic
def _act(day: DayOfLinks, pressed: Pressed, *, by: Reader, at: datetime, zone: tzinfo) -> tuple[str, int]:
    match pressed.verb:
        case "up" | "down":
            arranging.step(_of(day, pressed), by=-1 if pressed.verb == "up" else 1)
        case "drop":
            deed = unpicking.unpick(_of(day, pressed), by=by, at=at)
            return f"{deed.said}.", deed.pk
        case "undo":
            deed_done = unpicking.undo(Deed.objects.get(pk=pressed.number), by=by, at=at) if _is_deed(pressed) else False
            return ("Undone." if deed_done else "That cannot be undone any more."), 0
        case "rival":
            rivals.add(_of(day, pressed), _item(pressed.rest), zone=zone)
        case "drop-rival":
            rivals.drop(_with_rival(day, pressed), pressed.number)
        case "move":
            moved = arranging.move(_of(day, pressed), to=_day(pressed.rest))
            return f"“{moved.headline}” is for {moved.day.day:%-d %B} now.", 0
        case "hold" | "let-go":
            arranging.hold(day, at=at if pressed.verb == "hold" else None)
            return ("It waits until you publish it." if pressed.verb == "hold" else "It goes out at its hour again."), 0
        case "publish":
            article = roundups.publish(day, by=by, at=at)
            return f"“{article.title}” is on the site.", 0
        case _:
            return "", 0
    return "", 0


def _of(day: DayOfLinks, pressed: Pressed) -> Pick:
    return day.picks.get(pk=pressed.number)


def _item(written: str) -> Item:
    return Item.objects.get(pk=int(written) if written.isdecimal() else 0)


def _with_rival(day: DayOfLinks, pressed: Pressed) -> Pick:
    return day.picks.get(rivals__pk=pressed.number)


def _is_deed(pressed: Pressed) -> bool:
    return Deed.objects.filter(pk=pressed.number, kind__in=(Deed.Kind.PICK, Deed.Kind.UNPICK)).exists()


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise NoSuchDay("Say to which day.") from None
