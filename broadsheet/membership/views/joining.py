"""Joining: one field, then a code or a link. Registering and logging in are the same doors and give the same answers.

Contexts, `page` (a PageMeta) in each:
pages/join.html   `next`, `address` (as typed before), `error` ("" or a sentence), `told` (why this browser was logged out),
                  each "" where there is none; `errand` (errands.Errand: what `next` is for, or None)
pages/code.html   `address`, `next`, `typed` (a code that was wrong), `error`, `spent` (only a new code helps), `minutes`, `tries`
pages/link.html   `token`, `alive` (the button is shown), `error`
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from broadsheet.access.passes import PROVISIONAL_COOKIE
from broadsheet.access.terms import Audience
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.kit.addresses import network_of
from broadsheet.kit.signing import Signer
from broadsheet.membership import errands, papers, policy, queries, seats
from broadsheet.membership.actions import joining
from broadsheet.membership.actions.metering import address_key
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Knock, Reader
from broadsheet.membership.origin import client_address, local_path, our_own_forms
from broadsheet.membership.stories import story_at

KNOCK_COOKIE = "knock"
BORROWED = "b"  # after the number: the knock of another browser
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])

CODE_WRONG = "That is not the code that we sent. Look at the newest mail from us, and try again."
CODE_SPENT = "This code no longer works: it was used, tried too often, or is older than a quarter of an hour. Ask for another."
LINK_SPENT = "This link no longer works: it was used, or is older than a quarter of an hour. Enter your address for a new one."
CLOSED = "This account is closed. Answer any of our mails, and we will look into it."
ENDED = {
    "crowded": "This browser was logged out, since you logged in on another device and it was the one not used the longest.",
    "by-reader": "This browser was logged out from another device.",
}


class AddressForm(forms.Form):
    email = forms.EmailField(max_length=254)

    def clean_email(self) -> str:
        try:
            return policy.tidy_address(self.cleaned_data["email"])
        except policy.NoAddress as trouble:
            raise forms.ValidationError(str(trouble)) from None


@our_own_forms
@GET_OR_POST
def join(request: HttpRequest) -> HttpResponse:
    """The one field. Whoever is in already is sent on."""
    next_path = local_path(request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return see_other(next_path)
    if request.method != "POST":
        knock = _knock_of(request)  # whoever asks for another code is spared typing the address again
        return _join_page(request, next_path=next_path, address=knock.address if knock else _invited_at(next_path))
    form = AddressForm(request.POST)
    if not form.is_valid():
        typed = request.POST.get("email", "")[:254]
        error = "Enter an e-mail address, such as name@example.org." if typed else "Enter your e-mail address."
        return _join_page(request, next_path=next_path, address=typed, error=error, status=422)
    address = form.cleaned_data["email"]
    if spent := _rate_spent(request, address):
        return _without_mail(request, address, next_path, spent=spent)
    return _begun(request, address, next_path)


def _invited_at(next_path: str) -> str:
    """The address that an invitation to a group went to; only whoever has its link learns it. "" for any other way."""
    before, door, token = next_path.partition("/group/join/")
    way = seats.way_of(token.strip("/"), at=clock.now()) if door and not before else None
    return way.seat.address if way and way.seat else ""


def _begun(request: HttpRequest, address: str, next_path: str) -> HttpResponse:
    at = clock.now()
    story = story_at(next_path)
    visitor = papers.visitor_in(request.COOKIES, at=at)
    begun = joining.begin(
        address=address,
        next_path=next_path,
        story=story.key if story and story.audience is Audience.METERED else "",
        network=network_of(client_address(request)),
        had_first=PROVISIONAL_COOKIE in request.COOKIES,
        visitor=visitor.visitor if visitor else 0,
        at=at,
    )
    if begun.opened:
        response = see_other(back_to(next_path))
        allowance = queries.rules().monthly_allowance
        papers.hand_over(response, papers.of_first_article(story=begun.knock.story, address=address, allowance=allowance, at=at))
    else:
        response = see_other(f"/join/code/?{urlencode({'next': next_path})}")
    return with_knock(response, begun.knock)


@our_own_forms
@GET_OR_POST
def code(request: HttpRequest) -> HttpResponse:
    """The code, or a new one. Known by a cookie of this browser; whoever has none begins again."""
    knock = _knock_of(request)
    next_path = local_path(request.POST.get("next") or request.GET.get("next"), otherwise=knock.next_path if knock else "/")
    if request.user.is_authenticated:
        return see_other(back_to(next_path))
    if knock is None:
        return see_other(f"/join/?{urlencode({'next': next_path})}")
    if request.method != "POST":
        return _code_page(request, knock, next_path)
    if "again" in request.POST:
        if _is_borrowed(request):  # a fresh code would end the one that another browser was sent
            return later(request, action="join")
        if spent := _rate_spent(request, knock.address):
            return _without_mail(request, knock.address, next_path, spent=spent)
        again = joining.begin_again(knock, at=clock.now())
        return with_knock(see_other(f"/join/code/?{urlencode({'next': next_path})}"), again)
    return _code_entered(request, knock, next_path)


def _without_mail(request: HttpRequest, address: str, next_path: str, *, spent: str) -> HttpResponse:
    """No more mail goes to this address now; a code that it was sent in the last quarter of an hour may be answered here too.

    Such a code is borrowed: guesses at it are few, and take no try from the browser that it was sent for.
    """
    waiting = joining.waiting_at(address, at=clock.now())
    if waiting is None:
        return later(request, action=spent)
    return with_knock(see_other(f"/join/code/?{urlencode({'next': next_path})}"), waiting, borrowed=True)


def _code_entered(request: HttpRequest, knock: Knock, next_path: str) -> HttpResponse:
    borrowed = _is_borrowed(request)
    if not is_within(request, "code"):
        return later(request, action="code")
    if borrowed and not _may_guess(request, knock):
        return later(request, action="code-borrowed")
    typed = request.POST.get("code", "")[:40]
    try:
        reader = joining.answer_by_code(knock=knock, typed=typed, at=clock.now(), counted=not borrowed)
    except joining.WrongCode:
        return _code_page(request, knock, next_path, typed=typed, error=CODE_WRONG, status=422)
    except joining.CodeSpent:
        return _code_page(request, knock, next_path, error=CODE_SPENT, spent=True, status=422)
    except joining.AccountClosed:
        return _code_page(request, knock, next_path, error=CLOSED, status=403)
    return enter(request, reader, address=knock.address, next_path=next_path)


@our_own_forms
@GET_OR_POST
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail. Looking at it uses up nothing, since mail scanners look too; its button does."""
    if request.method != "POST":
        knock = joining.knock_of_link(token)
        alive = knock is not None and knock.answered_at is None and clock.now() < knock.expires_at
        return _link_page(request, token, alive=alive, error="" if alive else LINK_SPENT)
    if not is_within(request, "code"):
        return later(request, action="code")
    try:
        reader, knock = joining.answer_by_link(token=token, at=clock.now())
    except joining.CodeSpent:
        return _link_page(request, token, alive=False, error=LINK_SPENT, status=422)
    except joining.AccountClosed:
        return _link_page(request, token, alive=False, error=CLOSED, status=403)
    return enter(request, reader, address=knock.address, next_path=knock.next_path)


