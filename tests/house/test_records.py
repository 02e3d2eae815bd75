"""Decision records: numbered without gaps, four headings each; and a reason for every dependency."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
HEADINGS = ["Context.", "Decision.", "Consequences.", "What would change our mind."]


@pytest.mark.parametrize("record", RECORDS, ids=lambda file: file.stem)
def test_a_record_has_its_number_its_date_and_four_headings(record):
    title, state, *rest = record.read_text().splitlines()

    assert title.startswith(f"# {int(record.name[:4])}. ")
    assert re.fullmatch(r"(Proposed|Accepted|Superseded by \d+), \d{4}-\d\d-\d\d", state)
    assert re.findall(r"^\*\*(.+?)\*\*", "\n".join(rest), re.MULTILINE) == HEADINGS


def test_records_are_numbered_without_gaps():
    assert [int(file.name[:4]) for file in RECORDS] == list(range(1, len(RECORDS) + 1))


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    written = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return {re.split(r"[\[<>=!~ ]", requirement)[0].lower() for requirement in written}


def test_every_dependency_has_its_reason_and_every_reason_its_dependency():
    record = (ROOT / "docs" / "adr" / "0014-dependencies.md").read_text()
    reasons = set(re.findall(r"^\| `([\w-]+)` \|", record, re.MULTILINE))

    assert reasons == dependencies()
