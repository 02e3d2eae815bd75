"""Where billing hangs on the desk."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from broadsheet.billing.desk import BillingViewSetGroup, LookingAndEnding, OnlyLooking, WithdrawnOnly
from broadsheet.billing.models import Coupon, GivenYear, Notice, Plan, Price, Subscription
from broadsheet.billing.views import figures, staff
from broadsheet.kit.menu import ItemFor
from broadsheet.membership.views import begin_look

for followed in (Notice, Subscription):
    register_permission_policy(followed, OnlyLooking(followed))
register_permission_policy(GivenYear, LookingAndEnding(GivenYear))
for offered in (Coupon, Plan, Price):
    register_permission_policy(offered, WithdrawnOnly(offered))


@hooks.register("register_admin_viewset")
def billing_on_the_desk() -> BillingViewSetGroup:
    return BillingViewSetGroup()


@hooks.register("register_permissions")
def permissions_of_billing() -> QuerySet[Permission]:
    models = ["plan", "price", "coupon", "subscription", "invoice", "notice", "givenyear"]
    return Permission.objects.filter(content_type__app_label="billing", content_type__model__in=models)


@hooks.register("register_admin_menu_item")
def figures_item() -> ItemFor:
    return ItemFor(figures.RIGHT, "Figures", "figures", icon_name="table", order=355)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("figures/", figures.all_figures, name="figures"),
        path("figures/<slug:figure>/", figures.figures_list, name="figures_list"),
        path("readers/<int:reader_id>/", staff.reader_page, name="readers_page"),
        path("readers/<int:reader_id>/comp/", staff.comp, name="readers_comp"),
        path("readers/<int:reader_id>/look/", begin_look, name="readers_look"),
        path("readers/terms/<int:term_id>/extend/", staff.extend, name="readers_extend"),
        path("readers/bills/<int:invoice_id>/refund/", staff.refund, name="readers_refund"),
    ]


@hooks.register("register_user_listing_buttons")
def standing_and_bills(user: Any, request_user: Any) -> Iterator[Button]:
    if request_user.has_perm("membership.change_reader"):
        yield Button("Standing and bills", url=reverse("readers_page", args=[user.pk]), icon_name="calendar-check", priority=15)
