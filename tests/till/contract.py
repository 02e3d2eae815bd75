"""Stripe's published schemas, and a client that holds every answer of the till against them."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from broadsheet.till.client import InProcess

SCHEMAS = Path(__file__).with_name("stripe") / "schemas.json.gz"
# Schemas of what is told of these kinds; a tombstone has its own.
DELETED = {
    kind: f"deleted_{kind}" for kind in ("coupon", "customer", "product", "webhook_endpoint", "invoice", "tax_id", "invoiceitem")
}
ENVELOPE = {"object", "data", "has_more", "url"}


@cache
def schemas() -> dict[str, Any]:
    return json.loads(gzip.decompress(SCHEMAS.read_bytes()))


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schemas()["$defs"]})


def faults(answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer; with each object of a list, where it is one."""
    if answer.get("object") == "list":
        extra = [f"list: {name}" for name in answer.keys() ^ ENVELOPE]
        return extra + [fault for one in answer["data"] for fault in faults(one)]
    if answer["object"] == "event":
        return wrong("event", answer) + faults(answer["data"]["object"])
    if answer.get("deleted"):
        return wrong(DELETED[answer["object"]], answer)
    if answer["object"] == "test_helpers.test_clock" and "deleted" in answer:
        return []
    return wrong(answer["object"], answer)


def wrong(kind: str, answer: dict[str, Any]) -> list[str]:
    found = []
    for error in validator(kind).iter_errors(answer):
        best = deepest(error)
        found.append(f"{kind}.{'.'.join(map(str, best.absolute_path))}: {best.message[:300]}")
    return found


def deepest(error: Any) -> Any:
    """Of a choice that failed, the branch that came furthest."""
    while error.context:
        error = max(error.context, key=lambda inner: (len(inner.absolute_path), inner.validator != "type"))
    return error


class Contract(InProcess):
    """An in-process client that raises where an answer is not as Stripe's OpenAPI has it."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        answer, status, told = super().request(method, url, headers, post_data, **more)
        body = json.loads(answer)
        broken = faults(body) if status == 200 else error_faults(body)
        assert not broken, f"{method} {url}: " + "\n".join(broken)
        return answer, status, told


def error_faults(body: dict[str, Any]) -> list[str]:
    return wrong("api_errors", body["error"])