def enter(request: HttpRequest, reader: Reader, *, address: str, next_path: str) -> HttpResponse:
    """Into a session by allauth's own way, so that whoever has a second factor is asked for it before there is one."""
    if request.user.is_authenticated and request.user != reader:
        get_adapter().logout(request)
    record_authentication(request, reader, method="code", email=address)
    response: HttpResponse = perform_login(request, Login(user=reader, redirect_url=back_to(next_path), email=reader.email))
    response.status_code = 303
    response.delete_cookie(KNOCK_COOKIE, path="/join/", samesite="Lax")
    return response


def back_to(path: str) -> str:
    """The paragraph at which a reader was stopped, where `path` is an article."""
    return f"{path}#continue" if story_at(path) else path


def see_other(target: str) -> HttpResponse:
    response = HttpResponseRedirect(target)
    response.status_code = 303  # whatever was posted is not posted again
    return response


def _join_page(request: HttpRequest, *, next_path: str, address: str = "", error: str = "", status: int = 200) -> HttpResponse:
    page = PageMeta(title="Log in or register", kind="join", path="/join/", noindex=True)
    told = ENDED.get(request.COOKIES.get(papers.ENDED_COOKIE, ""), "")
    context = {"page": page, "next": next_path, "address": address, "error": error, "told": told}
    context["errand"] = errands.errand_to(next_path)
    return render(request, "pages/join.html", context, status=status)


