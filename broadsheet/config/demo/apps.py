from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "broadsheet.config.demo"
    label = "demo"
