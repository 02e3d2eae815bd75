"""Puts the preview of the front page on the desk. It looks the same to all of the cast, so one of them looks at it."""

from broadsheet.newsroom.desk.furnishing import give
from broadsheet.newsroom.desk.onlookers import MODES
from broadsheet.newsroom.models import FrontPage
from broadsheet.press import views


def furnish() -> None:
    give(FrontPage, preview_modes=MODES[:1], serve_preview=views.preview_front)
