"""A gate without Django in its process, for a fleet: serves what was pressed and asks a full node for the rest.

What needs the database written (a new pass, an article spent, a wall not printed yet) and what was never pressed goes on as it
came, to BROADSHEET_UPSTREAM, a full node that trusts this gate as a proxy. Without one this gate says 503 to it.
"""

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from broadsheet.access.passes import Renewal
from broadsheet.access.terms import Audience, Reason
from broadsheet.config import environment, settings
from broadsheet.gate import answers
from broadsheet.gate.answers import StartResponse
from broadsheet.gate.app import AskBehind
from broadsheet.gate.limit import AtMost
from broadsheet.gate.opening import open_gate
from broadsheet.gate.settings import settings_of

UPSTREAM = environment.web_address("BROADSHEET_UPSTREAM", "") if environment.text("BROADSHEET_UPSTREAM", "") else ""
AT_ONCE = 12
PATIENCE = 30  # seconds
WHOLE, A_PIECE = 2**20, 2**16  # bytes: what is no longer is read at once, so that no slow reader holds one of the places
ALONE = "This gate serves printed pages only, and no full node is named behind it (BROADSHEET_UPSTREAM)."
OF_THE_CONNECTION = {"connection", "proxy", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}

sys.setswitchinterval(0.0005)


def renew(environ: dict[str, Any], story: str | None, audience: Audience) -> Renewal | None:
    raise AskBehind


def print_wall(path: str, reason: Reason) -> None:
    raise AskBehind


def forward(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    if not UPSTREAM:
        return answers.come_back(start, ALONE, seconds=60)
    connection = _connection()
    try:
        connection.request(environ["REQUEST_METHOD"], _target(environ), _body(environ), _headers(environ))
        response = connection.getresponse()
        body = [response.read()] if response.length is not None and response.length <= WHOLE else _Pieces(connection, response)
    except (OSError, HTTPException):
        connection.close()
        return answers.come_back(start, answers.AWAY, seconds=5)
    if isinstance(body, list):
        connection.close()
    kept = [(name, value) for name, value in response.getheaders() if name.lower() not in OF_THE_CONNECTION]
    start(f"{response.status} {response.reason}", kept)
    return body


class _Pieces:
    """What is long, or told as it is found, goes on as it comes."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection, self._response = connection, response

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self._response.read1, A_PIECE), b"")

    def close(self) -> None:
        self._response.close()
        self._connection.close()


def _connection() -> HTTPConnection:
    upstream = urlsplit(UPSTREAM)
    kind = HTTPSConnection if upstream.scheme == "https" else HTTPConnection
    return kind(upstream.hostname or "", upstream.port, timeout=PATIENCE)


def _target(environ: dict[str, Any]) -> str:
    path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/-._~!$&'()*+,;=:@")
    query = quote(environ["QUERY_STRING"], safe="/-._~!$&'()*+,;=:@%?")
    return f"{path}?{query}" if query else path


def _body(environ: dict[str, Any]) -> bytes | None:
    length = environ.get("CONTENT_LENGTH") or "0"
    body: bytes = environ["wsgi.input"].read(int(length)) if length.isdecimal() and int(length) else b""
    return body or None


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    came_by = [headers.get("X-FORWARDED-FOR", ""), environ["REMOTE_ADDR"]]
    kept = {name: value for name, value in headers.items() if name.lower() not in OF_THE_CONNECTION}
    kept["X-FORWARDED-FOR"] = ", ".join(filter(None, came_by))
    if environ.get("CONTENT_TYPE"):
        kept["CONTENT-TYPE"] = environ["CONTENT_TYPE"]
    return kept


application, _follower = open_gate(settings_of(settings), behind=AtMost(AT_ONCE, forward), renew=renew, print_wall=print_wall)
