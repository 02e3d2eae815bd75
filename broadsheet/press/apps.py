from importlib import import_module

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "broadsheet.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.press.registered").register_all()
        import_module("broadsheet.press.receivers")
        import_module("broadsheet.press.furnishing").furnish()
