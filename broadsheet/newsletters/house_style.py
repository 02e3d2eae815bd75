"""How this house has its editions typeset: under its name and imprint, every link of its own looked up on the site."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from urllib.parse import urljoin

from django.urls import Resolver404, resolve
from selectolax.lexbor import LexborHTMLParser
from wagtail.contrib.redirects.models import Redirect

from broadsheet.access.terms import Cut
from broadsheet.newsletters.composed import Composed
from broadsheet.newsletters.typesetting import Printed, typeset
from broadsheet.newsletters.visits import marked
from broadsheet.newsroom import pictures
from broadsheet.newsroom.galley import Picture
from broadsheet.newsroom.models import HousePage
from broadsheet.newsroom.typeset import house
from broadsheet.press import kinds, queries, views
from broadsheet.press.models import Slip

MOST_IMPRINT = 200


def typesetter(*, at: datetime) -> Callable[[Composed, Cut], Printed]:
    """What it looked up once, it knows for the other cut too."""
    known, picture, imprint = cache(partial(leads, at=at)), cache(in_mail), imprint_line()
    return lambda composed, cut: typeset(marked(composed), cut=cut, house=house(), leads=known, in_mail=picture, imprint=imprint)


def in_mail(picture: Picture) -> Picture:
    """One of our own as a JPEG, its address whole."""
    own = pictures.in_mail(replace(picture, src=picture.src.removeprefix(house().url)))
    return replace(own, src=urljoin(picture.src, own.src))


def leads(path: str, *, at: datetime) -> bool:
    """Whether anything is at a path of our site: a page that stands or would be printed, a door, or what leads elsewhere."""
    slip = Slip.objects.filter(path=path, gone=False).first()
    if slip is not None:
        return not slip.withdrawn
    found = kinds.kind_of(path)
    if found and found[0].compose(path, found[1], at) is not None:
        return True
    if _is_a_door(path) or queries.article_at(path, at=at) is not None:
        return True
    return bool(queries.moved_with_its_list(path)) or Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()


def _is_a_door(path: str) -> bool:
    """The press's own view takes every path, and is none."""
    try:
        return resolve(path).func is not views.page
    except Resolver404:
        return False


def imprint_line() -> str:
    """Who publishes, and where: what stands first in the imprint, in a line. "" where nobody has written it."""
    written = HousePage.objects.filter(kind=HousePage.Kind.IMPRINT).first()
    if written is None or not written.is_written:
        return ""
    body = LexborHTMLParser(written.body.replace("<br", ", <br")).body
    paragraphs = [" ".join(node.text().split()) for node in body.css("p")] if body else []
    return next((text.replace(" , ", ", ") for text in paragraphs if text), "")[:MOST_IMPRINT]
