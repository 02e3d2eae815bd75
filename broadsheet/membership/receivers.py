"""What allauth and Django tell: whoever logs out or changes what they log in with leaves nothing behind that still opens."""

from typing import Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from broadsheet.kit import clock
from broadsheet.membership.actions.sessions import end_sessions, revoke
from broadsheet.membership.models import Reader


@receiver(user_logged_out)
def take_the_pass_back(request: HttpRequest, user: Reader | None, **_: Any) -> None:
    """The session first: were the pass revoked before, a request in between would be given a new one."""
    if user is not None:
        request.session.flush()
        revoke(user.pk, why="logged out", at=clock.now())


@receiver([email_changed, password_changed, password_reset, password_set])
@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def end_the_other_sessions(request: HttpRequest, user: Reader, **_: Any) -> None:
    end_sessions(user, why="credential changed", at=clock.now())
    if request.user == user:
        update_session_auth_hash(request, user)
