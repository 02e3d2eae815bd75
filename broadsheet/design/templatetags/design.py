"""What templates ask of the house: the publication's name, hashed static files, dates in its zone."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from broadsheet.design import inline, mjml

register = template.Library()

ICON_KEEPS = " '/:="
DURATION = re.compile(r"(?:(?P<hours>\d+):)?(?P<minutes>\d+):[0-5]\d", re.ASCII)
NARROWED_BY = {"regions": "region", "countries": "country", "issues": "issue", "series": "series", "contributors": "author"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@register.simple_tag
def publication_name() -> str:
    return str(settings.PUBLICATION_NAME)


@register.inclusion_tag("components/demo-bar.html")
def demo_bar() -> dict[str, bool]:
    """A fact of the deployment, so that a pressed page may have it."""
    return {"shown": bool(settings.DEMO)}


@register.simple_tag
def static_file(name: str) -> str:
    """The address of a static file, with the hash of what is in it."""
    return str(staticfiles_storage.url(name))


@register.simple_tag
@lru_cache(maxsize=4096)
def teaser_in_list(teaser: Any, level: int = 3) -> str:
    """The component `teaser`, set once: one article's teaser stands under many others, in both of their cuts."""
    return render_to_string("components/teaser.html", {"teaser": teaser, "size": "", "level": level})


@register.simple_tag
def search_within(*paths: str) -> str:
    """The search narrowed to what all of these lists are of: /search/?country=kenya of /countries/kenya/; "" where none is."""
    parts = [path.strip("/").split("/") for path in paths]
    known = [(NARROWED_BY[part[0]], part[1]) for part in parts if len(part) == 2 and part[0] in NARROWED_BY]
    return f"/search/?{urlencode(sorted(known))}" if known and len(known) == len(paths) else ""


@register.simple_tag
def early_script() -> SafeString:
    """What must run before the first paint: the reader's theme and text size. Constant, so that a policy can name its hash."""
    return mark_safe(f"<script>{inline.EARLY}</script>")


@register.simple_tag
def icon() -> SafeString:
    """As an address that asks for no file; it holds no double quotes."""
    return mark_safe(f"data:image/svg+xml,{quote(inline.ICON, safe=ICON_KEEPS)}")


@register.filter
def local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


@register.filter
def day(moment: datetime | date) -> str:
    """2 March 2026."""
    at = local(moment) if isinstance(moment, datetime) else moment
    return f"{at.day} {at:%B %Y}"


@register.filter
def weekday(moment: datetime | date) -> str:
    """Monday, 2 March 2026."""
    at = local(moment) if isinstance(moment, datetime) else moment
    return f"{at:%A}, {day(at)}"


@register.filter
def iso(moment: datetime | date) -> str:
    return local(moment).isoformat() if isinstance(moment, datetime) else moment.isoformat()


@register.filter
def attribute(value: str) -> SafeString:
    """Of MJML, where every value of an attribute goes through this."""
    return mark_safe(mjml.attribute(value))


@register.filter
def quoted(words: str) -> str:
    """Within quotation marks, but for what brings its own."""
    return words if words.startswith(("“", "‘")) else f"“{words}”"


@register.filter
def spelt(number: int) -> str:
    """As prose has it: three, 11."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


@register.filter
def plural(number: int, words: str) -> str:
    """`{{ n|plural:"article,articles" }}`: 1 article, 2 articles."""
    one, many = words.split(",")
    return f"{number:,} {one if number == 1 else many}"


@register.filter
def piece(kind: str) -> str:
    """What a wall calls the article that it stands in."""
    return {"podcast": "episode", "roundup": "roundup"}.get(kind, "article")


@register.filter
def lasting(duration: str) -> str:
    """24:10 is 24 min, 1:02:10 is 62 min; whatever else the desk wrote stands as it is."""
    if not (found := DURATION.fullmatch(duration)):
        return duration
    return f"{int(found['hours'] or 0) * 60 + int(found['minutes'])} min"


@register.filter
def returning(path: str) -> str:
    """This path at the place where the wall stood, ready for a query: `?next={{ path|returning }}`."""
    return quote(f"{path}#continue", safe="/")


@register.filter
def index_path(path: str) -> str:
    """The list that an article's address stands under: /briefings/ of /briefings/the-dam/."""
    return f"/{path.split('/')[1]}/"


@register.filter
def address(written: str) -> SafeString:
    """Where it is too long for its line, it breaks after the @."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in written.split("@")))
