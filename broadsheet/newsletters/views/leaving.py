"""Leaving what a mail is about, one newsletter mostly: by the button of a mail program (RFC 8058), or by the page of its link.

Context of pages/newsletter-leave.html: `page` (a PageMeta), `name` (of the newsletters, or ""), `over`, `back` (they get it
again), `undo` (that can be taken back), `others` (names of what they get besides), `preferences` (a link to choose by, or "")
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.newsletters import links
from broadsheet.newsletters.actions.signing_up import UNDO, How, begin_again, end
from broadsheet.newsletters.choosing import names_wanted
from broadsheet.newsletters.models import Signup
from broadsheet.newsletters.naming import named
from broadsheet.newsletters.views.saying import THEIRS, by_link, said

A_DAY = timedelta(days=1)
CUT_OFF = "It may have been cut off on its way. Which newsletters you get stands in your account."


@by_link
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """A look ends nothing. Every POST does, whatever it says, but for that of the button which takes it back."""
    at, leaver = clock.now(), links.leaver_of(token)
    if leaver is None:
        return said(request, "This link ends nothing", CUT_OFF, ways=(THEIRS,), status=404)
    signups, back, acted = _signups_of(leaver), False, request.method == "POST"
    if acted and "undo" in request.POST:
        back = sum(begin_again(signup, at=at) for signup in signups) > 0
    elif acted:
        for signup in signups:
            end(signup, how=How.ONE_CLICK if "List-Unsubscribe" in request.POST else How.LINK, at=at)
    signups = _signups_of(leaver) if acted else signups
    standing = [signup for signup in signups if signup.ended_at is None]
    told = acted and bool(signups)
    context = {
        "page": PageMeta(title="Newsletter", kind="newsletter", noindex=True),
        "name": named(signup.newsletter.name for signup in standing or signups),
        "over": not standing,
        "back": back,
        "undo": any(signup.ended_at > at - UNDO for signup in signups if signup.ended_at),
        "others": names_wanted(leaver.whose.number, but=leaver.newsletters) if told else [],
        # For as long as this page may stand open, and no longer: the link by which they came never ends.
        "preferences": links.preferences_link(leaver.whose, at=at - links.PREFERENCES_LIFE + A_DAY) if told else "",
    }
    return render(request, "pages/newsletter-leave.html", context)


def _signups_of(leaver: links.Leaver) -> list[Signup]:
    theirs = Signup.objects.filter(reader=leaver.whose.find(), newsletter__in=leaver.newsletters).select_related("newsletter")
    return list(theirs.order_by("newsletter__order", "newsletter__name"))
