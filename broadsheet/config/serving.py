"""Runs a publication in production."""

import sys
from importlib import import_module

import django
from django.conf import settings

from broadsheet.config import running


def serve(*, host: str, port: int, workers: int) -> None:
    django.setup()
    if settings.DEMO:
        sys.exit("BROADSHEET_DEMO is yes: the demo is run by `broadsheet demo`, never served.")
    import_module("broadsheet.config.preparing").prepare()
    print(f"{settings.PUBLICATION_NAME} on http://{host}:{port}, found by readers at {settings.BASE_URL}. Ctrl-C ends it.")
    running.run([running.web(host=host, port=port, workers=workers), running.worker()])
