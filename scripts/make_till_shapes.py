"""Make what the till knows of Stripe's objects out of Stripe's published OpenAPI: run it when the API version changes.

    .venv/bin/python -m scripts.make_till_shapes path/to/spec3.json.gz

writes `broadsheet/till/blanks.json`, an empty object of each resource the till has, and `tests/till/stripe/schemas.json.gz`, the
response schemas of the till's doors as JSON Schema, closed: a property that Stripe does not have is a fault; and
`parameters.json.gz` beside it, the names and types of what Stripe takes at the same doors.
"""

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

from broadsheet.till.routes import DOORS

ROOT = Path(__file__).resolve().parents[1]
BLANKS = ROOT / "broadsheet" / "till" / "blanks.json"
SCHEMAS = ROOT / "tests" / "till" / "stripe" / "schemas.json.gz"
RESOURCES = """
    product price coupon promotion_code discount customer payment_method setup_intent payment_intent charge refund dispute
    invoice line_item invoiceitem invoice_payment credit_note subscription subscription_item checkout.session item
    customer_balance_transaction tax_id billing_portal.session billing_portal.configuration test_helpers.test_clock event
    webhook_endpoint deleted_coupon deleted_customer deleted_product deleted_webhook_endpoint deleted_invoice deleted_discount
    deleted_tax_id deleted_invoiceitem
"""
# Ways to pay, and parts of other trades, that no publication here has: what is named so is left out of the schemas.
FOREIGN = (
    "account",
    "application",
    "issuing",
    "capital",
    "treasury",
    "terminal",
    "climate",
    "radar",
    "review",
    "transfer",
    "balance_transaction",
    "source",
    "bank_account",
    "mandate",
    "setup_attempt",
    "payment_link",
    "quote",
    "payment_record",
    "file",
    "application_fee",
    "subscription_schedule",
    "tax_rate",
    "tax_code",
    "shipping_rate",
    "cash_balance",
)


def without_foreign(properties: dict[str, Any], resource: str) -> dict[str, Any]:
    if resource in {"payment_method", "payment_method_details"}:
        ours = {"billing_details", "type", "object", "metadata", "customer", "customer_account", "created", "id", "livemode"}
        return {
            name: schema for name, schema in properties.items() if name in ours | {"card", "allow_redisplay", "radar_options"}
        }
    return properties


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 into JSON Schema: `nullable` becomes a type, and what a foreign resource would be is an id only."""
    if isinstance(node, list):
        return [as_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return reference(node["$ref"].rpartition("/")[2])
    kept = {key: as_json_schema(value) for key, value in node.items() if key in WORDS}
    if "properties" in node:
        kept["properties"] = {name: as_json_schema(schema) for name, schema in node["properties"].items()}
        kept["additionalProperties"] = as_json_schema(node.get("additionalProperties", False))
    return {"anyOf": [{"type": "null"}, kept]} if node.get("nullable") else kept


WORDS = {"type", "enum", "items", "anyOf", "oneOf", "allOf", "required", "maxLength", "pattern", "additionalProperties"}


def reference(name: str) -> dict[str, Any]:
    if name.removeprefix("deleted_") in FOREIGN or name.partition(".")[0] in FOREIGN:
        return {"not": {}}
    return {"$ref": f"#/$defs/{name}"}


def named_in(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(named_in, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"].rpartition("/")[2]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(named_in, node.values()))


def schemas_from(spec: dict[str, Any]) -> dict[str, Any]:
    source, found, waiting = spec["components"]["schemas"], {}, set(RESOURCES.split())
    while waiting:
        name = waiting.pop()
        schema = source[name]
        if "properties" in schema:
            schema = schema | {"properties": without_foreign(schema["properties"], name)}
        found[name] = as_json_schema(schema)
        waiting |= named_in(found[name]) - found.keys()
    return {"version": spec["info"]["version"], "$defs": dict(sorted(found.items()))}


def blank(schema: dict[str, Any], source: dict[str, Any]) -> Any:
    """The emptiest value that the schema allows; a required text is left for the till to fill in."""
    if schema.get("nullable"):
        return None
    if "$ref" in schema:
        return blank(source[schema["$ref"].rpartition("/")[2]], source)
    if "enum" in schema:
        return schema["enum"][0] if len(schema["enum"]) == 1 else ""
    if "properties" in schema:
        needed = set(schema.get("required", ()))
        wanted = {name: part for name, part in schema["properties"].items() if name in needed or part.get("nullable")}
        return {name: blank(part, source) for name, part in sorted(wanted.items())}
    return {"object": {}, "array": [], "string": "", "boolean": False, "integer": 0, "number": 0}.get(schema.get("type", ""), "")


def blanks_from(spec: dict[str, Any]) -> dict[str, Any]:
    source = spec["components"]["schemas"]
    return {name: blank(source[name], source) for name in sorted(RESOURCES.split()) if not name.startswith("deleted_")}


def parameters_from(spec: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """For each door of the till: what may be given there, by its path, and of which types, or words, it may be."""
    paths = {re.sub(r"{[^}]+}", "*", path.removeprefix("/v1/")): methods for path, methods in spec["paths"].items()}
    found: dict[str, dict[str, list[str]]] = {}
    for door in DOORS:
        operation = paths[door.path][door.method.lower()]
        taken = found.setdefault(f"{door.method} {door.path}", {})
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                _note(taken, parameter["name"], parameter["schema"])
        body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
        for name, schema in body.get("schema", {}).get("properties", {}).items():
            _note(taken, name, schema)
    return found


def _note(taken: dict[str, list[str]], path: str, schema: dict[str, Any]) -> None:
    for choice in schema.get("anyOf", [schema]):
        words = [f"={word}" for word in choice.get("enum", [])] or [str(choice.get("type"))]
        taken[path] = sorted({*taken.get(path, []), *words})
        for name, inner in choice.get("properties", {}).items():
            _note(taken, f"{path}.{name}", inner)
        if isinstance(choice.get("additionalProperties"), dict):
            _note(taken, f"{path}.*", choice["additionalProperties"])
        if "items" in choice:
            _note(taken, f"{path}[]", choice["items"])


def packed(value: Any) -> bytes:
    return gzip.compress(json.dumps(value, sort_keys=True).encode(), mtime=0)


if __name__ == "__main__":
    spec = json.loads(gzip.decompress(Path(sys.argv[1]).read_bytes()))
    SCHEMAS.parent.mkdir(exist_ok=True)
    BLANKS.write_text(json.dumps(blanks_from(spec), indent=1, sort_keys=True) + "\n")
    SCHEMAS.write_bytes(packed(schemas_from(spec)))
    SCHEMAS.with_name("parameters.json.gz").write_bytes(packed(parameters_from(spec)))
