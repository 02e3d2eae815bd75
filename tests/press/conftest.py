"""Plain templates: these tests are about what is printed and when, not about its looks."""

from pathlib import Path

import pytest
from django.template import Engine, engines

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def plain_templates(monkeypatch):
    engine: Engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [TEMPLATES])
    engine.template_loaders[0].reset()
    yield
    engine.template_loaders[0].reset()
