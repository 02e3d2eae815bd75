"""Name the test files that load no Django, by following imports: what can be run on every save."""

import ast
import sys
from functools import cache
from pathlib import Path

HEAVY = {"django", "wagtail", "modelcluster", "allauth", "playwright", "psycopg", "granian", "stripe"}
FIXTURES = {"db", "transactional_db", "client", "settings", "django_user_model", "page", "browser", "publication", "mailoutbox"}


def light_files(tests: Path) -> list[Path]:
    return [file for file in sorted(tests.rglob("test_*.py")) if is_light(file) and not FIXTURES & asked_for(file)]


@cache
def is_light(file: Path) -> bool:
    return all(name.partition(".")[0] not in HEAVY and all(map(is_light, files_of(name))) for name in imported_by(file))


def imported_by(file: Path) -> set[str]:
    """Whole names of modules; `from a import b` gives both `a` and `a.b`, since either may be a module."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files_of(name: str) -> list[Path]:
    """Our own file behind a module's name, where there is one."""
    if name.partition(".")[0] not in {"broadsheet", "tests"}:
        return []
    path = Path(*name.split("."))
    return [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()]


def asked_for(file: Path) -> set[str]:
    """Names of all arguments, hence of all fixtures."""
    nodes = ast.walk(ast.parse(file.read_text()))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return {argument.arg for function in functions for argument in function.args.args}


if __name__ == "__main__":
    found = light_files(Path(sys.argv[1] if len(sys.argv) > 1 else "tests"))
    print("\n".join(map(str, found)) or sys.exit("No test file here does without Django."))
