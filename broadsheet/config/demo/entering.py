"""One click into somebody's place: what logging in, a second factor, or a campus network would have done."""

from datetime import datetime

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse

from broadsheet.access.passes import PROVISIONAL_COOKIE, VISITOR_COOKIE
from broadsheet.config.demo.members import Member
from broadsheet.kit.signing import Signer
from broadsheet.membership import papers
from broadsheet.membership.actions import begin
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import generation, holding_of, reader_at, rules
from broadsheet.membership.stories import story_at
from broadsheet.membership.views.joining import with_knock

CAMPUS_COOKIE = "demo-campus"
ON_CAMPUS = "on"
A_DAY = 24 * 3600  # said, since a cookie that was just deleted on the same answer would stay so
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def become(request: HttpRequest, answer: HttpResponse, member: Member, *, at: datetime) -> None:
    """Whoever it was before leaves first, with every cookie that said so."""
    logout(request)
    papers.hand_over(answer, papers.taken_back())
    answer.delete_cookie(PROVISIONAL_COOKIE)
    answer.delete_cookie(VISITOR_COOKIE)
    answer.delete_cookie(CAMPUS_COOKIE)
    if member.address and not member.unconfirmed:
        _log_in(request, answer, member, at=at)
    elif member.unconfirmed:
        _send_address(answer, member, at=at)
    elif member.on_campus:
        answer.set_cookie(CAMPUS_COOKIE, campus_signer().sign(ON_CAMPUS), max_age=A_DAY, httponly=True, samesite="Lax")


def campus_signer() -> Signer:
    return Signer((settings.SECRET_KEY,), purpose="demo-campus")


def _log_in(request: HttpRequest, answer: HttpResponse, member: Member, *, at: datetime) -> None:
    reader = reader_at(member.address)
    if reader is None:
        raise NotInTheCast(f"{member.name} is not in the database: start the demo anew.")
    login(request, reader, backend=BACKEND)
    _give_second_factor(request, reader)
    request.session.save()
    _hand_papers(request, answer, reader, at=at)


def keep_time(request: HttpRequest, answer: HttpResponse, *, at: datetime) -> None:
    """Papers by the demo's clock: the browser's own does not tell it that a month has ended."""
    if isinstance(request.user, Reader):
        _hand_papers(request, answer, request.user, at=at)
    elif VISITOR_COOKIE in request.COOKIES and papers.visitor_in(request.COOKIES, at=at) is None:
        answer.delete_cookie(VISITOR_COOKIE)
        if PROVISIONAL_COOKIE not in request.COOKIES:
            papers.hand_over(answer, papers.taken_back())


def _hand_papers(request: HttpRequest, answer: HttpResponse, reader: Reader, *, at: datetime) -> None:
    holding = holding_of(reader, at=at, generation=generation())
    a_pass = papers.pass_of(reader, holding, session_key=request.session.session_key or "", at=at)
    papers.hand_over(answer, papers.of_reader(reader, holding, a_pass, at=at))


def _give_second_factor(request: HttpRequest, reader: Reader) -> None:
    factor = Authenticator.objects.filter(user=reader, type=Authenticator.Type.TOTP).first()
    if factor is not None:
        record_authentication(request, reader, method="mfa", id=factor.pk, type=factor.type)


def _send_address(answer: HttpResponse, member: Member, *, at: datetime) -> None:
    """At the wall of her article, so that the code to answer is in the outbox."""
    story = story_at(member.begins_at)
    if story is None:
        raise NotInTheCast(f"{member.begins_at} has not been printed: start the demo anew.")
    knock = begin(
        address=member.address, next_path=member.begins_at, story=story.key, network=member.slug, had_first=False, at=at
    ).knock
    cookies = papers.of_first_article(story=story.key, address=member.address, allowance=rules().monthly_allowance, at=at)
    papers.hand_over(answer, cookies)
    with_knock(answer, knock)


class NotInTheCast(LookupError):
    """Somebody of the cast has no account here."""
