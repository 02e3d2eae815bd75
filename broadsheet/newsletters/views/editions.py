"""Editions on the desk: which come next and which went out, and the page on which an editor makes one up.

Contexts:
desk/editions.html      `coming` (newsletter, its progress.Standings), `past` (Standings), `page_obj`, `states`, `may_list`
                        (whether figures lead to their lists), `by_hand` (whether a new one can be made)
desk/edition.html       `edition`, `standing`, `form` (edition_forms.EditionForm), `laid` (making_up.Laid), `out` (item and
                        headline), `offers` and `found` (teaser and slot), `asked`, `proofs`, `wanted` (how many signed up),
                        `touch`, `others`, `open` (it has not begun), `begun_meanwhile`, `may_list`, `hour_over`
desk/edition-sure.html  `edition`, `verb`, `act`, `wanted`, `had`, `left`
desk/new-edition.html   `form`
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from broadsheet.kit import clock
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import zone
from broadsheet.newsletters import acts, editing, making_up, progress, proofs
from broadsheet.newsletters.actions import making
from broadsheet.newsletters.edition_forms import EditionForm, NewEditionForm, form_of, item_form
from broadsheet.newsletters.models import Edition, Item, Newsletter
from broadsheet.newsletters.policy import Rhythm

RIGHT, TO_LIST = "newsletters.change_edition", "newsletters.view_delivery"
WRONG = "Nothing was saved yet: look at what is marked below."
GONE = "That no longer stands in it. This is how it is now."
THERE_IS_ONE = "There is one for that day already, and an address for one a day: this is it."
NAMED = {"subject": "subject", "preheader": "preheader", "note": "editor’s note"}
BEGUN = "It has begun meanwhile, and nothing in it changes any more. What you typed stands below, and is not saved."


def refuse_who_may_not(request: HttpRequest, right: str = RIGHT) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


@never_cache
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request)
    at = clock.now()
    page = Paginator(progress.past(), progress.PAST_SHOWN).get_page(request.GET.get("p"))
    context = {
        "coming": [(one, progress.coming(one, at=at)) for one in Newsletter.objects.filter(withdrawn_at=None)],
        "past": progress.standings(list(page.object_list), at=at),
        "page_obj": page,
        "states": progress.STATES,
        "may_list": request.user.has_perm(TO_LIST),
        "by_hand": Newsletter.objects.filter(rhythm=Rhythm.BY_HAND, withdrawn_at=None).exists(),
    }
    return render(request, "desk/editions.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request)
    at = clock.now()
    form = NewEditionForm(request.POST if request.method == "POST" else None, at=at)
    if form.is_bound and form.is_valid():
        stated = form.cleaned_data
        edition, is_new = making.open_by_hand(stated["newsletter"], due_at=stated["due_at"], at=at, zone=zone())
        if is_new:
            log(edition, "wagtail.create", user=request.user)
        else:
            messages.warning(request, THERE_IS_ONE)
        return redirect("edition", edition.pk)
    return render(request, "desk/new-edition.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, edition_id: int) -> HttpResponse:
    """A GET writes nothing."""
    refuse_who_may_not(request)
    edition = edition_of(edition_id)
    if request.method != "POST":
        return _page(request, edition, _form(request, edition, None))
    form = _form(request, edition, request.POST)
    pressed = editing.Pressed.read(request.POST.get("do", ""))
    if not acts.is_open(edition):
        return _of_begun(request, edition, form, pressed)
    if not form.is_valid(testing=pressed.verb == "test", timing=pressed.verb == "let-go"):
        messages.error(request, WRONG)
        return _page(request, edition, form, status=422)
    lost = editing.written_over(edition, form)
    try:
        changed = editing.edit(edition, form, pressed, at=clock.now())
    except making.AlreadyBegun:
        return _page(request, edition_of(edition_id), form, status=409)
    except Item.DoesNotExist:
        messages.warning(request, GONE)
        return redirect(_back(edition, request.POST))
    for name, words in lost.items():
        messages.warning(request, f"Since you opened this page the {NAMED[name]} had become “{words}”. Yours stands there now.")
    if changed:
        log(edition, acts.FILL if pressed.verb == "fill" else "wagtail.edit", user=request.user)
    return _then(request, edition, form, pressed, changed=changed)


def _of_begun(request: HttpRequest, edition: Edition, form: EditionForm, pressed: editing.Pressed) -> HttpResponse:
    """It can still be paused, gone on with, cancelled and sent as a test. Whatever was typed is shown again."""
    if pressed.verb in ("pause", "go-on"):
        acts.AT_ONCE[pressed.verb](request, edition, clock.now())
    if form.typed:
        return _page(request, edition_of(edition.pk), form, status=409)
    if pressed.verb == "test" and not form.test.is_valid():
        return _page(request, edition, form, status=422)
    if pressed.verb in ("cancel", "test"):
        return _then(request, edition, form, pressed, changed=False)
    if pressed.verb not in ("pause", "go-on"):
        messages.warning(request, acts.NOT_NOW)
    return redirect("edition", edition.pk)


def _then(request: HttpRequest, edition: Edition, form: EditionForm, pressed: editing.Pressed, *, changed: bool) -> HttpResponse:
    """What the button does beyond what is typed."""
    edition.refresh_from_db()
    at, back = clock.now(), redirect(_back(edition, request.POST))
    if pressed.verb in acts.TO_CONFIRM:
        return redirect("edition_sure", edition.pk, pressed.verb)
    if pressed.verb == "test":
        acts.send_test(request, edition, form.test.cleaned_data, at=at)
    elif pressed.verb == "let-go":
        due_at = acts.moment_on(edition, form.hour.cleaned_data["hour"], zone=zone())
        if due_at <= at:
            return redirect("edition_sure", edition.pk, "now")
        acts.let_go(request, edition, due_at=due_at, at=at)
    elif pressed.verb in acts.AT_ONCE:
        acts.AT_ONCE[pressed.verb](request, edition, at)
    elif pressed.verb == "save":
        messages.success(request, "Saved." if changed else "Nothing was changed.")
    return back


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sure(request: HttpRequest, edition_id: int, verb: str) -> HttpResponse:
    """Asks once more, and says to how many it goes."""
    refuse_who_may_not(request)
    edition = edition_of(edition_id)
    act = acts.called(verb)
    if not act.fits(edition):
        messages.warning(request, act.too_late)
        return redirect("edition", edition.pk)
    if request.method == "POST":
        act.do(request, edition, clock.now())
        return redirect("edition", edition.pk)
    counts = progress.counts_of([edition]).get(edition.pk, progress.NOBODY)
    context = {
        "edition": edition,
        "verb": verb,
        "act": act,
        "wanted": progress.readers_of(edition.newsletter).count(),
        "had": counts["sent"],
        "left": counts["waiting"],
    }
    return render(request, "desk/edition-sure.html", context)


@never_cache
@require_safe
def proof(request: HttpRequest, edition_id: int, cut: str, look: str) -> HttpResponse:
    """One cut, as a mail program shows it. Nothing may run in it."""
    refuse_who_may_not(request)
    edition, at = edition_of(edition_id), clock.now()
    try:
        body, content_type = proofs.page(edition, cut=cut, look=look, to=_by(request).email, at=at)
    except proofs.NoSuchProof:
        raise Http404 from None
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Security-Policy"] = proofs.CONTENT_SECURITY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _by(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user


def edition_of(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("newsletter"), pk=edition_id)


def _form(request: HttpRequest, edition: Edition, sent: Mapping[str, Any] | None) -> EditionForm:
    items = list(edition.items.order_by("sort_order", "pk"))
    cuts = proofs.cuts_in(edition)
    return form_of(edition, items, sent, cuts=cuts, to=_by(request).email, zone=zone())


def _page(request: HttpRequest, edition: Edition, form: EditionForm, *, status: int = 200) -> HttpResponse:
    at, items = clock.now(), list(edition.items.order_by("sort_order", "pk"))
    form = replace(form, items={item.pk: form.items.get(item.pk) or item_form(item, None) for item in items})
    slots, asked = list(edition.newsletter.slots.order_by("sort_order", "pk")), request.GET.get("q", "")
    open_, [standing] = acts.is_open(edition), progress.standings([edition], at=at)
    printed = proofs.proofs_of(edition, at=at)
    if open_ and printed:
        form.words.say_what_stands_if_empty(printed[0].subject, printed[0].preheader)
    context = {
        "edition": edition,
        "standing": standing,
        "form": form,
        "laid": making_up.laid_out(edition, items, form),
        "out": making_up.taken_out(items),
        "offers": [(one, making_up.slot_for(one, slots)) for one in (making_up.offers(edition, items, at=at) if open_ else [])],
        "found": [(one, making_up.slot_for(one, slots)) for one in making_up.found_by(asked, items)],
        "asked": asked,
        "proofs": printed,
        "wanted": progress.readers_of(edition.newsletter).count(),
        "touch": making_up.last_touch(edition),
        "others": making_up.others_here(edition, but=request.user, at=at),
        "open": open_,
        "begun_meanwhile": BEGUN if status == 409 else "",
        "may_list": request.user.has_perm(TO_LIST),
        "hour_over": edition.due_at <= at,
    }
    return render(request, "desk/edition.html", context, status=status)


def _back(edition: Edition, sent: QueryDict) -> str:
    """To the page, with what was asked for; to what was found if that was asked just now."""
    asked = sent.get("q", "").strip()[:200]
    address = reverse("edition", args=[edition.pk])
    if not asked:
        return address
    return f"{address}?{urlencode({'q': asked})}{'#found' if sent.get('do') == 'search' else ''}"
