"""Every command says in its help when one would run it."""

import re
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "broadsheet"
COMMANDS = sorted(file for file in PACKAGE.rglob("management/commands/*.py") if not file.stem.startswith("_"))
OCCASION = re.compile(r"\b(when|whenever|after|before|once|every|each|if|where|until|while|for)\b", re.IGNORECASE)


@pytest.mark.parametrize("file", COMMANDS, ids=lambda file: file.stem)
def test_a_command_says_when_one_would_run_it(file):
    name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
    said = import_module(name).Command.help

    assert len(said.split()) >= 8
    assert OCCASION.search(said)


@pytest.mark.parametrize("file", COMMANDS, ids=lambda file: file.stem)
def test_a_command_parses_and_leaves_the_work_to_an_action(file):
    assert file.read_text().count("\n") < 40
