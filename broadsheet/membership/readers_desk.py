"""Readers on the desk, in the place of Wagtail's users: nobody gives or takes over rights beyond their own."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction

from broadsheet.kit import clock
from broadsheet.membership import actions
from broadsheet.membership.models import Reader
from broadsheet.membership.policy import NoAddress, tidy_address
from broadsheet.membership.rights import groups_to_give, may_change


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
    pass


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
    pass


class RemoveMany(NoneAbove, DeleteBulkAction):
    pass


BULK_ACTIONS = (GiveRole, CloseMany, RemoveMany)
