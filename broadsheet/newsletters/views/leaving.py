"""Leaving a newsletter: by the button of a mail program (RFC 8058), or by the page that its link shows.

Context of pages/newsletter-leave.html: `page` (a PageMeta), `name` (of the newsletter, or ""), `over`, `back` (they get it
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
from broadsheet.newsletters.views.saying import THEIRS, by_link, said

A_DAY = timedelta(days=1)
CUT_OFF = "It may have been cut off on its way. Which newsletters you get stands in your account."


@by_link
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """A look ends nothing. Every POST does, whatever it says, but for that of the button which takes it back."""
    at, leaver = clock.now(), links.leaver_of(token)
    if leaver is None:
        return said(request, "This link ends nothing", CUT_OFF, ways=(THEIRS,), status=404)
    signup = Signup.objects.select_related("newsletter").filter(reader=leaver.reader, newsletter=leaver.newsletter).first()
    back = False
    if request.method == "POST" and signup is not None:
        if "undo" in request.POST:
            back = begin_again(signup, at=at)
        else:
            end(signup, how=How.ONE_CLICK if "List-Unsubscribe" in request.POST else How.LINK, at=at)
        signup.refresh_from_db()
    ended = signup is None or signup.ended_at is not None
    acted = request.method == "POST" and signup is not None
    context = {
        "page": PageMeta(title="Newsletter", kind="newsletter", noindex=True),
        "name": signup.newsletter.name if signup else "",
        "over": ended,
        "back": back,
        "undo": signup is not None and signup.ended_at is not None and signup.ended_at > at - UNDO,
        "others": names_wanted(leaver.reader, but=[leaver.newsletter]) if acted else [],
        # For as long as this page may stand open, and no longer: the link by which they came never ends.
        "preferences": links.preferences_link(leaver.reader, at=at - links.PREFERENCES_LIFE + A_DAY) if acted else "",
    }
    return render(request, "pages/newsletter-leave.html", context)
