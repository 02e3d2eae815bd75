"""Bad days of the API, on demand: the next calls fail, with nothing done, or with all done and the answer lost on the way."""

from dataclasses import dataclass

from broadsheet.till.refusals import Refusal


@dataclass
class Outage:
    """How many of the next calls are to fail, each in its way."""

    refused: int = 0  # 500, and nothing has happened
    lost: int = 0  # 500, and yet it has happened; under the same idempotency key it is then answered
    limited: int = 0  # 429, and nothing has happened

    def before(self) -> None:
        if self.limited:
            self.limited -= 1
            raise Refusal("Too many requests.", status=429, code="rate_limit")
        if self.refused:
            self.refused -= 1
            raise Refusal("Something is wrong on our side.", status=500, kind="api_error")

    def after(self) -> None:
        if self.lost:
            self.lost -= 1
            raise Refusal("Something is wrong on our side.", status=500, kind="api_error")
