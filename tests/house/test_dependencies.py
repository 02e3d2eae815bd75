"""What is installed for readers holds all that the programs import: tests run where more is installed."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = "broadsheet"
BROUGHT = {  # by one of ours, of which it is a part
    "asgiref": "django",
    "modelcluster": "wagtail",
    "taggit": "wagtail",
    "treebeard": "wagtail",
    "PIL": "wagtail",
    "rest_framework": "wagtail",
    "willow": "wagtail",
    "requests": "django-anymail",
    "urllib3": "django-anymail",
    "flufl": "flufl-bounce",  # a folder that others may share
}


def bare(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def imported() -> dict[str, list[str]]:
    """Packages, each with the files that import it, wherever in them."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / OURS).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for name in names:
                found.setdefault(name.partition(".")[0], []).append(str(file.relative_to(ROOT)))
    return found


def test_all_that_is_imported_is_installed_with_the_programs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for some in project["optional-dependencies"].values() for one in some]
    declared = set(map(bare, (*project["dependencies"], *extras)))
    distributions = packages_distributions()
    lacking = {
        name: files[0]
        for name, files in imported().items()
        if name not in sys.stdlib_module_names
        and name != OURS
        and BROUGHT.get(name) not in declared
        and declared.isdisjoint(bare(one) for one in distributions.get(name, ()))
    }
    assert lacking == {}
