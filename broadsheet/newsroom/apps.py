from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "broadsheet.newsroom"
    label = "newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only now.
        from broadsheet.newsroom import new_rights, receivers  # noqa: PLC0415
        from broadsheet.newsroom.desk import furnishing  # noqa: PLC0415

        receivers.connect()
        new_rights.connect()
        furnishing.furnish()
