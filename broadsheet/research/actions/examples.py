"""Questions below the empty field, chosen once a day and tried beforehand: whoever opens the page waits for none of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, pairwise

from django.db import transaction
from django.utils import timezone

from broadsheet.library.documents import Named
from broadsheet.library.gazetteer import shipped
from broadsheet.library.keeping import NotBuilt
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.looking import Looking
from broadsheet.library.queries import index_here
from broadsheet.library.query import Tag, parse
from broadsheet.library.sight import STRANGER
from broadsheet.research.asked_here import load_nearness
from broadsheet.research.briefs import Brief
from broadsheet.research.models import Example, ExamplesTried
from broadsheet.research.opposites import listed
from broadsheet.research.researching import brief
from broadsheet.research.retrieving import look_up

EXAMPLES = 3
MOST_WRITTEN_OF = 4  # countries
TAKE_THE = listed(
    "united emirates republic islands netherlands philippines bahamas gambia maldives comoros seychelles territory territories"
)
TRIED_AGAIN = timedelta(hours=1)  # after nothing was answered


def choose_examples(*, at: datetime, index: Index | None = None) -> int:
    """How many were chosen. Those of another day stay until some are: where the library is being built, or answers nothing."""
    if _are_of(at) or _were_tried_lately(at):
        return 0
    index, nearness = index or index_here(), load_nearness()
    looking = partial(look_up, sight=STRANGER, at=at, reader=index)
    try:
        tried = (text for text in _worded_here(index) if is_told(brief(text, look_up=looking, nearness=nearness, at=at)))
        answered = list(islice(tried, EXAMPLES))
    except NotBuilt:
        return 0
    ExamplesTried.objects.update_or_create(pk=1, defaults={"at": at})
    if answered:
        _write(answered, at=at)
    return len(answered)


def is_told(brief: Brief) -> bool:
    """What stands first names who is asked about, itself or in its headline; not only its article somewhere."""
    return any(
        {one.key for one in shipped().find(f"{first.source.headline}\n{first.text}")}.intersection(brief.question.actors)
        for first in brief.quotations[:1]
    )


def _are_of(at: datetime) -> bool:
    last = Example.objects.order_by("-chosen_at").first()
    return last is not None and timezone.localdate(last.chosen_at) == timezone.localdate(at)


def _were_tried_lately(at: datetime) -> bool:
    return ExamplesTried.objects.filter(at__gt=at - TRIED_AGAIN).exists()


def _worded_here(index: Index) -> Iterable[str]:
    """About what this publication writes of most, as far as strangers may know."""
    with index.reading():
        looking = index.looking(STRANGER)
        countries = looking.facets(looking.everything(), most=MOST_WRITTEN_OF)["country"]
        written_of = [(country.name, _issue_of(country, looking)) for country, _ in countries]
    return worded(written_of)


def _issue_of(country: Named, looking: Looking) -> str:
    """On which it is most written of; "" of none."""
    counted = looking.facets(looking.matching(parse(str(Tag("country", country.slug))).items), most=1)["issue"]
    return counted[0][0].name if counted else ""


def worded(written_of: Sequence[tuple[str, str]]) -> list[str]:
    """`written_of`: countries, each with an issue."""
    countries = [in_a_sentence(country) for country, _ in written_of]
    made = [f"What drives ties between {one} and {other}?" for one, other in pairwise(countries[:3])]
    made += [f"What is at stake in {in_a_sentence(country)} over {issue.lower()}?" for country, issue in written_of if issue]
    return made + [f"What has changed in {country}?" for country in countries]


def in_a_sentence(country: str) -> str:
    """The United States, the Netherlands; Kenya."""
    return f"the {country}" if TAKE_THE & set(country.lower().split()) else country


@transaction.atomic
def _write(texts: Sequence[str], *, at: datetime) -> None:
    Example.objects.all().delete()
    Example.objects.bulk_create(Example(text=text, place=place, chosen_at=at) for place, text in enumerate(texts))
