"""An alert as a feed: the newest that it is about, each to its cut and no further, for whoever holds its secret address."""

from datetime import datetime

from broadsheet.library.alerts import feed_path, sight_of_reader, wanted
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.matches import newest
from broadsheet.library.models import Alert
from broadsheet.newsroom.galley import without_rest
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.typeset import house
from broadsheet.press.feeds import WRITERS, clean
from broadsheet.press.headings import Heading
from broadsheet.press.policy import FEED_LENGTH
from broadsheet.press.queries import standing

MORE = 2  # times as many are looked at as stand in it: some may be seen by others alone


def feed_of(alert: Alert, *, secret: str, at: datetime, index: Index) -> str | None:
    """As Atom; None where what is followed is gone from the desk. Raises `keeping.NotBuilt`."""
    about = next(iter(wanted([alert])), None)
    if about is None:
        return None
    sight = sight_of_reader(alert.reader, at=at)
    with index.reading():
        found = newest(alert, most=MORE * FEED_LENGTH, sight=sight, index=index)
    ids = standing(found)
    articles = Article.objects.filter(pk__in=ids, dated_at__isnull=False).order_by("-dated_at", "-pk")[:FEED_LENGTH]
    galleys = sorted(galleys_of(list(articles), at=at, shelf={}), key=lambda galley: (galley.dated_at, galley.id), reverse=True)
    heading = Heading(list="", kind="alert", title=about.short, address=about.path)
    title = clean(f"{house().name}: {about.short}")
    return WRITERS["atom"](title, heading, [without_rest(galley) for galley in galleys], feed_path(secret))
