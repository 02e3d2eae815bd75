"""Articles given away: the door behind the button under an article, the link itself, and the account's list of them.

Contexts, `page` (a PageMeta) in each:
pages/gifts.html     `gifts` (OnAccount, the newest first), `left`, `allowance` (this month's), `days`, `openings` (the house
                     rules), `fresh` (the number of the one just given, or 0), `may_give`
pages/gift-door.html `headline` (of the article, or ""), `token`
pages/give.html      `headline`, `path` (of the article)
pages/no-gift.html   `says` (a sentence), `path` (of the article, or ""), `again` (where whoever logs in gives it, or "")
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.access.passes import MOST_GIVEN
from broadsheet.access.terms import Audience
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.kit.signing import Signer
from broadsheet.membership import papers, queries, telling
from broadsheet.membership.actions import gifts as actions
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Gift, Reader
from broadsheet.membership.origin import local_path, our_own_forms
from broadsheet.membership.stories import story_at
from broadsheet.membership.views.joining import see_other

PAGE = "/account/gifts/"
MOST_SHOWN = 50
STRANGER = "Subscribers give articles away. Log in, and you go on with it."
BEFORE = "/gift/of"
NOT_A_SUBSCRIBER = "Subscribers give articles away. Your account reads for free, and so has none to give."
ALL_GIVEN = "You have given away all the articles of this month. The next ones come when it ends."
ANYBODY_READS = "There is no need to: anybody may read this article. Just send its address."
NO_ARTICLE = "There is no article to give here."
WRONG = "This link opens nothing. It may have been cut off on its way: ask whoever sent it for another."
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class OnAccount:
    """A gift as whoever gave it sees it."""

    number: int
    path: str
    headline: str
    link: str
    given_on: date
    until: date
    opened: int
    openings: int
    works: bool
    taken_back: bool


@our_own_forms
@GET_OR_POST
def give(request: HttpRequest) -> HttpResponse:
    """The button under an article, which was pressed and knows no reader: who may give is found out here."""
    if request.method != "POST":
        return see_other(PAGE)
    path = local_path(request.POST.get("path"))
    story, reader = story_at(path), request.user
    if story is None:
        return _no_gift(request, NO_ARTICLE, status=404)
    if story.audience is Audience.OPEN:
        return _no_gift(request, ANYBODY_READS, path=path)
    if not isinstance(reader, Reader):
        return _no_gift(request, STRANGER, path=path, again=f"{BEFORE}{path}", status=403)
    try:
        gift = actions.give(reader=reader, story=story.key, path=path, at=clock.now())
    except actions.NothingToGive:
        return _no_gift(request, NOT_A_SUBSCRIBER, path=path, status=403)
    except actions.AllGiven:
        return _no_gift(request, ALL_GIVEN, path=path, status=403)
    return see_other(f"{PAGE}?given={gift.pk}")


@our_own_forms
@login_required
@require_safe
def before_giving(request: HttpRequest, article: str) -> HttpResponse:
    """The same button on a page of its own, for whoever had to log in after pressing it: a path, which a way back can name."""
    path = local_path(f"/{article}")
    story = story_at(path)
    if story is None:
        return _no_gift(request, NO_ARTICLE, status=404)
    page = PageMeta(title="Give this article", kind="gift", noindex=True)
    return render(request, "pages/give.html", {"page": page, "headline": story.headline, "path": path})


@our_own_forms
@login_required
@GET_OR_POST
def gifts(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    if request.method == "POST":
        gift = reader.gifts.filter(pk=_number(request.POST.get("end"))).first()
        if gift is not None:
            actions.take_back(gift, at=at)
        return see_other(PAGE)
    house = queries.rules()
    context = {
        "page": PageMeta(title="Articles that you gave", kind="account", path=PAGE, noindex=True),
        "gifts": [_on_account(gift, at) for gift in reader.gifts.order_by("-given_at")[:MOST_SHOWN]],
        "left": actions.left_to_give(reader, at=at),
        "allowance": house.gifts_a_month,
        "days": house.gift_days,
        "openings": house.gift_openings,
        "fresh": _number(request.GET.get("given")),
        "may_give": queries.held_by(reader, at=at, grace_days=house.grace_days).entitled_until is not None,
    }
    return render(request, "pages/gifts.html", context)


@our_own_forms
@GET_OR_POST
def given(request: HttpRequest, token: str) -> HttpResponse:
    """The link. It leads to the article: in full where it opens, else to the wall.

    Looking counts nothing, since mail scanners and previews look too. A browser that says that somebody opens the page is let in
    at once; any other is shown a button.
    """
    number = _number(_signer().unsign(token))
    if not number:
        return _closed(_no_gift(request, WRONG, status=404))
    try:
        return _closed(_opened(request, number, token))
    except actions.GiftOver as over:
        return _closed(see_other(over.path) if over.path else _no_gift(request, WRONG, status=404))


def _opened(request: HttpRequest, number: int, token: str) -> HttpResponse:
    own = Gift.objects.filter(pk=number, reader_id=request.user.pk).first() if request.user.is_authenticated else None
    if own is not None:
        return see_other(own.path)  # whoever gave it uses nothing up
    before = papers.gifts_in(request.COOKIES)
    had = any(one.number == number for one in before)
    if not (had or request.method == "POST" or _is_visit(request)):
        return _gift_door(request, actions.still_open(number, at=clock.now()), token)
    if not is_within(request, "gift-link"):
        return later(request, action="gift-link")
    gift, fresh = actions.open_gift(number, had=had, at=clock.now())
    response = see_other(gift.path)
    others = tuple(one for one in before if one.number != number)
    papers.hand_over(response, [papers.of_gifts((fresh, *others)[:MOST_GIVEN]), papers.arrived(_says(gift))])
    return response


def _says(gift: Gift) -> str:
    """The article was pressed, and cannot say it. Nobody's name: its giver was asked for none."""
    return f"A subscriber gave you this article. Its link opens it in full until {telling.day_of(gift.expires_at)}."


