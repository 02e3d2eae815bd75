"""Billing on the desk: what is on offer, who holds what, and what Stripe told us."""

from itertools import count
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import slugify
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from broadsheet.billing import currencies, offers, plans, tasks
from broadsheet.billing.actions.carrying import end_year
from broadsheet.billing.actions.coupons import say_redeemed
from broadsheet.billing.lists import moment_of
from broadsheet.billing.models import Coupon, GivenYear, Notice, Plan, Price, Subscription
from broadsheet.kit import clock
from broadsheet.membership.actions import record_deed
from broadsheet.membership.models import Deed, Reader

MOST = 99_999_999  # in the smallest unit; Stripe takes no more
NOTHING = "It is more than nothing. For free reading give a comp, under Terms."


class Amount(forms.DecimalField):
    """As it is read, 9.90; kept in the currency's smallest unit. A plain field, so that a browser says nothing before we do."""

    def __init__(self, *, required: bool = True, label: str, help_text: str) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        wrong = {"invalid": "Write the amount in digits, with a point before the decimals: 9.90."}
        super().__init__(required=required, label=label, help_text=help_text, widget=widget, max_digits=12, error_messages=wrong)


def _in_smallest(form: forms.ModelForm[Any], stated: dict[str, Any]) -> None:
    """Once both are known. What is wrong is said at the amount."""
    amount, currency = stated.get("amount"), str(stated.get("currency") or "")
    if amount is None or not currencies.is_currency(currency):
        return
    try:
        stated["amount"] = currencies.smallest(amount, currency)
    except currencies.NotInUnits as trouble:
        form.add_error("amount", str(trouble))
        return
    if not 1 <= stated["amount"] <= MOST:
        form.add_error("amount", "Stripe takes no amount as high as this." if stated["amount"] > 0 else NOTHING)


def _as_read(form: forms.ModelForm[Any]) -> None:
    if form.instance.amount is not None:
        form.initial["amount"] = currencies.in_units(form.instance.amount, form.instance.currency)


