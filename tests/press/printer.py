"""A process that presses, for the tests of races and kills: python -m tests.press.printer DATABASE one|many IDS."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402 - models exist only after Django's set-up
from django.template import engines  # noqa: E402

from broadsheet.press import actions, runs  # noqa: E402

TIMES = 12


def main() -> None:
    database, how, ids = sys.argv[1:]
    connection.settings_dict["NAME"] = database
    engines["django"].engine.dirs = [Path(__file__).parent / "templates"]
    runs.AT_ONCE = 2
    wanted = [int(pk) for pk in ids.split(",")]
    print("ready", flush=True)
    sys.stdin.readline()
    if how == "many":
        actions.press_many(wanted, at=datetime.now(UTC), progress=lambda count: print(count, flush=True), workers=0)
        return
    for _ in range(TIMES):
        actions.press(wanted[0], at=datetime.now(UTC))


if __name__ == "__main__":
    main()
