"""A gate in a process of its own: answers each path that it reads with one line.

Its arguments are the address of the database, the folder of the spool, and the cookies that it sends.
"""

import sys
from pathlib import Path
from typing import Any

from broadsheet.access.passes import Renewal
from broadsheet.access.terms import Audience, Reason
from broadsheet.gate.opening import open_gate
from broadsheet.gate.settings import GateSettings
from tests.gate.browser import SECRETS, Browser


def renew(environ: dict[str, Any], story: str | None, audience: Audience) -> Renewal | None:
    return None


def print_wall(path: str, reason: Reason) -> None:
    raise NotImplementedError


def behind(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("404 Not Found", [])
    return [b"no page"]


if __name__ == "__main__":
    url, spool, cookies = sys.argv[1:]
    settings = GateSettings(database_url=url, secrets=SECRETS, spool=Path(spool))
    gate, follower = open_gate(settings, behind=behind, renew=renew, print_wall=print_wall)
    browser = Browser(gate)
    for line in sys.stdin:
        response = browser.get(line.strip(), cookies=cookies)
        print(response.status, response.text.strip(), flush=True)
    follower.stop()
