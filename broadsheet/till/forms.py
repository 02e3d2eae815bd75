"""Form-encoded parameters, nested as Stripe's are, read into values of the types that a door has declared for them.

A shape is a dictionary of names. What stands at a name: "text", "int", "bool", "number", "moment" (seconds, or a word such as
`now`), "map" (texts by text), a frozen set of allowed words, a list of one shape, or a dictionary. An empty text unsets a value.
"""

from typing import Any
from urllib.parse import parse_qsl

from broadsheet.till.refusals import invalid, required

Shape = Any
WORDS = {"true": True, "false": False}


def parsed(body: str) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        place = nested
        head, *rest = name.replace("]", "").split("[")
        for step in rest:
            inner = place.setdefault(head, {})
            if not isinstance(inner, dict):
                raise invalid(f"Invalid {head}", head)
            place, head = inner, step or str(len(inner))
        place[head] = value
    return nested


def checked(given: Any, shape: Shape, name: str = "") -> Any:
    if given == "" and name:
        return "" if shape in ("text", "map") else None
    if isinstance(shape, dict):
        return _object(given, shape, name)
    if isinstance(shape, list):
        return [checked(part, shape[0], f"{name}[{at}]") for at, part in enumerate(_parts(given, name))]
    if isinstance(shape, frozenset):
        if given not in shape:
            wanted = ", ".join(sorted(shape))
            raise invalid(f"Invalid {name}: must be one of {wanted}", name)
        return given
    if shape == "map":
        return _map(given, name)
    return _scalar(given, shape, name)


def _object(given: Any, shape: dict[str, Shape], name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise invalid("Invalid object", name)
    for key in given:
        if key not in shape:
            full = f"{name}[{key}]" if name else key
            raise invalid(f"Received unknown parameter: {full}", full, "parameter_unknown")
    return {key: checked(value, shape[key], f"{name}[{key}]" if name else key) for key, value in given.items()}


def _parts(given: Any, name: str) -> list[Any]:
    if not isinstance(given, dict) or not all(key.isascii() and key.isdigit() for key in given):
        raise invalid("Invalid array", name)
    return [given[key] for key in sorted(given, key=int)]


def _map(given: Any, name: str) -> dict[str, str]:
    if not isinstance(given, dict) or any(isinstance(value, dict) for value in given.values()):
        raise invalid("Invalid object", name)
    for key, value in given.items():
        if len(key) > 40 or len(value) > 500:
            raise invalid("Metadata keys may have 40 characters and values 500.", f"{name}[{key[:40]}]")
    return given


def _scalar(given: Any, shape: str, name: str) -> Any:
    if not isinstance(given, str):
        raise invalid("Invalid string", name)
    if shape == "bool":
        if given not in WORDS:
            raise invalid(f"Invalid boolean: {given}", name)
        return WORDS[given]
    if shape == "int" or (shape == "moment" and given.lstrip("-").isdigit()):
        return _integer(given, name)
    if shape == "number":
        try:
            return float(given)
        except ValueError:
            raise invalid(f"Invalid decimal: {given}", name) from None
    return given


def _integer(given: str, name: str) -> int:
    digits = given.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise invalid(f"Invalid integer: {given}", name, "parameter_invalid_integer")
    return int(given)


def need(given: dict[str, Any], name: str) -> Any:
    if given.get(name) in (None, ""):
        raise required(name)
    return given[name]


def merged(old: dict[str, str] | None, new: dict[str, str] | str) -> dict[str, str]:
    """Metadata after an update: an empty value takes its key away, an empty text all of them."""
    if new == "" or isinstance(new, str):
        return {}
    return {key: value for key, value in {**(old or {}), **new}.items() if value != ""}


def take(doc: dict[str, Any], given: dict[str, Any], *names: str) -> None:
    """Put what was given into a document: an empty text unsets, metadata are merged."""
    for name in names:
        if name in given:
            doc[name] = None if given[name] == "" else given[name]
    if "metadata" in given:
        doc["metadata"] = merged(doc.get("metadata"), given["metadata"])
