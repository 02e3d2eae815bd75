from importlib import import_module

from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "broadsheet.newsletters"
    label = "newsletters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.newsletters.own_records")
        import_module("broadsheet.newsletters.pages").register_pages()
        import_module("broadsheet.newsletters.feeds").register_feed()
        import_module("broadsheet.newsletters.receivers")
        import_module("broadsheet.newsletters.coming_back").register()
        import_module("broadsheet.newsletters.visits").register()
