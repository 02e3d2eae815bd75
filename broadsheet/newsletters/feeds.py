"""The Atom feed of a newsletter: its newest editions, as everybody may read them."""

import re
from datetime import datetime

from django.template.loader import render_to_string

from broadsheet.access.terms import Cut
from broadsheet.newsletters.archive import gone_out
from broadsheet.newsletters.composed import Composed
from broadsheet.newsletters.composing import compose
from broadsheet.newsletters.models import Edition, Newsletter
from broadsheet.newsletters.pages import OVERVIEW, feed_of, free_of, keys_of, keys_of_free, where_now
from broadsheet.newsletters.story import story_of
from broadsheet.newsroom.typeset import house
from broadsheet.press import kinds, pages
from broadsheet.press.feeds import Atom, clean
from broadsheet.press.kinds import PageKind, Sheet
from broadsheet.press.policy import FEED_LENGTH


def register_feed() -> None:
    paths = re.compile(rf"{OVERVIEW}(?P<slug>[A-Za-z0-9_-]+)/feed/")
    kinds.register(PageKind("newsletter-feed", paths, compose_feed, lead=where_now))


def compose_feed(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    newsletter = Newsletter.objects.filter(slug=match["slug"]).first()
    if newsletter is None:
        return None
    name, keys = f"{house().name}: {newsletter.name}", keys_of(newsletter.pk)
    feed = Atom(
        title=clean(name),
        link=pages.whole(f"{OVERVIEW}{newsletter.slug}/"),
        description=clean(newsletter.promise),
        language="en-GB",
        feed_url=pages.whole(feed_of(newsletter)),
        author_name=house().name,
    )
    for edition in gone_out(newsletter)[:FEED_LENGTH]:
        composed = compose(edition, at=at)
        _add(feed, edition, composed)
        keys |= keys_of_free(composed, newsletter)
    return Sheet(
        path=path, html=str(feed.writeString("utf-8")), keys=frozenset(keys), content_type=f"{pages.MIME['atom']}; charset=utf-8"
    )


def _add(feed: Atom, edition: Edition, composed: Composed) -> None:
    free = free_of(composed, edition)
    story = story_of(composed.top, cut=Cut.PREVIEW, in_mail=lambda picture: picture) if composed.top else None
    feed.add_item(
        title=clean(free.subject),
        link=pages.whole(free.path),
        description=clean(free.preheader),
        author_name=house().name,
        pubdate=edition.begun_at,
        updateddate=edition.begun_at,
        unique_id=pages.whole(f"/#newsletter-{edition.newsletter_id}-{edition.goes_on}"),  # also where it is renamed
        unique_id_is_permalink=False,
        content=clean(render_to_string("edition/feed.html", {"composed": free, "story": story})),
    )
