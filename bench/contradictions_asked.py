"""The questions of planted contradictions, asked in one process: `python -m bench.with_django bench.contradictions_asked FILE`.

Prints what was missed and what was shown without reason to stderr, and JSON.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.contradictions import pairs
from broadsheet.library.keeping import has_meaning, load_model
from broadsheet.library.queries import index_here
from broadsheet.library.sight import EVERYTHING
from broadsheet.research import researching, retrieving
from broadsheet.research.briefs import Brief
from broadsheet.research.differences import Difference
from broadsheet.research.nearness import Nearness
from broadsheet.research.quoting import Quotation

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def main(file: Path) -> None:
    reader = index_here()
    nearness = Nearness(load_model()) if has_meaning() else None
    look_up = partial(retrieving.look_up, sight=EVERYTHING, at=AT, reader=reader)
    counted = Counter[str]()
    for pair in pairs(file):
        brief = researching.brief(pair["question"], look_up=look_up, nearness=nearness, at=AT)
        half = "odd" if int(pair["id"][1:]) % 2 else "even"
        counted += _judged(pair, brief, half)
    asked = {f"contradictions_{what}": 0 for half in ("", "_odd", "_even") for what in (f"shown{half}", f"false{half}")}
    print(json.dumps(asked | {"contradictions_both_quoted": 0} | {f"contradictions_{what}": n for what, n in counted.items()}))


def _judged(pair: dict[str, Any], brief: Brief, half: str) -> Counter[str]:
    own = [one for one in brief.disagreements if pair["planted"] and _is_planted(pair, one)]
    false = [one for one in brief.disagreements if one not in own]
    changes = list(brief.changes)
    quoted = [any(_says(one, pair, side) for one in brief.quotations) for side in ("a", "b")]
    if pair["planted"] and not own:
        why = "both are quoted" if all(quoted) else "not both are quoted"
        _show(f"{pair['id']} NOT SHOWN ({why})", pair["a_says"], pair["b_says"])
    for one in false:
        _show(f"{pair['id']} SHOWN THOUGH NOT PLANTED, asked: {pair['question']}", one.older.text, one.newer.text)
    for one in changes:
        _show(f"{pair['id']} shown as a change", one.older.text, one.newer.text)
    counted = Counter[str]()
    for what, n in (("shown", len(own[:1])), ("false", len(false))):
        counted += Counter({what: n, f"{what}_{half}": n})
    return counted + Counter({"both_quoted": int(pair["planted"] and all(quoted)), "changes": len(changes)})


def _is_planted(pair: dict[str, Any], shown: Difference) -> bool:
    """Both sentences stand side by side, each quoted from its own article."""
    sides = (shown.older, shown.newer)
    return any(_says(one, pair, "a") and _says(other, pair, "b") for one, other in (sides, sides[::-1]))


def _says(quotation: Quotation, pair: dict[str, Any], side: str) -> bool:
    told: str = pair[f"{side}_says"]
    of_it = quotation.source.headline == pair[side]["title"]
    return of_it and (told in quotation.text or quotation.verbatim in told)


def _show(what: str, *texts: str) -> None:
    print("\n  ".join((what, *texts)), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
