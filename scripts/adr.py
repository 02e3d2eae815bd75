"""Begin a decision record: the next number, today's date, the four headings of the house."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

RECORDS = Path("docs/adr")
FORM = """# {number}. {title}
Proposed, {day:%Y-%m-%d}

**Context.**
**Decision.**
**Consequences.**
**What would change our mind.**
"""


def begin(title: str, *, day: datetime) -> Path:
    number = max((int(file.name[:4]) for file in RECORDS.glob("[0-9]*.md")), default=0) + 1
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    file = RECORDS / f"{number:04d}-{slug}.md"
    file.write_text(FORM.format(number=number, title=title, day=day))
    return file


if __name__ == "__main__":
    title = " ".join(sys.argv[1:]).strip()
    if not re.search(r"[A-Za-z]", title):
        sys.exit('A record needs its decision for a title: make adr t="Standing is a moment in a row"')
    print(begin(title, day=datetime.now(UTC)))
