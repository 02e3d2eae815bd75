from importlib import import_module

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "broadsheet.mailroom"
    label = "mailroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.mailroom.receivers")
