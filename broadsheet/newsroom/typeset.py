"""A galley into the finished HTML of one cut. The preview's template is handed nothing from beyond the cut."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from broadsheet.access.terms import Cut, Reason
from broadsheet.newsroom.galley import Galley, without_rest
from broadsheet.newsroom.metadata import House, page_of


def full(galley: Galley) -> str:
    return _set(galley, Cut.FULL, "")


def preview(galley: Galley, reason: Reason) -> str:
    """`reason`: of the wall, which the page explains."""
    return _set(without_rest(galley), Cut.PREVIEW, reason)


def _set(galley: Galley, cut: Cut, reason: str) -> str:
    context = {"galley": galley, "cut": cut.value, "reason": str(reason), "page": page_of(galley, house())}
    return render_to_string("pages/article.html", context)


def house() -> House:
    return House(name=settings.PUBLICATION_NAME, url=settings.BASE_URL, zone=ZoneInfo(settings.TIME_ZONE))