class PriceForm(forms.ModelForm[Price]):
    """Once it is sold, a price is withdrawn and another put in its place: whoever holds it goes on paying what they agreed to."""

    amount = Amount(label="Amount", help_text="As it is read, such as 9.90; tax included. Of a team's plan, for one seat.")

    class Meta:
        model = Price
        fields = ("plan", "every", "currency", "amount", "introduction", "withdrawn_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_read(self)
        if self.instance.reference:
            for name in ("plan", "every", "currency", "amount"):
                self.fields[name].disabled = True

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not currencies.is_currency(currency):
            raise forms.ValidationError("Use the three letters of a currency, such as EUR, USD or GBP.")
        return currency

    def clean(self) -> dict[str, Any]:
        stated = super().clean() or self.cleaned_data
        _in_smallest(self, stated)
        introduction = stated.get("introduction")
        price = Price(plan=stated["plan"], currency=stated["currency"]) if {"plan", "currency"} <= stated.keys() else None
        if introduction and price and not offers.fits(introduction, price):
            self.add_error("introduction", "This coupon is for another currency, or for other plans.")
        return stated


class CouponForm(forms.ModelForm[Coupon]):
    """Once Stripe has it, it is only withdrawn: whoever has redeemed it keeps what they were promised."""

    amount = Amount(label="Amount off", required=False, help_text="As it is read, such as 5.00, in the currency below.")

    class Meta:
        model = Coupon
        fields = (
            "name",
            "code",
            "percent",
            "amount",
            "currency",
            "lasts",
            "months",
            "most",
            "ends_at",
            "plans",
            "new_only",
            "withdrawn_at",
        )
        widgets = {"ends_at": AdminDateTimeInput, "withdrawn_at": AdminDateTimeInput, "plans": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_read(self)
        if self.instance.reference:
            for name in set(self.fields) - {"withdrawn_at"}:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        stated = super().clean() or self.cleaned_data
        stated["currency"] = str(stated.get("currency") or "").upper()
        if stated.get("amount") and not currencies.is_currency(stated["currency"]):
            self.add_error("currency", "Of which currency is the amount? Use its three letters, such as EUR.")
        if not stated.get("amount") and stated["currency"]:
            self.add_error("currency", "A percentage has no currency.")
        _in_smallest(self, stated)
        return stated

    def save(self, commit: bool = True) -> Coupon:
        coupon = super().save(commit)
        transaction.on_commit(tasks.settle_coupons.enqueue)
        return coupon


class PlanForm(forms.ModelForm[Plan]):
    """Once sold, a plan stays of its kind: whoever holds it would lose it, or a team its seats."""

    class Meta:
        model = Plan
        fields = ("name", "slug", "kind", "standfirst", "gives", "trial_days", "least_seats", "order", "withdrawn_at")
        help_texts = {"slug": "Names its place on the page of plans, and is seen in no address. Empty: made of the name."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if self.instance.product:
            self.fields["kind"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Made of the name where none is given; a number tells it from another plan's."""
        stated = super().clean() or self.cleaned_data
        if "slug" in stated and not stated["slug"] and stated.get("name"):
            made = slugify(stated["name"])[:36] or "plan"
            others = set(Plan.objects.exclude(pk=self.instance.pk).values_list("slug", flat=True))
            stated["slug"] = next(slug for n in count(1) if (slug := made if n == 1 else f"{made}-{n}") not in others)
        return stated


class WithdrawnOnly(ModelPermissionPolicy):
    """What is on offer is withdrawn, never deleted: somebody may hold it, and Stripe goes on selling what is only gone here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))


class Moment(Column):
    """Written as everywhere on the desk."""

    def get_value(self, instance: Any) -> str:
        moment = super().get_value(instance)
        return moment_of(moment) if moment else ""


def _money(offered: Price | Coupon) -> str:
    return plans.money(offered.amount, offered.currency) if offered.amount else ""


class _Offered(ModelViewSet):
    search_backend_name = None
    copy_view_enabled = False
    add_to_reference_index = False


class PlanViewSet(_Offered):
    model = Plan
    name = "plans"
    menu_label = "Plans"
    icon = "tag"
    list_display = ("name", "kind", "trial_days", Moment("withdrawn_at", label="Withdrawn", sort_key="withdrawn_at"))

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Plan]]:
        return PlanForm


class PriceViewSet(_Offered):
    model = Price
    name = "prices"
    menu_label = "Prices"
    icon = "draft"
    list_display = (
        "plan",
        "every",
        Column("money", label="Price", accessor=_money),
        "currency",
        Moment("withdrawn_at", label="Withdrawn", sort_key="withdrawn_at"),
    )
    list_filter = ("plan", "every", "currency")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Price]]:
        return PriceForm


class CouponIndex(generic.IndexView):
    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        say_redeemed(context["object_list"])
        return context


class CouponEdit(generic.EditView):
    @property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            Button("Who redeemed it", url=_redeemed(self.object), icon_name="user", priority=30),
        ]


def _redeemed(coupon: Coupon) -> str:
    return f"{reverse('figures_list', args=['redeemed'])}?coupon={coupon.pk}"


class CouponViewSet(_Offered):
    model = Coupon
    name = "coupons"
    menu_label = "Coupons"
    icon = "tag"
    list_display = (
        "name",
        "code",
        "percent",
        Column("money", label="Amount", accessor=_money),
        "lasts",
        TitleColumn("redeemed", label="Redeemed", accessor=lambda coupon: coupon.redeemed or "not known", get_url=_redeemed),
        Moment("ends_at", label="Ends", sort_key="ends_at"),
        Moment("withdrawn_at", label="Withdrawn", sort_key="withdrawn_at"),
    )
    index_view_class = CouponIndex
    edit_view_class = CouponEdit

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Coupon]]:
        return CouponForm


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
    list_display = (
        "customer",
        "price",
        "quantity",
        "status",
        Moment("period", label="Period ends", accessor=lambda held: None if held.ended_at else held.period_ends_at),
        Moment("end", label="Ends or ended", accessor=lambda held: held.ended_at or held.cancel_at),
        "reference",
    )
    list_filter = ("status", "live")
    search_fields = ("reference", "customer__reader__email")
    ordering = ("-starts_at",)


class LookingAndEnding(OnlyLooking):
    """Whoever may end a term may end a year that was given."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, action) or (action == "delete" and user.has_perm("membership.delete_term"))


class EndYear(generic.DeleteView):
    page_title = "End"
    success_message = "%(object)s: ended."
    confirmation_message = (
        "End this year now? A code that was not redeemed opens nothing any more; whoever redeemed it reads by it no longer. "
        "No money goes back by this."
    )

    def delete_action(self) -> None:
        at = clock.now()  # noqa: TID251 - a view of the desk is a door
        year, by = self.object, self.request.user
        assert isinstance(by, Reader)
        with transaction.atomic():
            what = f"gift year {year.pk}, from {year.from_name}"
            record_deed(by=by, reader=year.recipient or year.giver, kind=Deed.Kind.END, what=what, at=at)
            end_year(year, at=at)


class YearIndex(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[GivenYear]:
        found: QuerySet[GivenYear] = super().get_base_queryset()
        return found.select_related("giver", "recipient", "price")


class GivenYearViewSet(_ReadOnly):
    model = GivenYear
    name = "given_years"
    menu_label = "Gift years"
    icon = "pick"
    form_fields = ("from_name",)
    list_display = (
        "from_name",
        Column("giver", label="Who gave it"),
        Column("to_address", label="For", sort_key="to_address"),
        Column("recipient", label="Who redeemed it"),
        Column("money", label="Sum", accessor=lambda year: plans.money(year.price.amount, year.price.currency)),
        Moment("paid_at", label="Paid", sort_key="paid_at"),
        Moment("delivered_at", label="Delivered", sort_key="delivered_at"),
        Moment("redeemed_at", label="Redeemed", sort_key="redeemed_at"),
        Moment("ended_at", label="Ended", sort_key="ended_at"),
        Moment("paid_back_at", label="Paid back", sort_key="paid_back_at"),
    )
    search_fields = ("from_name", "to_address", "giver__email", "recipient__email")
    ordering = ("-began_at",)
    index_view_class = YearIndex
    delete_view_class = EndYear


class NoticeViewSet(_ReadOnly):
    model = Notice
    name = "notices"
    menu_label = "Stripe’s notices"
    icon = "mail"
    form_fields = ("kind",)
    list_display = (
        "kind",
        "about",
        Moment("came_at", label="Came", sort_key="came_at"),
        Moment("heeded_at", label="Heeded", sort_key="heeded_at"),
        "tries",
        "trouble",
    )
    search_fields = ("reference", "about", "customer", "subscription")
    ordering = ("-came_at",)


class BillingViewSetGroup(ViewSetGroup):
    menu_label = "Billing"
    menu_icon = "tag"
    menu_order = 360
    items = (PlanViewSet, PriceViewSet, CouponViewSet, SubscriptionViewSet, GivenYearViewSet, NoticeViewSet)
