"""Where membership hangs on the desk, and what follows when staff change readers there."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks

from broadsheet.kit import clock
from broadsheet.membership import actions
from broadsheet.membership.desk import MembershipViewSetGroup
from broadsheet.membership.models import Deed, Institution, Reader, Term
from broadsheet.membership.readers_desk import BULK_ACTIONS


@hooks.register("register_admin_viewset")
def membership_on_the_desk() -> MembershipViewSetGroup:
    return MembershipViewSetGroup()


@hooks.register("register_permissions")
def permissions_of_membership() -> QuerySet[Permission]:
    models = [model._meta.model_name for model in (Deed, Institution, Term)]
    return Permission.objects.filter(content_type__app_label="membership", content_type__model__in=models)


@hooks.register("after_create_user")
def verify_the_address(request: HttpRequest, reader: Reader) -> None:
    actions.engage(address=reader.email, at=clock.now())


@hooks.register("after_edit_user")
def heed_the_change(request: HttpRequest, reader: Reader) -> None:
    """Whatever was changed of address, groups or activity counts from this reader's next request."""
    at = clock.now()
    if not EmailAddress.objects.filter(user=reader, email=reader.email, verified=True).exists():
        actions.readdress(reader, address=reader.email, at=at)
    elif not reader.is_active:
        actions.end_sessions(reader, why="closed on the desk", at=at)
    else:
        actions.revoke(reader.pk, why="changed on the desk", at=at)


@hooks.register("after_bulk_action")
def heed_a_bulk_change(request: HttpRequest, action_type: str, objects: Iterable[object], _action: object) -> None:
    at = clock.now()
    for changed in objects:
        if isinstance(changed, Reader) and changed.pk:
            actions.revoke(changed.pk, why="changed on the desk", at=at)


for bulk_action in BULK_ACTIONS:  # in the places of Wagtail's, which stand first
    hooks.register("register_bulk_action", bulk_action, order=100)
