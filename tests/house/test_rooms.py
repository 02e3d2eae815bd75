"""The rooms: their order, their READMEs, their names."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "broadsheet"
ROOMS = sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "handlers", "handler", "services", "service", "common"}


def layers() -> dict[str, int]:
    """Each room's row, the highest first, as the import contract has it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room.strip(): row for row, rooms in enumerate(rows) for room in rooms.split("|")}


def test_every_room_has_its_row():
    assert sorted(layers()) == ROOMS


def relations_across_rooms() -> list[Field]:
    fields = [field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, Field)]
    related = [field for field in fields if field.remote_field and room_of(field.model) and room_of(field.related_model)]
    return [field for field in related if room_of(field.model) != room_of(field.related_model)]


def room_of(model: object) -> str:
    package, _, rest = getattr(model, "__module__", "").partition(".")
    return rest.partition(".")[0] if package == "broadsheet" else ""


def test_no_relation_points_to_a_room_above_or_beside():
    rows = layers()
    upward = [
        str(field) for field in relations_across_rooms() if rows[room_of(field.related_model)] <= rows[room_of(field.model)]
    ]

    assert upward == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_in_forty_lines_what_it_is(room):
    readme = PACKAGE / room / "README.md"

    assert readme.exists(), f"broadsheet/{room}/README.md is missing"
    lines = readme.read_text().splitlines()
    assert lines[0] == f"# {room}"
    assert len(lines) <= 40


def test_no_module_has_a_vague_name():
    assert [str(file) for file in PACKAGE.rglob("*.py") if file.stem in VAGUE or file.parent.name in VAGUE] == []


def test_the_gate_loads_no_django():
    modules = [file for file in (PACKAGE / "gate").rglob("*.py") if "management" not in file.parts]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in modules]
    program = "import sys, importlib; [importlib.import_module(n) for n in sys.argv[1:]]; print('django' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program, *names], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "False"
