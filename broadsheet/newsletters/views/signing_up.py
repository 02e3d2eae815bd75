"""Signing up: the door behind every form, and the page to which the mail leads that it sends.

Contexts, `page` (a PageMeta) in each:
pages/newsletter-sign-up.html   `newsletter` (slug), `name`, `typed` (an address that is none, or ""), `error` (a sentence)
pages/newsletter-confirm.html   `name`, `shown` (what they agree to), `address`, `token`
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.kit.addresses import network_of
from broadsheet.mailroom.queries import suppressed_among
from broadsheet.membership.actions import AccountClosed
from broadsheet.membership.actions.metering import address_key
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import client_address, our_own_forms
from broadsheet.membership.views.joining import CLOSED, AddressForm, see_other
from broadsheet.newsletters.actions import signing_up
from broadsheet.newsletters.actions.signing_up import ForSubscribers, NotOffered, WishSpent, words_shown
from broadsheet.newsletters.models import Newsletter, Signup, Wish
from broadsheet.newsletters.policy import Whom
from broadsheet.newsletters.views.saying import ALL, SUBSCRIBE, THEIRS, by_link, for_subscribers, no_longer_sent, said

SPENT = "It was used, or is older than a day. If nothing comes, sign up again."
STOPPED = "But nothing is sent there now, since mail to it was said to be unwanted. Write to us, and we set that right."
CONTACT = ("Write to us", "/contact/")
MISTYPED = "Enter an e-mail address, such as name@example.org."


@our_own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Of any newsletter, by anybody. An address is answered alike whether it is known or not."""
    if request.method != "POST":
        return see_other(ALL[1])
    newsletter = offered(request.POST.get("newsletter", ""))
    if newsletter is None:
        return said(request, "There is no such newsletter", "It may have ended.", status=404)
    if isinstance(request.user, Reader):
        return _at_once(request, request.user, newsletter)
    form = AddressForm({"email": request.POST.get("address", "")})
    if not form.is_valid():
        return _form_again(request, newsletter)
    address: str = form.cleaned_data["email"]
    if spent := _rate_spent(request, address):
        return later(request, action=spent)
    signing_up.ask(newsletter, address=address, text_shown=words_shown(newsletter), at=clock.now())
    return _look_into_your_mail(request, newsletter, address)


def offered(slug: str) -> Newsletter | None:
    plain = slug.isascii() and slug.isprintable()  # the database refuses a zero byte
    return Newsletter.objects.filter(slug=slug, withdrawn_at=None).first() if plain else None


def _at_once(request: HttpRequest, reader: Reader, newsletter: Newsletter) -> HttpResponse:
    """Their address is confirmed already, whatever stands in the field."""
    try:
        signing_up.sign_up(reader, newsletter, text_shown=words_shown(newsletter), at=clock.now())
    except ForSubscribers:
        return for_subscribers(request, newsletter)
    except NotOffered:
        return no_longer_sent(request, newsletter)
    return see_other(f"{THEIRS[1]}?{urlencode({'new': newsletter.slug})}")


def _form_again(request: HttpRequest, newsletter: Newsletter) -> HttpResponse:
    page = PageMeta(title=newsletter.name, kind="newsletter", noindex=True)
    typed = request.POST.get("address", "")[:254]
    context = {"page": page, "newsletter": newsletter.slug, "name": newsletter.name, "typed": typed, "error": MISTYPED}
    return render(request, "pages/newsletter-sign-up.html", context, status=422)


def _look_into_your_mail(request: HttpRequest, newsletter: Newsletter, address: str) -> HttpResponse:
    sent = f"We sent a link to {address}. Open it within a day and press the button there, and {newsletter.name} comes."
    wait = "Nothing there? Look among the unwanted mail, or wait a minute."
    if newsletter.whom == Whom.MEMBERS:
        whose = f"{newsletter.name} goes to subscribers: the button works for whoever subscribes with that address."
        return said(request, "Look into your mail", sent, whose, wait, ways=(SUBSCRIBE, ALL))
    return said(request, "Look into your mail", sent, wait)


def _rate_spent(request: HttpRequest, address: str) -> str:
    """The rate that is used up, or ""; few for an address from one network are asked for first, as where codes are."""
    key = address_key(address)
    if not is_within(request, "sign-up-from"):
        return "sign-up-from"
    if not is_within(request, "sign-up-here", key=f"{key} {network_of(client_address(request))}"):
        return "sign-up-here"
    return "" if is_within(request, "sign-up", key=key) else "sign-up"


@by_link
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A look uses up nothing, since mail scanners look too; the button does. It logs nobody in."""
    wish = signing_up.wish_of(token, at=clock.now())
    if wish is None:
        return _spent(request)
    if request.method != "POST":
        return _button(request, wish, token)
    try:
        signup = signing_up.answer(token, at=clock.now())
    except WishSpent:
        return _spent(request)
    except AccountClosed:
        return said(request, "This account is closed", CLOSED.partition(". ")[2], status=403)
    except ForSubscribers:
        return for_subscribers(request, wish.newsletter)
    except NotOffered:
        return no_longer_sent(request, wish.newsletter)
    return _confirmed(request, signup)


def _confirmed(request: HttpRequest, signup: Signup) -> HttpResponse:
    """Whoever verified several addresses gets everything at one."""
    address, name = signup.reader.email, signup.newsletter.name
    if suppressed_among([address]):
        return said(request, f"You signed up for {name}", f"It would come to {address}. {STOPPED}", ways=(CONTACT, ALL))
    return said(request, f"You get {name}", f"It comes to {address}. {signup.newsletter.promise}")


def _button(request: HttpRequest, wish: Wish, token: str) -> HttpResponse:
    page = PageMeta(title=wish.newsletter.name, kind="newsletter", noindex=True)
    context = {"page": page, "name": wish.newsletter.name, "shown": wish.text_shown, "address": wish.address, "token": token}
    return render(request, "pages/newsletter-confirm.html", context)


def _spent(request: HttpRequest) -> HttpResponse:
    return said(request, "This link has done its work", SPENT, status=422 if request.method == "POST" else 200)
