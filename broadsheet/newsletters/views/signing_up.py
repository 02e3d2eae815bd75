"""Signing up: the door behind every form, for one newsletter or several, and the page to which the mail leads that it sends.

Contexts, `page` (a PageMeta) in each:
pages/newsletter-sign-up.html   `heading`, `offers` (Offer and whether it is chosen: shown unless one alone is chosen), `chosen`
                                (slugs), `typed` (an address, or what is none, or ""), `error` (a sentence), `about` (whether
                                it is about the address)
pages/newsletter-confirm.html   `name`, `shown` (what they agree to, a sentence each), `address`, `token`,
                                `walled` (names of those for subscribers, or "")
"""

from collections.abc import Sequence

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
from broadsheet.newsletters.naming import named
from broadsheet.newsletters.pages import offer_of
from broadsheet.newsletters.policy import Whom
from broadsheet.newsletters.views.saying import ALL, SUBSCRIBE, THEIRS, by_link, for_subscribers, no_longer_sent, said

SPENT = "It was used, or is older than a day. If nothing comes, sign up again."
STOPPED = "But nothing is sent there now, since mail to it was unwanted or was stopped. Write to us, and we set that right."
CONTACT = ("Write to us", "/contact/")
MOST_CHOSEN = 50
NONE_CHOSEN = "Choose at least one newsletter."
MISTYPED = "Enter an e-mail address, such as name@example.org."


@our_own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Of any newsletters, by anybody. An address is answered alike whether it is known or not."""
    if request.method != "POST":
        return see_other(ALL[1])
    named_there, reader = request.POST.getlist("newsletter"), request.user
    chosen = offered(named_there)
    if named_there and not chosen:
        return said(request, "There is no such newsletter", "It may have ended.", status=404)
    if isinstance(reader, Reader):
        return _at_once(request, reader, chosen) if chosen else see_other(THEIRS[1])
    form = AddressForm({"email": request.POST.get("address", "")})
    if not chosen or not form.is_valid():
        return _form_again(request, chosen)
    address: str = form.cleaned_data["email"]
    if spent := _rate_spent(request, address):
        return later(request, action=spent)
    signing_up.ask(chosen, address=address, at=clock.now())
    return _look_into_your_mail(request, chosen, address)


def offered(slugs: Sequence[str]) -> list[Newsletter]:
    plain = [slug for slug in slugs if slug.isascii() and slug.isprintable()]  # the database refuses a zero byte
    return list(Newsletter.objects.filter(slug__in=plain[:MOST_CHOSEN], withdrawn_at=None))


def _at_once(request: HttpRequest, reader: Reader, chosen: Sequence[Newsletter]) -> HttpResponse:
    """Their address is confirmed already, whatever stands in the field."""
    try:
        signups = signing_up.sign_up_for(reader, {one: words_shown(one) for one in chosen}, at=clock.now())
    except ForSubscribers:
        return for_subscribers(request, chosen)
    except NotOffered:
        return no_longer_sent(request, chosen)
    fresh = urlencode({"new": [signup.newsletter.slug for signup in signups]}, doseq=True)
    return see_other(f"{THEIRS[1]}?{fresh}")


def _form_again(request: HttpRequest, chosen: Sequence[Newsletter]) -> HttpResponse:
    """With what was typed and chosen. Whoever came for one newsletter is not asked again for which."""
    heading = chosen[0].name if len(chosen) == 1 else "Newsletters"
    everybodys = Newsletter.objects.filter(withdrawn_at=None).exclude(whom=Whom.MEMBERS).prefetch_related("regions")
    context = {
        "page": PageMeta(title=heading, kind="newsletter", noindex=True),
        "heading": heading,
        "offers": [(offer_of(one), one in chosen) for one in everybodys] if len(chosen) != 1 else [],
        "chosen": [one.slug for one in chosen],
        "typed": request.POST.get("address", "")[:254],
        "error": MISTYPED if chosen else NONE_CHOSEN,
        "about": bool(chosen),
    }
    return render(request, "pages/newsletter-sign-up.html", context, status=422)


def _look_into_your_mail(request: HttpRequest, chosen: Sequence[Newsletter], address: str) -> HttpResponse:
    names, comes = named(one.name for one in chosen), "comes" if len(chosen) == 1 else "come"
    sent = f"We sent a link to {address}. Open it within a day and press the button there, and {names} {comes}."
    wait = "Nothing there? Look among the unwanted mail, or wait a minute."
    if walled := [one.name for one in chosen if one.whom == Whom.MEMBERS]:
        goes = "goes" if len(walled) == 1 else "go"
        whose = f"{named(walled)} {goes} to subscribers: the button works for whoever subscribes with that address."
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
    wishes = signing_up.wishes_of(token, at=clock.now())
    if not wishes:
        return _spent(request)
    if request.method != "POST":
        return _button(request, wishes, token)
    try:
        signups = signing_up.answer(token, at=clock.now())
    except WishSpent:
        return _spent(request)
    except AccountClosed:
        return said(request, "This account is closed", CLOSED.partition(". ")[2], status=403)
    except ForSubscribers:
        return for_subscribers(request, [wish.newsletter for wish in wishes])
    except NotOffered:
        return no_longer_sent(request, [wish.newsletter for wish in wishes])
    return _confirmed(request, signups)


def _confirmed(request: HttpRequest, signups: Sequence[Signup]) -> HttpResponse:
    """Whoever verified several addresses gets everything at one. What was not for them is not among the names."""
    address, names = signups[0].reader.email, named(signup.newsletter.name for signup in signups)
    one = len(signups) == 1
    if suppressed_among([address]):
        would = f"{'It' if one else 'They'} would come to {address}. {STOPPED}"
        return said(request, f"You signed up for {names}", would, ways=(CONTACT, ALL))
    if one:
        return said(request, f"You get {names}", f"It comes to {address}. {signups[0].newsletter.promise}")
    return said(request, f"You get {names}", f"They come to {address}.")


def _button(request: HttpRequest, wishes: Sequence[Wish], token: str) -> HttpResponse:
    names = named(wish.newsletter.name for wish in wishes)
    context = {
        "page": PageMeta(title=names, kind="newsletter", noindex=True),
        "name": names,
        "shown": [wish.text_shown for wish in wishes],
        "address": wishes[0].address,
        "token": token,
        "walled": named(wish.newsletter.name for wish in wishes if wish.newsletter.whom == Whom.MEMBERS),
    }
    return render(request, "pages/newsletter-confirm.html", context)


def _spent(request: HttpRequest) -> HttpResponse:
    return said(request, "This link has done its work", SPENT, status=422 if request.method == "POST" else 200)
