"""What a browser without an account may open, where a house rule lets it open anything."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from broadsheet.access.passes import VisitorPass
from broadsheet.access.terms import Meter
from broadsheet.gate.visitor import Visitor

Environ = Mapping[str, Any]

# Parts of the names by which programs call themselves: they meet the wall, as they would without the rule.
ROBOTS = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "curl",
    "wget",
    "python",
    "java/",
    "go-http",
    "headless",
)


def with_allowance(visitor: Visitor, visited: VisitorPass | None, allowance: int, environ: Environ) -> Visitor:
    """With what the house lets whoever has no account open. An address on its way to be confirmed opens no more by it."""
    meter = visited.meter(allowance) if visited is not None else Meter(left=allowance)
    if visitor.standing.unconfirmed or not reads_a_page(environ):
        meter = replace(meter, left=0)
    return replace(visitor, meter=meter)


def reads_a_page(environ: Environ) -> bool:
    """Whether this looks like somebody who opens a page: no robot, and no picture or script of another page."""
    agent = environ.get("HTTP_USER_AGENT", "").lower()
    destination = environ.get("HTTP_SEC_FETCH_DEST", "document")
    return destination == "document" and bool(agent) and not any(name in agent for name in ROBOTS)
