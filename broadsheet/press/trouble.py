"""The page that a gate shows at the address of every withdrawn article."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from broadsheet.press import pages
from broadsheet.press.kinds import Sheet

WITHDRAWN = "/withdrawn/"


def compose_withdrawn(path: str, match: re.Match[str], at: datetime) -> Sheet:
    return pages.sheet("410.html", pages.page_meta(title=_("Withdrawn"), path=path, kind="withdrawn", noindex=True), {}, ())
