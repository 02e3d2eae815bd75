"""What a reader has read, and the way to forget it.

Context of pages/history.html, `page` (a PageMeta) besides: `days` (history.Day), `off_since` (a moment, or None), `newer` and
`older` (numbers of pages, 0 for none), `news` (history.News, or None)
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.history import history_of, news_since, story_of
from broadsheet.library.views.doors import number, shelf_door
from broadsheet.membership.actions.history import forget_readings, resume_history, stop_history
from broadsheet.membership.models import Reader
from broadsheet.membership.papers import hand_over_fresh
from broadsheet.membership.views.joining import see_other

PAGE = "/account/history/"
MOST_PAGES = 400


@shelf_door
def history(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reader)
    if article := number(request.POST.get("forget")):
        forget_readings(reader, story=story_of(article))
    if "forget-all" in request.POST:
        forget_readings(reader)
    if "stop" in request.POST:
        stop_history(reader, at=clock.now())
    if "resume" in request.POST:
        resume_history(reader)
    response = see_other(PAGE)
    hand_over_fresh(request, response, at=clock.now())  # the page's script is to know of the switch at once
    return response


def _page(request: HttpRequest, reader: Reader) -> HttpResponse:
    asked = min(number(request.GET.get("page")) or 1, MOST_PAGES)
    found = history_of(reader, page=asked)
    context = {
        "page": PageMeta(title="What you have read", kind="account", path=PAGE, noindex=True),
        "days": found.days,
        "off_since": reader.no_history_since,
        "news": news_since(reader, at=clock.now()) if asked == 1 else None,
        "newer": asked - 1,
        "older": asked + 1 if found.older and asked < MOST_PAGES else 0,
    }
    return render(request, "pages/history.html", context)
