from importlib import import_module

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "broadsheet.research"
    label = "research"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.research.dossier_pages").register_pages()
        import_module("broadsheet.research.own_records")
