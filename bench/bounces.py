"""How well mail that came back is understood, on the samples of flufl.bounce's own tests, against flufl.bounce alone.

The samples are in its source distribution only, under its licence; pip fetches it, and nothing of it stays here. At least as well
means: every address that it finds is found; what it calls passing is called delayed, and what it calls lasting is a failure.
"""

import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from email import message_from_bytes
from importlib.metadata import version
from pathlib import Path

from flufl.bounce import all_failures

from broadsheet.mailroom.bounced import parse
from broadsheet.mailroom.status import Kind

PIP = Path(__file__).resolve().parents[1] / ".tools/bin/python"  # .venv is installed by uv and has none
FAILED = {Kind.HARD, Kind.SOFT}


def samples(folder: Path) -> dict[str, bytes]:
    wanted = f"flufl.bounce=={version('flufl.bounce')}"
    fetched = [str(PIP), "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder), wanted]
    subprocess.run(fetched, check=True)
    found: dict[str, bytes] = {}
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as packed:
            for member in packed:
                if "/tests/data/" in member.name and member.name.endswith(".txt") and (file := packed.extractfile(member)):
                    found[Path(member.name).name] = file.read()
    return found


def worse(raw: bytes) -> str:
    """In what we fall behind; "" where in nothing."""
    passing, lasting = all_failures(message_from_bytes(raw))
    ours = parse(raw)
    delayed = {each.address for each in ours.said if each.kind is Kind.DELAYED}
    failed = {each.address for each in ours.said if each.kind in FAILED}
    missed = ({each.decode() for each in passing} - delayed) | ({each.decode() for each in lasting} - failed)
    return ", ".join(sorted(missed))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = samples(Path(folder))
    behind = {name: missed for name, raw in sorted(found.items()) if (missed := worse(raw))}
    for name, missed in behind.items():
        print(f"{name}: missed {missed}")
    kinds = Counter(parse(raw).kind for raw in found.values())
    print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()), "(flufl.bounce knows no soft ones)")
    print(f"FIGURE bounce_samples={len(found)}")
    print(f"FIGURE bounce_at_least_as_well_percent={100 * (len(found) - len(behind)) / max(len(found), 1):.1f}")
    sys.exit(1 if behind or not found else 0)


if __name__ == "__main__":
    main()
