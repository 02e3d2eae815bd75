"""The demo's own pages: who to be, the mail that came, what to try, and the clock. They exist in the demo only."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from broadsheet.config.demo import outbox
from broadsheet.config.demo.entering import become, keep_time
from broadsheet.config.demo.members import CAST, Member, member_named
from broadsheet.config.demo.outbox import Posted
from broadsheet.config.demo.passing import pass_time
from broadsheet.config.demo.steps import STEPS
from broadsheet.config.demo.till import the_till
from broadsheet.config.demo.timetable import next_month, next_weekday
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.queries import generation, holding_of, reader_at
from broadsheet.membership.views.account import standing_in_words

MOST_MAIL = 100


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    now = clock.now().astimezone(_zone())
    cast = [(member, _standing_now(member)) for member in CAST]
    numbers = dict(Page.objects.filter(slug__in={step.about for step in STEPS}).values_list("slug", "pk"))
    steps = [(step, step.leads_to(numbers)) for step in STEPS]
    context = {
        "page": _page("The demo"),
        "cast": cast,
        "steps": steps,
        "now": now,
        "mails": outbox.count(),
        "moved": clock.has_moved(),
    }
    answer = render(request, "demo/begin.html", context)
    keep_time(request, answer, at=now)
    return answer


def _standing_now(member: Member) -> str:
    """As their account says it; "" for whoever has none."""
    reader = reader_at(member.address) if member.address else None
    if reader is None:
        return ""
    at = clock.now()
    holding = holding_of(reader, at=at, generation=generation())
    said = standing_in_words(reader, holding, at)
    left = f"{holding.meter.left} of {holding.monthly_allowance} free articles left this month."
    return said if holding.entitled(at) else f"{said} {left}"


@require_POST
@our_own_forms
def enter(request: HttpRequest, who: str) -> HttpResponse:
    member = member_named(who)
    if member is None:
        raise Http404
    answer = redirect(_local(request.POST.get("next", "")) or member.begins_at)
    become(request, answer, member, at=clock.now())
    return answer


@require_POST
@our_own_forms
def move_clock(request: HttpRequest) -> HttpResponse:
    goal = next_month if request.POST.get("to") == "month" else next_weekday
    to = goal(clock.now(), zone=_zone())
    pass_time(to, zone=_zone(), till=the_till())
    messages.info(request, f"It is now {to.astimezone(_zone()):%A, %-d %B %Y, %H:%M}. What was due has been done.")
    return redirect("demo")


@require_GET
def all_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/outbox.html", {"page": _page("The outbox"), "mails": outbox.newest(MOST_MAIL)})


@require_GET
def mail(request: HttpRequest, number: int) -> HttpResponse:
    return _shown(request, outbox.mail(number))


@require_GET
def letter(request: HttpRequest, number: int) -> HttpResponse:
    return _shown(request, outbox.letter(number))


@require_GET
@xframe_options_sameorigin
def mail_html(request: HttpRequest, number: int) -> HttpResponse:
    return _html(outbox.mail(number))


@require_GET
@xframe_options_sameorigin
def letter_html(request: HttpRequest, number: int) -> HttpResponse:
    return _html(outbox.letter(number))


def _shown(request: HttpRequest, found: Posted | None) -> HttpResponse:
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"page": _page(found.subject), "mail": found})


def _html(found: Posted | None) -> HttpResponse:
    """A mail's own HTML, as a mail program would show it: nothing may run in it."""
    if found is None:
        raise Http404
    # Links open as they would from a mail program: in a window of their own.
    answer = HttpResponse(found.html.replace("<head>", '<head><base target="_blank">', 1))
    answer["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return answer


def _page(title: str) -> PageMeta:
    return PageMeta(title=title, kind="demo", noindex=True)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _local(path: str) -> str:
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
