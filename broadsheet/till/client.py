"""A client for Stripe's SDK that calls the till in the same process: no socket, no port, one function call."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import stripe

from broadsheet.till.till import Till

KEY = "sk_test_of_the_till"


@dataclass
class Told:
    status: int
    headers: dict[str, str]


class InProcess(stripe.HTTPClient):
    name = "till"

    def __init__(self, till: Till) -> None:
        super().__init__()
        self.till = till

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, *, _usage: Any = None
    ) -> tuple[str, int, Mapping[str, str]]:
        body = post_data.encode() if isinstance(post_data, str) else post_data or b""
        parts, told = urlsplit(url), Told(500, {})
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
        environ |= {"REQUEST_METHOD": method.upper(), "PATH_INFO": parts.path, "QUERY_STRING": parts.query}
        environ |= {"CONTENT_LENGTH": str(len(body))}

        def start(status: str, heads: list[tuple[str, str]]) -> None:
            told.status, told.headers = int(status.partition(" ")[0]), dict(heads)

        answer = b"".join(self.till.wsgi(environ | {"wsgi.input": BytesIO(body)}, start))
        return answer.decode(), told.status, told.headers

    def close(self) -> None:
        """Nothing is held open."""


def client_for(till: Till, key: str = KEY) -> stripe.StripeClient:
    """A StripeClient that talks to this till and to nothing else."""
    return stripe.StripeClient(key, http_client=InProcess(till), max_network_retries=0)
