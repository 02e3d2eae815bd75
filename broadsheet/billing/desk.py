"""Billing on the desk: what is on offer, who holds what, and what Stripe told us."""

from typing import Any

from django import forms
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from broadsheet.billing import plans
from broadsheet.billing.models import Notice, Plan, Price, Subscription


class PriceForm(forms.ModelForm[Price]):
    """Once it is sold, a price is withdrawn and another put in its place: whoever holds it goes on paying what they agreed to."""

    class Meta:
        model = Price
        fields = ("plan", "every", "currency", "amount", "withdrawn_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.reference:
            for name in ("plan", "every", "currency", "amount"):
                self.fields[name].disabled = True

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not plans.is_currency(currency):
            raise forms.ValidationError("Use the three letters of a currency, such as EUR, USD or GBP.")
        return currency

    def clean_amount(self) -> int:
        amount = int(self.cleaned_data["amount"])
        if amount < 1:
            raise forms.ValidationError("A price is more than nothing. For free reading give a comp, under Terms.")
        return amount


class PlanViewSet(ModelViewSet):
    model = Plan
    name = "plans"
    menu_label = "Plans"
    icon = "tag"
    form_fields = ("name", "slug", "kind", "standfirst", "gives", "trial_days", "least_seats", "order", "withdrawn_at")
    list_display = ("name", "kind", "trial_days", "withdrawn_at")
    search_backend_name = None
    copy_view_enabled = False
    add_to_reference_index = False


class PriceViewSet(ModelViewSet):
    model = Price
    name = "prices"
    menu_label = "Prices"
    icon = "draft"
    list_display = ("plan", "every", "currency", "amount", "withdrawn_at")
    list_filter = ("plan", "every", "currency")
    search_backend_name = None
    copy_view_enabled = False
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Price]]:
        return PriceForm


class OnlyLooking(ModelPermissionPolicy):
    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(super().user_has_permission(user, action))


class _ReadOnly(ModelViewSet):
    """What follows Stripe is seen to there, never here."""

    search_backend_name = None
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True


class SubscriptionViewSet(_ReadOnly):
    model = Subscription
    name = "subscriptions"
    menu_label = "Subscriptions"
    icon = "calendar-check"
    form_fields = ("status",)
    list_display = ("reference", "customer", "price", "quantity", "status", "period_ends_at", "cancel_at")
    list_filter = ("status", "live")
    search_fields = ("reference", "customer__reader__email")
    ordering = ("-starts_at",)


class NoticeViewSet(_ReadOnly):
    model = Notice
    name = "notices"
    menu_label = "Stripe’s notices"
    icon = "mail"
    form_fields = ("kind",)
    list_display = ("kind", "about", "came_at", "heeded_at", "tries", "trouble")
    search_fields = ("reference", "about", "customer", "subscription")
    ordering = ("-came_at",)


class BillingViewSetGroup(ViewSetGroup):
    menu_label = "Billing"
    menu_icon = "tag"
    menu_order = 360
    items = (PlanViewSet, PriceViewSet, SubscriptionViewSet, NoticeViewSet)
