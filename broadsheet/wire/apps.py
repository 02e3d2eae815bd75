from importlib import import_module

from django.apps import AppConfig


class WireConfig(AppConfig):
    name = "broadsheet.wire"
    label = "wire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.wire.receivers")
        import_module("broadsheet.wire.picks_hooks")
        import_module("broadsheet.wire.own_records")
