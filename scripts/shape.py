"""Name every file and function that has outgrown the house: a function past 50 lines or a file past 400 is two ideas."""

import ast
import sys
from pathlib import Path

FILE_LINES, FUNCTION_LINES = 400, 50


def outgrown(file: Path) -> list[str]:
    source = file.read_text()
    found = [f"{file}: {n} lines"] if (n := source.count("\n")) > FILE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{file}:{node.lineno} {node.name}: {length} lines")
    return found


if __name__ == "__main__":
    folders = sys.argv[1:] or ["broadsheet"]
    files = [f for folder in folders for f in Path(folder).rglob("*.py") if "migrations" not in f.parts]
    sys.exit("\n".join(line for file in files for line in outgrown(file)) or 0)
