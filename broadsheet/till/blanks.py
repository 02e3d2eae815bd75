"""An empty object of each resource, as Stripe's OpenAPI has it. scripts/make_till_shapes.py makes them."""

import json
from pathlib import Path
from typing import Any

API_VERSION = "2026-08-26.dahlia"
_WRITTEN = {kind: json.dumps(blank) for kind, blank in json.loads(Path(__file__).with_name("blanks.json").read_text()).items()}


def blank(kind: str) -> dict[str, Any]:
    return json.loads(_WRITTEN[kind])


def listing(data: list[Any], url: str, *, has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
