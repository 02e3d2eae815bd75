"""Picks on the desk: the day's in their order, the roundup that they make, the days before, and any page picked from a browser.

Contexts:
desk/picks.html        `day`, `shown` (picks_shown.Shown), `form` (pick_forms.DayForm), `outlook`, `can_publish`, `others` (days),
                       `undo` (a deed's number), `taken_down`, `bookmarklet`, `newer`, `older`, `is_open` (picks go there now)
desk/picks-aside.html  `day`, `shown`, `outlook`, `can_publish`, `undo`
desk/picks-past.html   `page_obj`
desk/pick-page.html    `form`, `day` (for which it will be), `picked` (once it is), `there` (it was before)
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from selectolax.lexbor import LexborHTMLParser

from broadsheet.kit import clock
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import zone
from broadsheet.newsroom import typeset
from broadsheet.newsroom.galleys import galley_of
from broadsheet.wire import asked, picks_made, picks_shown
from broadsheet.wire.actions import picking
from broadsheet.wire.actions.picking import AlreadyThere, IsRefused, NewerChange, NotAPage
from broadsheet.wire.made_up import draft_of, make_up
from broadsheet.wire.models import DayOfLinks, Pick, Rival
from broadsheet.wire.pick_forms import (
    Credited,
    DayForm,
    PickForm,
    form_of,
    form_of_rival,
    note_form_of,
    said_by,
    said_by_rival,
)
from broadsheet.wire.picks_made import Done, Pressed, Typed
from broadsheet.wire.views.stories import refuse_who_may_not

RIGHT = "wire.change_dayoflinks"
WRONG = "Nothing was saved yet: look at what is marked below."
FRAGMENT = "X-Fragment"  # what a script sends that wants the picks alone
PREVIEW_SECURITY = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; sandbox"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def picks(request: HttpRequest, day: str = "") -> HttpResponse:
    """Of the day that is open, unless it says which."""
    refuse_who_may_not(request, RIGHT)
    row = _day(day)
    if request.method != "POST":
        return _page(request, row, Typed())
    typed = _typed(row, request.POST, form_of)
    if not typed.is_valid:
        messages.error(request, WRONG)
        return _page(request, row, typed, status=422)
    done = _do(request, row, typed)
    _tell(request, done)
    if not done.is_saved:
        row = _day(day)
        return _page(request, row, _shown_again(typed.not_saved(done)), status=409)
    return redirect(_address(row, undo=done.deed))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def aside(request: HttpRequest) -> HttpResponse:
    """Today's picks beside the stories, with their notes. Without a script its buttons lead back to the stories."""
    refuse_who_may_not(request, RIGHT)
    row, typed, done, status = _day(""), Typed(), Done(), 200
    if request.method == "POST":
        typed = _typed(row, request.POST, note_form_of)
        if typed.is_valid:
            done = _do(request, row, typed)
            typed = typed.not_saved(done)
        status = 409 if typed.forms else 200
        if FRAGMENT not in request.headers:
            _tell(request, done)
            return _page(request, row, _shown_again(typed), status=status) if typed.forms else redirect("wire")
        row = _day("")
    context = _told(row) | {"shown": picks_shown.shown(row, typed.forms), "undo": done.deed, "done": done}
    return render(request, "desk/picks-aside.html", context, status=status)


def _do(request: HttpRequest, row: DayOfLinks, typed: Typed) -> Done:
    pressed = Pressed.read(request.POST.get("do", ""))
    return picks_made.do(_kept(row), typed, pressed, by=_by(request), at=clock.now(), zone=zone())


def _shown_again(typed: Typed) -> Typed:
    """With what was typed, over what stands there now: saved again, it takes its place."""
    picks, rivals = Pick.objects.filter(pk__in=typed.forms), Rival.objects.filter(pk__in=typed.rivals)
    forms = {pick.pk: _over_now(typed.forms[pick.pk], said_by(pick)) for pick in picks}
    beside = {rival.pk: _over_now(typed.rivals[rival.pk], said_by_rival(rival)) for rival in rivals}
    return Typed(typed.day, forms, beside)