def _is_visit(request: HttpRequest) -> bool:
    """Somebody opens a page now, as their browser says of itself. Silence is no answer: scanners and previews are silent."""
    said = request.headers
    opens = said.get("Sec-Fetch-Mode") == "navigate" and said.get("Sec-Fetch-Dest") == "document"
    return request.method == "GET" and opens and "Sec-Purpose" not in said


def _gift_door(request: HttpRequest, gift: Gift, token: str) -> HttpResponse:
    story = story_at(gift.path)
    context = {
        "page": PageMeta(title="A gift for you", kind="gift", noindex=True),
        "headline": story.headline if story else "",
        "token": token,
    }
    response = render(request, "pages/gift-door.html", context)
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make browsers hide the button's origin from us
    return response


def _closed(response: HttpResponse) -> HttpResponse:
    """No search engine and no other site hears of a gift's address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response.setdefault("Referrer-Policy", "no-referrer")
    return response


def _on_account(gift: Gift, at: datetime) -> OnAccount:
    story = story_at(gift.path)
    return OnAccount(
        number=gift.pk,
        path=gift.path,
        headline=story.headline if story else gift.path,
        link=link_of(gift),
        given_on=timezone.localdate(gift.given_at),
        until=timezone.localdate(gift.expires_at),
        opened=gift.opened,
        openings=gift.openings,
        works=gift.taken_back_at is None and at < gift.expires_at and gift.opened < gift.openings,
        taken_back=gift.taken_back_at is not None,
    )


def link_of(gift: Gift) -> str:
    return f"{settings.BASE_URL}/gift/{_signer().sign(str(gift.pk))}/"


def _no_gift(request: HttpRequest, says: str, *, path: str = "", again: str = "", status: int = 200) -> HttpResponse:
    page = PageMeta(title="Give this article" if again else "No gift", kind="gift", noindex=True)
    context = {"page": page, "says": says, "path": path, "again": again}
    return render(request, "pages/no-gift.html", context, status=status)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0


def _signer() -> Signer:
    return Signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose="gift")
