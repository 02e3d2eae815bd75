"""A question put to this machine's library, in somebody's sight."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from itertools import pairwise

from broadsheet.library.keeping import NotBuilt, NotTheModel, has_meaning, load_model
from broadsheet.library.queries import index_here
from broadsheet.library.sight import STRANGER, Sight
from broadsheet.research.choosing import Nearness
from broadsheet.research.posed import Posed
from broadsheet.research.researching import Event, research
from broadsheet.research.retrieving import look_up


def events(posed: Posed, *, sight: Sight, at: datetime) -> Iterator[Event]:
    """Raises `library.keeping.NotBuilt`."""
    looking = partial(look_up, sight=sight, at=at, reader=index_here())
    return research(posed.question, look_up=looking, nearness=_nearness(), at=at)


@cache
def _nearness() -> Nearness | None:
    """None without the extra `meaning`: then all goes by words."""
    if not has_meaning():
        return None
    try:
        model = load_model()
    except NotTheModel:
        return None
    nearness: Nearness = import_module("broadsheet.research.nearness").Nearness(model)
    return nearness


def examples() -> list[str]:
    """Three questions, about what this publication writes of most; fewer while it has written of little."""
    reader = index_here()
    try:
        with reader.reading():
            looking = reader.looking(STRANGER)
            counted = looking.facets(looking.everything(), most=3)
    except NotBuilt:
        return []
    return worded([value.name for value, _ in counted["country"]], [value.name for value, _ in counted["issue"]])


def worded(countries: Sequence[str], issues: Sequence[str]) -> list[str]:
    made = [f"What has changed in {country}?" for country in countries[:1]]
    made += [f"What drives ties between {one} and {other}?" for one, other in pairwise(countries[:2])]
    made += [f"Why does {issue.lower()} matter to {country}?" for issue in issues[:1] for country in countries[-1:]]
    return made
