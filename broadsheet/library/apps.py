from importlib import import_module

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "broadsheet.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("broadsheet.library.citing").register_pages()
        import_module("broadsheet.library.relations").register_pages()
        import_module("broadsheet.library.following").register_buttons()
        import_module("broadsheet.library.elsewhere").register_links()
        import_module("broadsheet.library.for_the_wire").hand_down()
        import_module("broadsheet.library.own_records")
        import_module("broadsheet.library.receivers")
        import_module("broadsheet.library.sitemap").register_page()
