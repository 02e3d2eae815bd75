import re
from importlib import import_module

from django.apps import AppConfig

from broadsheet.membership import errands
from broadsheet.press.kinds import PageKind, register


class BillingConfig(AppConfig):
    name = "broadsheet.billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        plans = import_module("broadsheet.billing.plans")
        register(PageKind("plans", re.compile(plans.PATH), plans.compose_plans, eager=True))
        errands.register(plans.errand_of)
        import_module("broadsheet.billing.telling")
        import_module("broadsheet.billing.receivers")
        import_module("broadsheet.billing.own_records")
