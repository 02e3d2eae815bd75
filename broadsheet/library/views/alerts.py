"""Alerts: the list on the account, the end that every mail of one leads to, and the feed behind a secret address.

Contexts, `page` (a PageMeta) in each:
pages/alerts.html     `alerts` (alerts.Wanted each), `often` (policy.Often each), `fresh` (the one just made, or None), `feed_of`
                      (the one that was just given a feed, or None) and `address` (the feed's: it is shown this once)
pages/alert-end.html  `name` (of an alert that stands, or ""), `over` (it is ended), `token`
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.actions import alerts as actions
from broadsheet.library.actions.shelves import ShelfFull
from broadsheet.library.alerts import PAGE, ending_in, feed_path, hash_of, wanted
from broadsheet.library.keeping import NotBuilt
from broadsheet.library.models import Alert
from broadsheet.library.policy import Often
from broadsheet.library.private_feed import feed_of
from broadsheet.library.queries import index_here
from broadsheet.library.views.doors import number, refused, shelf_door
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.views.joining import see_other

NOTHING_ASKED = "Search for something first: then it can be saved."
NOT_FOLLOWED = "Follow it first: its page has a button for that."


@shelf_door
def alerts(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reader)
    try:
        made = _made(request, reader, at=clock.now())
    except ShelfFull as full:
        return refused(request, str(full), back=PAGE, status=409)
    except actions.NothingAsked:
        return refused(request, NOTHING_ASKED, back="/search/", status=400)
    except actions.NotFollowed:
        return refused(request, NOT_FOLLOWED, back="/account/follows/", status=404)
    if made is not None:
        return see_other(f"{PAGE}?new={made.pk}")
    return _changed(request, reader, number(request.POST.get("alert")), at=clock.now())


def _made(request: HttpRequest, reader: Reader, *, at: datetime) -> Alert | None:
    """From the button on a page of results, or beside something that is followed."""
    often = _often(request) or Often.DAILY
    if "search" in request.POST:
        return actions.save_search(reader, request.POST["search"], often=often, at=at)
    if "tell" in request.POST:
        return actions.tell_of(reader, number(request.POST["tell"]), often=often, at=at)
    return None


def _changed(request: HttpRequest, reader: Reader, alert: int, *, at: datetime) -> HttpResponse:
    match request.POST.get("do"):
        case "save" if often := _often(request):
            actions.change_how_often(reader, alert, often)
        case "pause":
            actions.pause(reader, alert, at=at)
        case "go-on":
            actions.go_on(reader, alert, at=at)
        case "end":
            actions.end(reader, alert)
        case "end-feed":
            actions.end_feed(reader, alert)
        case "feed" if secret := actions.make_feed(reader, alert):
            return _page(request, reader, feed=alert, secret=secret)
    return see_other(PAGE)


def _often(request: HttpRequest) -> Often | None:
    return next((often for often in Often if often == request.POST.get("often")), None)


def _page(request: HttpRequest, reader: Reader, *, feed: int = 0, secret: str = "") -> HttpResponse:
    theirs = wanted(Alert.objects.filter(reader=reader).select_related("follow").order_by("-pk"))
    fresh = number(request.GET.get("new"))
    context = {
        "page": PageMeta(title="What you are told of", kind="account", path=PAGE, noindex=True),
        "alerts": theirs,
        "often": list(Often),
        "fresh": next((one for one in theirs if one.number == fresh), None),
        "feed_of": next((one for one in theirs if one.number == feed), None),
        "address": f"{settings.BASE_URL}{feed_path(secret)}" if secret else "",
    }
    return render(request, "pages/alerts.html", context)


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def end_alert(request: HttpRequest, token: str) -> HttpResponse:
    """One click, no login: mail programs post here by themselves (RFC 8058), from no page of ours. A look ends nothing."""
    asked = ending_in(token)
    alert = asked.find() if asked else None
    about = next(iter(wanted([alert] if alert else [])), None)
    over = asked is not None and (request.method == "POST" or alert is None)
    if request.method == "POST" and alert:
        actions.end_by_mail(alert.pk)
    context = {
        "page": PageMeta(title="Alert", kind="account", noindex=True),
        "name": about.short if about else "",
        "over": over,
        "token": token,
    }
    return _closed(render(request, "pages/alert-end.html", context, status=200 if asked else 404))


@require_safe
@cache_control(private=True, no_store=True)
def alert_feed(request: HttpRequest, secret: str) -> HttpResponse:
    if not is_within(request, "feed"):
        return later(request, action="feed")
    alert = Alert.objects.select_related("reader", "follow").filter(feed=hash_of(secret)).first()
    try:
        atom = feed_of(alert, secret=secret, at=clock.now(), index=index_here()) if alert and _may_come(alert.reader) else None
    except NotBuilt:
        return _closed(HttpResponse(status=503, headers={"Retry-After": "60"}))
    if atom is None:
        return _closed(HttpResponse("This feed has ended.\n", content_type="text/plain; charset=utf-8", status=404))
    return _closed(HttpResponse(atom, content_type="application/atom+xml; charset=utf-8"))


def _may_come(reader: Reader) -> bool:
    return bool(reader.is_active and reader.confirmed_at)


def _closed(response: HttpResponse) -> HttpResponse:
    """No search engine and no other site hears of these addresses."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