def _code_page(
    request: HttpRequest,
    knock: Knock,
    next_path: str,
    *,
    typed: str = "",
    error: str = "",
    spent: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": PageMeta(title="Enter your code", kind="code", path="/join/code/", noindex=True),
        "address": knock.address,
        "next": next_path,
        "typed": typed,
        "error": error,
        "spent": spent,
        "minutes": int(policy.CODE_LIFE.total_seconds() // 60),
        "tries": policy.CODE_TRIES,
    }
    return render(request, "pages/code.html", context, status=status)


def _link_page(request: HttpRequest, token: str, *, alive: bool, error: str, status: int = 200) -> HttpResponse:
    page = PageMeta(title="Continue", kind="link", noindex=True)
    context = {"page": page, "token": token, "alive": alive, "error": error}
    response = render(request, "pages/link.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make browsers hide the button's origin from us
    return response


def _rate_spent(request: HttpRequest, address: str) -> str:
    """The rate that is used up, or empty where a code may be mailed.

    Few for an address from one network, asked first so that what it refuses is not counted; more from all together. Whoever
    sends another's address from many networks can use these up. So a few more are mailed beyond them, each only while no code
    of the address waits: its owner then has a code that any browser takes, or a new one, and no inbox is flooded. Variants
    share a few of their own, since whoever makes them up would else use up what the address itself is lent.
    """
    key = address_key(address)
    here = f"{key} {network_of(client_address(request))}"
    if not is_within(request, "join-from"):
        return "join-from"
    if not is_within(request, "join-here", key=here):
        return "join-here"
    if is_within(request, "join", key=key):
        return ""
    if joining.waiting_at(address, at=clock.now()):
        return "join"
    beyond = f"{key} variants" if policy.is_variant(address) else key
    return "" if is_within(request, "join-beyond", key=beyond) else "join-beyond"


def _may_guess(request: HttpRequest, knock: Knock) -> bool:
    key = f"{knock.address_key} {network_of(client_address(request))}"
    return is_within(request, "code-borrowed", key=key)


def with_knock(response: HttpResponse, knock: Knock, *, borrowed: bool = False) -> HttpResponse:
    """This browser is the one that sent the address."""
    response.set_cookie(
        KNOCK_COOKIE,
        _signer().sign(f"{knock.pk}{BORROWED if borrowed else ''}"),
        max_age=int(policy.KNOCK_KEPT.total_seconds()),
        path="/join/",
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


def _knock_of(request: HttpRequest) -> Knock | None:
    signed = _signer().unsign(request.COOKIES.get(KNOCK_COOKIE, ""))
    return Knock.objects.filter(pk=signed.removesuffix(BORROWED)).first() if signed else None


def _is_borrowed(request: HttpRequest) -> bool:
    return (_signer().unsign(request.COOKIES.get(KNOCK_COOKIE, "")) or "").endswith(BORROWED)


def _signer() -> Signer:
    return Signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose="knock")
