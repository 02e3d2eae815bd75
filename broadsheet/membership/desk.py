"""Membership on the desk: terms and institutions (readers: `readers_desk`). Forms read and check; an action does."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput

from broadsheet.kit import clock
from broadsheet.membership import actions
from broadsheet.membership.models import Deed, Institution, Reader, Term
from broadsheet.membership.networks import BadNetwork, ranges_from
from broadsheet.membership.policy import tidy_address
from broadsheet.membership.queries import reader_at

BY_HAND = (Term.Source.COMP, Term.Source.GIFT)


class TermForm(forms.ModelForm[Term]):
    address = forms.EmailField(label="Reader's address", help_text="Somebody who has registered.")

    class Meta:
        model = Term
        fields = ("address", "source", "starts_at", "ends_at", "payment", "note")
        widgets = {"starts_at": AdminDateTimeInput, "ends_at": AdminDateTimeInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        if self.instance.pk:
            self.fields["address"].initial = self.instance.reader.email
            self.fields["address"].disabled = True
        else:
            source.initial = Term.Source.COMP
        if self.follows:
            source.help_text = self.follows
            for field in self.fields.values():
                field.disabled = True
        else:
            source.choices = [(each.value, each.label) for each in BY_HAND]

    @property
    def follows(self) -> str:
        """Whose record decides a term that is not written by hand; empty for others."""
        if not self.instance.pk or self.instance.source in BY_HAND:
            return ""
        if self.instance.source == Term.Source.SEAT:
            return "It follows what its group has paid for, and is nothing to change by hand. It can be ended."
        return f"It follows {self.instance.reference or 'what was billed'} at Stripe, and is changed there. It can be ended."

    def clean(self) -> dict[str, Any] | None:
        if self.follows:
            raise forms.ValidationError(self.follows)
        return super().clean()

    def clean_address(self) -> str:
        address = tidy_address(self.cleaned_data["address"])
        reader = reader_at(address)
        if reader is None:
            raise forms.ValidationError("Nobody has registered with this address.")
        self.instance.reader = reader
        return address

    def save(self, commit: bool = True) -> Term:
        return actions.keep_term(self.instance, at=clock.now())  # noqa: TID251 - a form of the desk is a door


class _WrittenDown:
    """For the views by which a term is written: the deed goes with it."""

    request: HttpRequest

    def save_instance(self) -> Term:
        with transaction.atomic():
            term: Term = super().save_instance()  # type: ignore[misc]
            _write_down(self.request, term, Deed.Kind.TERM)
        return term


class AddTerm(_WrittenDown, generic.CreateView):
    pass


class EditTerm(_WrittenDown, generic.EditView):
    pass


class EndTerm(generic.DeleteView):
    page_title = "End"
    success_message = "%(object)s: ended."
    confirmation_message = "End this term now? What was read under it stays recorded."

    def delete_action(self) -> None:
        with transaction.atomic():
            _write_down(self.request, self.object, Deed.Kind.END)
            actions.end_term(self.object, at=clock.now())  # noqa: TID251


def _write_down(request: HttpRequest, term: Term, kind: Deed.Kind) -> None:
    assert isinstance(request.user, Reader)
    ends = f"until {term.ends_at:%Y-%m-%d %H:%M} UTC" if term.ends_at else "without an end"
    what = f"{term.source}, {term.payment}, {ends}. {term.note}".strip()
    actions.record_deed(by=request.user, reader=term.reader, kind=kind, what=what, at=clock.now())  # noqa: TID251


class TermViewSet(ModelViewSet):
    model = Term
    name = "terms"
    menu_label = "Terms"
    icon = "calendar-check"
    list_display = ("reader", "source", "payment", "starts_at", "ends_at")
    list_filter = ("source", "payment")
    search_fields = ("reader__email", "note")
    search_backend_name = None
    ordering = ("-starts_at",)
    copy_view_enabled = False
    add_to_reference_index = False
    add_view_class = AddTerm
    edit_view_class = EditTerm
    delete_view_class = EndTerm

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Term]]:
        return TermForm


class InstitutionForm(forms.ModelForm[Institution]):
    networks = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        help_text="As the library sends them: 192.0.2.0/24, 192.0.2.10-192.0.2.20, 10.1.*.*, 2001:db8::/32; one a line or "
        "divided by commas. Text after # is a remark.",
    )

    class Meta:
        model = Institution
        fields = ("name", "starts_at", "ends_at")
        widgets = {"starts_at": AdminDateTimeInput, "ends_at": AdminDateTimeInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["networks"].initial = "\n".join(each.as_written for each in self.instance.networks.order_by("pk"))

    def clean_networks(self) -> str:
        pasted: str = self.cleaned_data["networks"]
        try:
            ranges_from(pasted)
        except BadNetwork as trouble:
            raise forms.ValidationError(str(trouble)) from None
        return pasted

    def save(self, commit: bool = True) -> Institution:
        stated = self.cleaned_data
        return actions.record_institution(
            institution=self.instance,
            name=stated["name"],
            starts_at=stated["starts_at"],
            ends_at=stated["ends_at"],
            networks=stated["networks"],
        )


class RemoveInstitution(generic.DeleteView):
    def delete_action(self) -> None:
        actions.remove_institution(self.object)


class InstitutionViewSet(ModelViewSet):
    model = Institution
    name = "institutions"
    menu_label = "Institutions"
    icon = "globe"
    list_display = ("name", "starts_at", "ends_at")
    search_fields = ("name",)
    search_backend_name = None
    ordering = ("name",)
    copy_view_enabled = False
    add_to_reference_index = False
    delete_view_class = RemoveInstitution

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Institution]]:
        return InstitutionForm


class MembershipViewSetGroup(ViewSetGroup):
    menu_label = "Membership"
    menu_icon = "group"
    menu_order = 350
    items = (TermViewSet, InstitutionViewSet)
