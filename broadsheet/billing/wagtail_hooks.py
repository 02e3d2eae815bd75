"""Where billing hangs on the desk."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from broadsheet.billing.desk import BillingViewSetGroup, OnlyLooking
from broadsheet.billing.models import Notice, Subscription

for followed in (Notice, Subscription):
    register_permission_policy(followed, OnlyLooking(followed))


@hooks.register("register_admin_viewset")
def billing_on_the_desk() -> BillingViewSetGroup:
    return BillingViewSetGroup()


@hooks.register("register_permissions")
def permissions_of_billing() -> QuerySet[Permission]:
    models = ["plan", "price", "coupon", "subscription", "notice"]
    return Permission.objects.filter(content_type__app_label="billing", content_type__model__in=models)
