"""Visits from editions, where the house rule has them counted: links to articles then carry a mark, the same for all readers."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.db.models import Count

from broadsheet.access.visits import VISIT, VisitMarks, edition_named
from broadsheet.membership.actions.readings import keep_only_if
from broadsheet.membership.models import Reading
from broadsheet.newsletters.composed import Composed, Line
from broadsheet.newsletters.models import Edition, NewsletterRules


def register() -> None:
    keep_only_if(VISIT, are_counted)


def are_counted() -> bool:
    return bool(NewsletterRules.load().count_visits)


def marked(composed: Composed) -> Composed:
    """With the mark on every link to an article of ours, where the rule is on."""
    if not are_counted():
        return composed
    mark = _marks(settings.SECRETS).parameter(newsletter=composed.newsletter_id, day=composed.goes_on)
    top = composed.top and replace(composed.top, line=_marked(composed.top.line, mark))
    parts = tuple(replace(part, lines=tuple(_marked(line, mark) for line in part.lines)) for part in composed.parts)
    return replace(composed, top=top, parts=parts)


def _marked(line: Line, mark: str) -> Line:
    return line if line.id is None else replace(line, address=f"{line.address}?{mark}")


def visits_of(editions: Iterable[Edition]) -> dict[int, int]:
    """By the edition's number. A visit is a page opened in a browser from a link; what scans mail is none."""
    named = {edition_named(newsletter=one.newsletter_id, day=one.goes_on): one.pk for one in editions}
    found = Reading.objects.filter(reason=VISIT, story__in=named).values_list("story").annotate(Count("pk"))
    counts = {named[story]: number for story, number in found.order_by()}
    return {pk: counts.get(pk, 0) for pk in named.values()}


@lru_cache(maxsize=8)
def _marks(secrets: tuple[str, ...]) -> VisitMarks:
    return VisitMarks(secrets)
