"""A process that tells of dossiers, and stops where it is to be killed: python -m tests.research.a_teller DATABASE MOMENT PLACE.

It says a line once it is `before` the mail is written, `behind` it, or has `told`.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402 - models exist only after Django's set-up

from broadsheet.mailroom.models import Dispatch  # noqa: E402
from broadsheet.research.actions.telling import tell_of_dossiers  # noqa: E402


def wait() -> None:
    print("here", flush=True)
    signal.pause()


def main() -> None:
    database, moment, place = sys.argv[1:]
    connection.settings_dict["NAME"] = database

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        writes = sql.startswith(f'INSERT INTO "{Dispatch._meta.db_table}"')
        if writes and place == "before":
            wait()
        answer = run(sql, params, many, context)
        if writes and place == "behind":
            wait()
        return answer

    with connection.execute_wrapper(execute):
        tell_of_dossiers(at=datetime.fromisoformat(moment))
    wait()


if __name__ == "__main__":
    main()
