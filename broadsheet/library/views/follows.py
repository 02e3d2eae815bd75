"""What a reader follows: the door behind the button on a page, and the list.

Context of pages/follows.html, `page` (a PageMeta) besides: `followed` (each a Followed, and how often they
are told of it by mail, or ""), `fresh` (the one just begun, or None)
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.actions import shelves
from broadsheet.library.following import followed, subject_at
from broadsheet.library.models import Alert, Follow
from broadsheet.library.views.doors import number, refused, shelf_door
from broadsheet.membership.models import Reader
from broadsheet.membership.views.joining import see_other

PAGE = "/account/follows/"
ORDER = list(Follow.Kind)  # in which they are shown
NOTHING_TO_FOLLOW = "There is nothing to follow at this address."


@shelf_door
def follows(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reader)
    if "follow" not in request.POST:
        shelves.unfollow(reader, number(request.POST.get("unfollow")))
        return see_other(PAGE)
    subject = subject_at(request.POST["follow"])
    if subject is None:
        return refused(request, NOTHING_TO_FOLLOW, status=404)
    try:
        begun = shelves.follow(reader, subject, at=clock.now())
    except shelves.ShelfFull as full:
        return refused(request, str(full), back=PAGE, status=409)
    return see_other(f"{PAGE}?new={begun.pk}")


def _page(request: HttpRequest, reader: Reader) -> HttpResponse:
    theirs = sorted(followed(reader.follows.all()), key=lambda one: (ORDER.index(one.kind), one.name))
    fresh = number(request.GET.get("new"))
    told = dict(Alert.objects.filter(follow__reader=reader).values_list("follow", "often"))
    context = {
        "page": PageMeta(title="What you follow", kind="account", path=PAGE, noindex=True),
        "followed": [(one, told.get(one.number, "")) for one in theirs],
        "fresh": next((one for one in theirs if one.number == fresh), None),
    }
    return render(request, "pages/follows.html", context)
