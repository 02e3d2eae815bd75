"""Pages that are made anew at each request, within milliseconds: what stands around their main part is set once a process."""

import re
from dataclasses import replace
from functools import lru_cache
from html import escape

from django.conf import settings
from django.template.loader import render_to_string

from broadsheet.design.page import PageMeta

TITLE, MAIN = "\ue000", "\ue001"  # stand in a frame for what differs


def framed(template: str, page: PageMeta, *, main: str) -> str:
    """The template's page with this title and main part, which is finished HTML. Takes `page` and, as it is, `main`."""
    parts = {TITLE: escape(page.title), MAIN: main}
    frame = _frame(template, replace(page, title=TITLE), settings.PUBLICATION_NAME, settings.DEMO)
    return "".join(parts.get(piece, piece) for piece in frame)


@lru_cache(maxsize=32)
def _frame(template: str, page: PageMeta, _name: str, _demo: bool) -> tuple[str, ...]:
    """`_name` and `_demo`: what a frame knows besides."""
    return tuple(re.split(f"([{TITLE}{MAIN}])", render_to_string(template, {"page": page, "main": MAIN})))
