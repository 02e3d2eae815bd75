"""What we write, in code and beside it."""

import ast
import re
from pathlib import Path

import pytest

from scripts import docs

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
GLOSSARY_ROW = re.compile(
    r"^\| \*\*(?P<word>[^*]+)\*\* \|(?P<meaning>[^|]+)\|(?P<symbol>[^|]*)\|(?P<never>[^|]*)\|$", re.MULTILINE
)
WORDS_OF_THE_DESIGN = """
    article, standfirst, byline, dateline, galley, section, series, region, country, issue, edition, contributor, cut, audience,
    press, re-press, withdraw, pressing, snapshot, slip, reader, visitor, standing, term, grace, holder, group, seat, institution,
    network, comp, gift, pass, meter, allowance, wall, notice, nudge, sweep, feed, item, story, pick, roundup, newsletter,
    delivery, signup, suppression, document, passage, dossier, brief, alert, citation, desk, house rule, setting
"""
MACHINE = re.compile(r"(?<![\w.}])/(work|root|tmp|home/\w+|Users/\w+)/")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def ours() -> list[Path]:
    """Whatever is not installed, built or made by running something."""
    hidden = {".ci", ".env.example", ".gitignore"}
    made = {"var", "node_modules", "__pycache__"}
    top = [path for path in ROOT.iterdir() if path.name in hidden or path.name[0] != "."]
    inside = [file for folder in top if folder.is_dir() for file in folder.rglob("*")]
    return [file for file in (*top, *inside) if not made & set(file.relative_to(ROOT).parts) and file.is_file()]


def test_no_test_only_works():
    names = [node.name for file in TESTS for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]

    assert [name for name in names if name.startswith("test_") and re.search(r"_it_works?$", name)] == []


def test_no_test_mocks_our_own_code():
    mocking = re.compile(r"unittest\.mock|\bmock\.patch|\bMagicMock\b")

    assert [str(file) for file in TESTS if mocking.search(file.read_text()) and file != Path(__file__)] == []


def test_no_file_knows_the_machine_it_was_written_on():
    texts = [file for file in ours() if file.suffix in {".py", ".md", ".html", ".toml", ".sh", ".css", ".js", ".txt", ""}]

    assert [str(file) for file in texts if MACHINE.search(file.read_text()) and file != Path(__file__)] == []


def test_links_commands_and_names_in_the_documents_exist():
    assert list(docs.troubles()) == []


def glossary() -> list[re.Match[str]]:
    return list(GLOSSARY_ROW.finditer((ROOT / "GLOSSARY.md").read_text()))


def test_the_glossary_has_the_words_of_the_house():
    wanted = {word.strip() for word in WORDS_OF_THE_DESIGN.split(",")}

    assert wanted - {row["word"] for row in glossary()} == set()


def test_a_word_of_the_glossary_finds_its_symbol():
    named = [name for row in glossary() for name in re.findall(r"`([^`]+)`", row["symbol"])]

    assert len(named) > 20
    assert [name for name in named if not docs.exists(name)] == []
