"""Terms, privacy, imprint and contact, as the desk wrote them, and what rooms above add: slot `after`."""

import re
from datetime import datetime

import nh3
from django.utils.safestring import mark_safe
from wagtail.rich_text import expand_db_html

from broadsheet.newsroom.models import HousePage
from broadsheet.newsroom.print_blocks import SCHEMES, TAGS
from broadsheet.press import kinds, pages
from broadsheet.press.kinds import Sheet

PATHS = f"/(?P<kind>{'|'.join(HousePage.Kind.values)})/"


def compose(path: str, match: re.Match[str], at: datetime) -> Sheet:
    """One that is not written says so, and is no search engine's."""
    written = HousePage.objects.filter(kind=match["kind"]).first()
    body = written.body if written and written.is_written else ""
    page = pages.page_meta(title=HousePage.Kind(match["kind"]).label, path=path, kind="house", noindex=not body)
    context = {"body": mark_safe(_printed(body)), "after": mark_safe(kinds.slot("house", "after", path))}
    return pages.sheet("pages/house.html", page, context, {f"house:{match['kind']}"})


def _printed(body: str) -> str:
    return nh3.clean(expand_db_html(body), tags=TAGS | {"h2", "h3"}, attributes={"a": {"href"}}, url_schemes=SCHEMES)
