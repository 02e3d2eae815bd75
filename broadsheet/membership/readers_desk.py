"""Readers on the desk, in the place of Wagtail's users: nobody gives or takes over rights beyond their own."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError, Q
from django.db.models.deletion import Collector
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction

from broadsheet.kit import clock
from broadsheet.membership import actions
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.policy import NoAddress, tidy_address
from broadsheet.membership.rights import groups_to_give, may_change
from broadsheet.membership.seating import Seat


def pays(reader: Reader) -> bool:
    """Whether a subscription runs that they alone can end: their own, or that of a group which they manage."""
    at = clock.now()  # noqa: TID251
    own = reader.terms.filter(Q(ends_at=None) | Q(ends_at__gt=at), source=Term.Source.SUBSCRIPTION)
    managed = reader.seats.filter(Q(group__ends_at=None) | Q(group__ends_at__gt=at), role=Seat.Role.MANAGER, ended_at=None)
    return own.exists() or managed.exists()


def stands_in_books(reader: Reader) -> bool:
    """Whether rows of others need this one, as bills do."""
    try:
        Collector(using=DEFAULT_DB_ALIAS).collect([reader])
    except ProtectedError:
        return True
    return False


class TidyAddress:
    """For forms of readers: the address as it is kept, no name demanded, and only such rights as `by` may give."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, by: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = False
        if not by.is_superuser:
            self.fields.pop("is_superuser", None)
        groups = self.fields["groups"]
        assert isinstance(groups, forms.ModelMultipleChoiceField)
        groups.queryset = groups_to_give(by)

    def clean_email(self) -> str:
        try:
            return tidy_address(self.cleaned_data["email"])
        except NoAddress as trouble:
            raise forms.ValidationError(str(trouble)) from None


class NewReaderForm(TidyAddress, UserCreationForm):
    pass


class ReaderForm(TidyAddress, UserEditForm):
    def clean_is_active(self) -> bool:
        stays = bool(self.cleaned_data["is_active"])
        if not stays and self.instance.is_active and pays(self.instance):
            raise forms.ValidationError(
                "This reader is charged for a subscription, and could not cancel it any more: end that first."
            )
        return stays


class GivenBy:
    """For views with one of these forms."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc]


class AddReader(GivenBy, users.CreateView):
    pass


class NotAbove:
    """For views of one reader."""

    object: Reader

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, Reader) or not may_change(request.user, self.object):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class EditReader(GivenBy, NotAbove, users.EditView):
    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The list's buttons too: what else there is to see and do for this reader."""
        found = [
            hook(user=self.object, request_user=self.request.user) for hook in hooks.get_hooks("register_user_listing_buttons")
        ]
        return [*super().header_more_buttons, *(button for each in found for button in each)]


class RemoveReader(NotAbove, users.DeleteView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()

        if stands_in_books(self.object):
            raise PermissionDenied(
                "This reader stands in the books. Have the account erased instead, which keeps what law demands."
            )

    def delete_action(self) -> None:
        with transaction.atomic():
            pk = self.object.pk
            super().delete_action()
            actions.revoke(pk, why="removed on the desk", at=clock.now())  # noqa: TID251


class ReaderViewSet(users.UserViewSet):
    menu_label = "Readers"
    add_view_class = AddReader
    edit_view_class = EditReader
    delete_view_class = RemoveReader
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Reader]]:
        return ReaderForm if for_update else NewReaderForm


class NoneAbove:
    """For actions on many readers: those whom one may not change are left out, and named."""

    request: HttpRequest

    def check_perm(self, obj: Reader) -> bool:
        by = self.request.user
        return isinstance(by, Reader) and may_change(by, obj) and super().check_perm(obj)  # type: ignore[misc]


class GiveRole(NoneAbove, AssignRoleBulkAction):
    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form:
        form: forms.Form = super().get_form(form_class)
        role = form.fields["role"]
        assert isinstance(role, forms.ModelChoiceField)
        by = self.request.user
        role.queryset = groups_to_give(by) if isinstance(by, Reader) else Group.objects.none()
        return form


class CloseMany(NoneAbove, SetActiveStateBulkAction):
    def check_perm(self, obj: Reader) -> bool:
        return super().check_perm(obj) and not pays(obj)


class RemoveMany(NoneAbove, DeleteBulkAction):
    def check_perm(self, obj: Reader) -> bool:
        return super().check_perm(obj) and not stands_in_books(obj)


BULK_ACTIONS = (GiveRole, CloseMany, RemoveMany)
