"""What the till refuses, in Stripe's words and shape: every refusal is an error object with a status."""

from typing import Any


class Refusal(Exception):
    """A call that is answered with an error; `keeps` says that what it did until then stands, as a declined charge does."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.keeps = bool(more.pop("keeps", False))
        self.error = {"message": message, "type": kind} | {name: value for name, value in more.items() if value is not None}


def invalid(message: str, param: str | None = None, code: str | None = None, **more: Any) -> Refusal:
    return Refusal(message, param=param, code=code, **more)


def missing(kind: str, ident: str, param: str = "id") -> Refusal:
    return Refusal(f"No such {kind}: '{ident}'", status=404, code="resource_missing", param=param)


def required(param: str) -> Refusal:
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def declined(error: dict[str, Any], *, keeps: bool) -> Refusal:
    """A card that was refused: `error` as it stands in the payment's `last_payment_error`."""
    rest = {name: value for name, value in error.items() if name not in {"message", "type"}}
    return Refusal(error["message"], status=402, kind="card_error", keeps=keeps, **rest)
