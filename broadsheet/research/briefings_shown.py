"""A reader's own briefing as they see it: each item sealed to what they may know at this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience
from broadsheet.library.sight import Sight
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.models import Pressing
from broadsheet.research.models import Brought
from broadsheet.wire import links_beside
from broadsheet.wire.links_beside import Beside

PAGE, SETTINGS = "/briefing/", "/account/briefing/"


@dataclass(frozen=True, slots=True)
class Item:
    """`outlet`: of a link; "" of an article of ours. `credits`: what stands in the small line below."""

    why: str
    headline: str
    standfirst: str
    credits: tuple[str, ...]
    address: str
    outlet: str = ""


def items_of(rows: Sequence[Brought], *, sight: Sight) -> list[Item]:
    """In their order, without what was taken off the site, or what whoever looks may not know to be about it any more."""
    links = links_beside.at_addresses({row.url for row in rows if row.url})
    stands = _readable((row.article_id for row in rows if not row.url), sight)
    teasers = teasers_of(stands)
    items = []
    for row in rows:
        if row.url and row.url in links:
            items.append(_of_link(row, links[row.url]))
        elif not row.url and row.article_id in teasers and (row.freely or stands[row.article_id]):
            items.append(_of_article(row, teasers[row.article_id], full=stands[row.article_id]))
    return items


def _readable(articles: Iterable[int], sight: Sight) -> dict[int, bool]:
    """Of those on the site: whether the gate would serve the whole of each now."""
    rows = Pressing.objects.filter(article_id__in=set(articles), withdrawn_at=None)
    return {
        pk: sight.is_full(story=short(story), audience=Audience(audience))
        for pk, story, audience in rows.values_list("article_id", "story", "audience")
    }


def _of_article(row: Brought, teaser: Teaser, *, full: bool) -> Item:
    length = teaser.duration or f"{teaser.minutes} min"
    said = (", ".join(teaser.bylines), teaser.label, length, "" if full else "you read its beginning")
    return Item(row.why, teaser.headline, teaser.standfirst, tuple(filter(None, said)), teaser.path)


def _of_link(row: Brought, link: Beside) -> Item:
    on = f"{link.published_on.day} {link.published_on:%B %Y}" if link.published_on else ""
    said = (link.outlet, on, f"in {link.foreign}" if link.foreign else "", "paywalled" if link.paywalled else "")
    return Item(row.why, link.headline, "", tuple(filter(None, said)), link.url, link.outlet)
