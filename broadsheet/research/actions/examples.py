"""Questions below the empty field, chosen once a day and tried beforehand: whoever opens the page waits for none of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice, pairwise

from django.db import transaction
from django.utils import timezone

from broadsheet.library.keeping import NotBuilt
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.queries import index_here
from broadsheet.library.sight import STRANGER
from broadsheet.research.asked_here import load_nearness
from broadsheet.research.models import Example
from broadsheet.research.researching import brief
from broadsheet.research.retrieving import look_up

EXAMPLES = 3
MOST_WRITTEN_OF = 4  # countries, and issues


def choose_examples(*, at: datetime, index: Index | None = None) -> int:
    """How many were chosen. None where today's are there, or the library is being built: those of another day stay until then."""
    if _are_of(at):
        return 0
    index, nearness = index or index_here(), load_nearness()
    looking = partial(look_up, sight=STRANGER, at=at, reader=index)
    try:
        tried = (text for text in _worded_here(index) if not brief(text, look_up=looking, nearness=nearness, at=at).thin)
        answered = list(islice(tried, EXAMPLES))
    except NotBuilt:
        return 0
    _write(answered, at=at)
    return len(answered)


def _are_of(at: datetime) -> bool:
    last = Example.objects.order_by("-chosen_at").first()
    return last is not None and timezone.localdate(last.chosen_at) == timezone.localdate(at)


def _worded_here(index: Index) -> Iterable[str]:
    """About what this publication writes of most, as far as strangers may know."""
    with index.reading():
        looking = index.looking(STRANGER)
        counted = looking.facets(looking.everything(), most=MOST_WRITTEN_OF)
    countries, issues = ([value.name for value, _ in counted[of]] for of in ("country", "issue"))
    return worded(countries, issues)


def worded(countries: Sequence[str], issues: Sequence[str]) -> list[str]:
    made = [f"What drives ties between {one} and {other}?" for one, other in pairwise(countries[:3])]
    made += [f"What is at stake in {country} over {issue.lower()}?" for country, issue in zip(countries, issues, strict=False)]
    return made + [f"What has changed in {country}?" for country in countries[:2]]


@transaction.atomic
def _write(texts: Sequence[str], *, at: datetime) -> None:
    Example.objects.all().delete()
    Example.objects.bulk_create(Example(text=text, place=place, chosen_at=at) for place, text in enumerate(texts))