def _over_now(form: Any, now: Mapping[str, Any]) -> Any:
    data = form.data.copy()
    fresh = (PickForm if isinstance(form, PickForm) else Credited)(prefix=form.prefix, initial=now)
    for name in fresh.fields:
        data[fresh.add_initial_prefix(name)] = fresh.fields[name].prepare_value(fresh.initial[name])
        data.setdefault(fresh.add_prefix(name), data[fresh.add_initial_prefix(name)] or "")
    return type(fresh)(data, prefix=form.prefix, initial=now)


@never_cache
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, RIGHT)
    page = Paginator(picks_shown.past(), picks_shown.PAST_SHOWN).get_page(request.GET.get("p"))
    return render(request, "desk/picks-past.html", {"page_obj": page})


@never_cache
@require_safe
def preview(request: HttpRequest, day: str) -> HttpResponse:
    """The article as the site prints it, with all that was saved. Nothing may run in it."""
    refuse_who_may_not(request, RIGHT)
    row, at = _day(day), clock.now()
    article = make_up(row).put_into(row.article) if row.article else draft_of(row, at=at)
    answer = HttpResponse(_article_alone(typeset.full(galley_of(article, at=at))))
    answer["Content-Security-Policy"] = PREVIEW_SECURITY
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _article_alone(html: str) -> str:
    """Without what a page puts around it for readers, and without what a browser may not run here anyway."""
    tree = LexborHTMLParser(html)
    for node in tree.css("script, noscript, link:not([rel=stylesheet]), body > *:not(main), .article-foot"):
        node.decompose()
    return tree.html or ""


# Any page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """For the bookmarklet: a form filled in with what the browser says and what we know."""
    refuse_who_may_not(request, RIGHT)
    if request.method == "POST":
        form = PickForm(request.POST, prefix="page")
        return _pick_page(request, form) if form.is_valid() else _pick_form(request, form, status=422)
    if number := asked.number(request.GET.get("picked", "")):
        picked = get_object_or_404(Pick.objects.select_related("day"), pk=number)
        return render(request, "desk/pick-page.html", {"picked": picked})
    url, title = request.GET.get("url", "")[:2_000], request.GET.get("title", "")[:300]
    there = _there(url, _day(""))
    initial = said_by(there) if there else _known(url, title)
    return _pick_form(request, PickForm(prefix="page", initial=initial), there=there)


def _pick_page(request: HttpRequest, form: PickForm) -> HttpResponse:
    said, shown = dict(form.cleaned_data), form.shown
    url, title = said.pop("url"), said.pop("headline")
    try:
        picked = picking.pick_page(url, title, by=_by(request), at=clock.now(), zone=zone(), shown=shown, **said)
    except (NotAPage, IsRefused, AlreadyThere) as trouble:
        form.add_error("url", str(trouble))
        return _pick_form(request, form, status=422)
    except NewerChange as newer:
        there = _there(url, _day(""))
        return _pick_form(request, _over(form, there, newer.fields) if there else form, there=there, status=409)
    return redirect(f"{reverse('wire_pick')}?{urlencode({'picked': picked.pk})}")


def _over(form: PickForm, there: Pick, newer: Sequence[str]) -> PickForm:
    """With what was typed, over what stands there now and is told: picked again, it takes its place."""
    data, now = dict(form.data.items()), PickForm(prefix=form.prefix, initial=said_by(there))
    for name in newer:
        data[now.add_initial_prefix(name)] = now.fields[name].prepare_value(now.initial[name])
    again = PickForm(data, prefix=form.prefix)
    for name in newer:
        again.add_error(name, f"Since you opened this page this became “{now[name].value()}”. {picks_made.NOT_YET}")
    return again


def _pick_form(request: HttpRequest, form: PickForm, *, there: Pick | None = None, status: int = 200) -> HttpResponse:
    day = picking.open_day_now(at=clock.now(), zone=zone())
    return render(request, "desk/pick-page.html", {"form": form, "day": picks_shown.named(day), "there": there}, status=status)


