"""Templates of pressed pages know no reader, and no reader is shown the way to the desk."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "broadsheet"
TEMPLATES = PACKAGE / "design" / "templates"
TAG = re.compile(r"{[{%](.*?)[}%]}", re.DOTALL)
READER = re.compile(r"(?<![\w.'\"/-])(request|user|messages|perms|csrf_token|csrf_input|session)\b(?!=)")


def pressed() -> list[Path]:
    """The base, the components, and the pages that anything but a door prints."""
    rendered: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        if file.stem != "views" and "views" not in file.parts and "demo" not in file.parts:
            rendered |= set(re.findall(r"pages/[\w-]+\.html", file.read_text()))
    pages = [TEMPLATES / name for name in sorted(rendered) if (TEMPLATES / name).exists()]
    return [TEMPLATES / "base.html", *sorted((TEMPLATES / "components").glob("*.html")), *pages]


@pytest.mark.parametrize("template", pressed(), ids=lambda file: file.relative_to(TEMPLATES).as_posix())
def test_a_pressed_template_knows_no_reader(template):
    code = " ".join(re.sub(r"'[^']*'|\"[^\"]*\"", "''", tag) for tag in TAG.findall(template.read_text()))

    assert READER.findall(code) == []


def test_the_templates_of_pressed_pages_are_found():
    found = {file.name for file in pressed()}

    assert {"base.html", "wall.html", "article.html"} <= found


@pytest.mark.parametrize("component", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda file: file.stem)
def test_a_component_begins_by_saying_what_it_takes(component):
    assert re.match(r"\s*({#|{% comment|({% load [^%]+%}\s*)({#|{% comment))", component.read_text())


@pytest.mark.parametrize("folder", ["base.html", "components", "pages", "mail"])
def test_no_reader_is_shown_the_way_to_the_desk(folder):
    place = TEMPLATES / folder
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    # Staff find it on their account page, which is not pressed.
    shown = {file.name: re.sub(r"{% if desk %}.*?{% endif %}", "", file.read_text(), flags=re.DOTALL) for file in files}

    assert [name for name, text in shown.items() if "/admin" in text or "wagtailadmin_" in text] == []


def test_a_field_on_the_desk_says_of_what_type_it_is():
    """Wagtail draws no frame around any other: it could not be seen."""
    said = {
        tag: file.name for file in (TEMPLATES / "desk").glob("*.html") for tag in re.findall(r"<input[^>]*>", file.read_text())
    }

    assert {tag: name for tag, name in said.items() if "type=" not in tag} == {}
    assert said


def test_nothing_stands_in_a_style_attribute():
    assert [str(file) for file in TEMPLATES.rglob("*.html") if "mail" not in file.parts and " style=" in file.read_text()] == []
