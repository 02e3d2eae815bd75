"""What allauth and Django tell: who logs out, changes what they log in with, or loses rights leaves nothing that still opens."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_out
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, pre_delete
from django.dispatch import receiver
from django.http import HttpRequest

from broadsheet.kit import clock
from broadsheet.membership.actions.devices import carry_device_on, leave_device
from broadsheet.membership.actions.groups import leave_groups
from broadsheet.membership.actions.sessions import end_sessions, revoke
from broadsheet.membership.models import Reader
from broadsheet.membership.seating import Seat


@receiver(user_logged_out)
def take_the_pass_back(request: HttpRequest, user: Reader | None, **_: Any) -> None:
    """The session first: were the pass revoked before, a request in between would be given a new one."""
    if user is not None:
        leave_device(request.session.session_key)
        request.session.flush()
        revoke(user.pk, why="logged out", at=clock.now())


@receiver([email_changed, password_changed, password_reset, password_set])
@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def end_the_other_sessions(request: HttpRequest, user: Reader, **_: Any) -> None:
    before = request.session.session_key
    end_sessions(user, why="credential changed", at=clock.now())
    if request.user == user:
        update_session_auth_hash(request, user)
        carry_device_on(before, request.session.session_key)


@receiver(authenticator_added)
def ask_for_no_other_code(request: HttpRequest, user: Reader, authenticator: Authenticator, **_: Any) -> None:
    """Whoever sets an app up has just shown a code of it, and whoever makes a passkey has it at hand. The recovery codes come
    next, and no code is taken twice."""
    if request.user == user and authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", reauthenticated=True)


@receiver(m2m_changed, sender=Group.permissions.through)
def heed_a_group_s_rights(instance: Group | Permission, action: str, **_: Any) -> None:
    """Rights that a group lost, all of its members lost. Wagtail has no hook for it."""
    if isinstance(instance, Group) and action in {"post_add", "post_remove", "post_clear"}:
        _revoke_members(instance)


@receiver(pre_delete, sender=Group)
def heed_a_group_s_end(instance: Group, **_: Any) -> None:
    _revoke_members(instance)


@receiver(pre_delete, sender=Seat)
def leave_no_group_without_a_manager(instance: Seat, origin: object, **_: Any) -> None:
    """A reader's rows go, as when an account is erased. Where the group itself goes, its seats need no care."""
    begun_with = origin.model if isinstance(origin, QuerySet) else type(origin)
    if instance.reader is not None and begun_with in (Reader, Seat):
        leave_groups(instance.reader, at=clock.now())


def _revoke_members(group: Group) -> None:
    at = clock.now()
    for pk in Reader.objects.filter(groups=group).values_list("pk", flat=True):
        revoke(pk, why="group changed", at=at)