def _there(url: str, day: DayOfLinks) -> Pick | None:
    return day.picks.filter(url_key=picking.url_key(url), taken_down_at=None).first() if url and day.pk else None


def _known(url: str, title: str) -> dict[str, Any]:
    """Nothing is asked of the page itself."""
    if item := picking.item_at(url):
        return picking.fields_of(item, zone=zone()) | {"url": item.link, **picking.ties_of(item.subjects)}
    try:
        link = picking.page_at(url)
    except NotAPage:
        return {"url": url, "headline": title}
    return {"url": link, "headline": title, **picking.outlet_at(link)}


# What all of them need


def _by(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user


def _day(written: str) -> DayOfLinks:
    """Looking at a day begins none."""
    try:
        day = date.fromisoformat(written) if written else picking.open_day_now(at=clock.now(), zone=zone())
    except ValueError:
        raise Http404 from None
    return DayOfLinks.objects.select_related("article").filter(day=day).first() or DayOfLinks(day=day)


def _kept(row: DayOfLinks) -> DayOfLinks:
    return row if row.pk else DayOfLinks.objects.get_or_create(day=row.day)[0]


def _day_form(row: DayOfLinks, sent: QueryDict | None) -> DayForm:
    bound = sent if sent is not None and "day-title" in sent else None
    return DayForm(bound, prefix="day", initial={name: getattr(row, name) for name in DayForm.base_fields})


def _typed(row: DayOfLinks, sent: QueryDict, form: Any) -> Typed:
    there = list(row.picks.all()) if row.pk else []
    order = [int(number) for number in sent.getlist("order") if number.isdecimal() and len(number) < 19]
    touched = {
        pick.pk: int(said) for pick in there if (said := sent.get(f"p{pick.pk}-touched", "")).isdecimal() and len(said) < 9
    }
    beside = Rival.objects.filter(pick__in=there)
    forms, rivals = ({one.pk: form(one, sent) for one in there}, {one.pk: form_of_rival(one, sent) for one in beside})
    return Typed(_day_form(row, sent), forms, rivals, touched, order)


def _tell(request: HttpRequest, done: Done) -> None:
    for trouble in done.troubles:
        messages.warning(request, trouble)
    if done.said:
        messages.success(request, done.said)


def _address(row: DayOfLinks, *, undo: int = 0) -> str:
    return reverse("wire_picks_of", args=[row.day.isoformat()]) + (f"?undo={undo}" if undo else "")


def _told(row: DayOfLinks) -> dict[str, Any]:
    at = clock.now()
    published = bool(row.pk and row.article and row.article.live)
    return {
        "day": row,
        "named": picks_shown.named(row.day),
        "outlook": picks_shown.outlook(row, at=at, zone=zone()) if row.pk else "Nothing is picked for it yet.",
        "published": published,
        "differs": bool(row.pk and picks_shown.differs(row)),
        "is_open": row.day == picking.open_day_now(at=at, zone=zone()),
    }


def _page(request: HttpRequest, row: DayOfLinks, typed: Typed, *, status: int = 200) -> HttpResponse:
    """`typed`: what is shown as it was typed, and not as it is kept."""
    open_day = picking.open_day_now(at=clock.now(), zone=zone())
    bookmark = f"{settings.BASE_URL}{reverse('wire_pick')}"
    context = _told(row) | {
        "shown": picks_shown.shown(row, typed.forms, typed.rivals),
        "form": typed.day or _day_form(row, None),
        "others": picks_shown.other_days(row, open_day=open_day),
        "undo": request.GET.get("undo", "") if request.GET.get("undo", "").isdecimal() else "",
        "taken_down": row.picks.filter(taken_down_at__isnull=False).count() if row.pk else 0,
        "bookmarklet": BOOKMARKLET % bookmark,
    }
    return render(request, "desk/picks.html", context, status=status)


BOOKMARKLET = (
    "javascript:void(window.open('%s?url='+encodeURIComponent(location.href)+'&title='+encodeURIComponent(document.title),"
    "'pick','width=620,height=780'))"
)
