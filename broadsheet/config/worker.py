"""The worker process's beginning: Django is set up before anything that has models is imported."""

import os
from importlib import import_module

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    django.setup()
    import_module("broadsheet.config.working").work()


if __name__ == "__main__":
    main()
