"""What a button of an edition's page means: first what was typed is saved, then the button's own work is done."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from broadsheet.newsletters.actions import making
from broadsheet.newsletters.edition_forms import EditionForm, words_of
from broadsheet.newsletters.models import Edition, Item, Slot
from broadsheet.press.queries import standing


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `verb:number:slot`, as much of it as it has."""

    verb: str
    number: int = 0
    slot: str = ""

    @classmethod
    def read(cls, written: str) -> "Pressed":
        """Whatever is no button of ours saves."""
        verb, _, rest = written.partition(":")
        number, _, slot = rest.partition(":")
        whole = number.isascii() and number.isdecimal() and len(number) < 19
        return cls(verb or "save", int(number) if whole else 0, slot)


def edit(edition: Edition, form: EditionForm, pressed: Pressed, *, at: datetime) -> bool:
    """Whether anything was changed. Raises AlreadyBegun, and then nothing was; Item.DoesNotExist of what is no longer there."""
    with transaction.atomic():
        changed = _save(edition, form)
        return _do(edition, pressed, at=at) or changed


def written_over(edition: Edition, form: EditionForm) -> dict[str, str]:
    """By field: words that were written since the page was made, also in another window, and in whose place others come now."""
    now = {name: str(getattr(edition, name)) for name in form.words.changes}
    return {name: words for name, words in now.items() if words not in ("", form.words.shown(name), form.words.changes[name])}


def _save(edition: Edition, form: EditionForm) -> bool:
    words, changed = form.words.changes, False
    if words:
        making.write(edition, **words)
        changed = True
    for number, of_item in form.items.items():
        if of_item.is_bound and of_item.changed_data:
            now = words_of(edition.items.get(pk=number))
            said = replace(now, **{name: of_item.cleaned_data[name] for name in of_item.changed_data})
            making.reword(edition, item_id=number, words=said)
            changed = True
    if form.has_link:
        making.put_in(edition, slot=_slot_for_links(edition), link=form.link.found)
        changed = True
    return changed


def _do(edition: Edition, pressed: Pressed, *, at: datetime) -> bool:
    number = pressed.number
    match pressed.verb:
        case "up":
            making.step(edition, item_id=number, by=-1)
        case "down":
            making.step(edition, item_id=number, by=1)
        case "move":
            _move(edition, edition.items.get(pk=number), pressed.slot)
        case "drop":
            making.drop(edition, item_id=edition.items.get(pk=number).pk)
        case "back":
            making.put_back(edition, item_id=edition.items.get(pk=number).pk)
        case "put":
            _put(edition, number, pressed.slot)
        case "fill":
            making.assemble(edition, at=at)
        case _:
            return False
    return True


def _move(edition: Edition, item: Item, slot: str) -> None:
    if slot == Slot.Kind.TOP:
        making.lead_with(edition, item_id=item.pk)
    elif slot in Slot.Kind.values:
        making.place(edition, item_id=item.pk, slot=slot, before=None)


def _put(edition: Edition, article: int, slot: str) -> None:
    if not standing([article]):
        raise Item.DoesNotExist
    if slot == Slot.Kind.TOP:
        item = making.put_in(edition, slot=Slot.Kind.ARTICLES, article=article)
        making.lead_with(edition, item_id=item.pk)
    elif slot in Slot.Kind.values:
        making.put_in(edition, slot=slot, article=article)


def _slot_for_links(edition: Edition) -> str:
    """Among the links, where the newsletter has a slot for them."""
    kinds = list(edition.newsletter.slots.exclude(kind=Slot.Kind.TOP).order_by("sort_order").values_list("kind", flat=True))
    return str(Slot.Kind.LINKS if Slot.Kind.LINKS in kinds or not kinds else kinds[-1])
