"""In what condition this machine's index is, for whoever looks after the machine."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.kit.counting import last_number
from broadsheet.library.actions import gleaning
from broadsheet.library.catching_up import folder, stands
from broadsheet.library.keeping import SUSPECTED, current
from broadsheet.library.looking import Looking
from broadsheet.library.models import Reached
from broadsheet.library.sight import STRANGER
from broadsheet.library.tantivy_index import Unreadable, damage, damage_told, open_index
from broadsheet.press.models import Pressing


@dataclass(frozen=True, slots=True)
class Condition:
    """`trouble`: a sentence, "" where it is sound. `since`: when the first was printed that is not in it, None where all is."""

    trouble: str = ""
    articles: int = 0
    since: datetime | None = None


def condition() -> Condition:
    """Reads all of it."""
    path = current(folder())
    if path is None:
        return Condition("There is none yet, or it is of a version that cannot be read.")
    try:
        with damage_told():
            trouble = damage(path)
            looking = Looking(open_index(path).searcher(), STRANGER)
            mark, articles = looking.mark(), looking.count(looking.everything())
    except Unreadable as unreadable:
        return Condition(f"It is damaged: {unreadable}")
    if trouble or (path / SUSPECTED).exists():
        return Condition(f"It is damaged: {trouble}" if trouble else "A search has met what looks like damage.", articles)
    if not stands(mark):
        return Condition("It has seen what a restored database has not.", articles)
    return Condition(articles=articles, since=printed_first_after(mark.change))


def printed_first_after(change: int) -> datetime | None:
    rows = Pressing.objects.filter(change__gt=change).order_by("change").values_list("pressed_at", flat=True)
    moment: datetime | None = rows.first()
    return moment


def gleaned_since() -> datetime | None:
    """When the first was printed that is not gleaned, or for which no alert was looked for; None where all is done."""
    reached = Reached.objects.values_list("change", flat=True).first()
    upto = min(gleaning.cursor(), reached if reached is not None else last_number("pressings"))
    return printed_first_after(upto)
