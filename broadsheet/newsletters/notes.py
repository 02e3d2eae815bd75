"""Which notes on links are beyond a wall: those that stand beyond the cut of the roundup that they were taken from."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadsheet.access.terms import Audience
from broadsheet.library.documents import text_of
from broadsheet.newsletters.models import Item
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Roundup

LOOKS_BACK = timedelta(days=14)  # from an edition's hour: longer than a link waits for its edition


def beyond(items: Iterable[Item], *, due_at: datetime, at: datetime) -> frozenset[int]:
    """The numbers of the links in question. What an editor wrote in its place is the edition's own, and free."""
    noted = {item.pk: _plain(item.standfirst) for item in items if item.url and item.standfirst}
    if not noted:
        return frozenset()
    roundups = Roundup.objects.filter(dated_at__gte=due_at - LOOKS_BACK, dated_at__lt=due_at).exclude(audience=Audience.OPEN)
    walled = [_plain(text_of(galley.rest)) for galley in galleys_of(list(roundups), at=at, shelf={})]
    return frozenset(pk for pk, note in noted.items() if any(note in text for text in walled))


def _plain(text: str) -> str:
    return " ".join(text.split())
