from importlib import import_module

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class MembershipConfig(AppConfig):
    default = True  # the other one below stands for an app of Wagtail's
    name = "broadsheet.membership"
    label = "membership"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.membership.receivers")
        import_module("broadsheet.membership.own_records")


class ReadersOnTheDesk(WagtailUsersAppConfig):
    """Stands in INSTALLED_APPS for wagtail.users: its list and forms, with our readers."""

    user_viewset = "broadsheet.membership.readers_desk.ReaderViewSet"
