"""A browser that asks a gate directly, without a server between; it needs no Django."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli

SECRETS = ("only the tests know this secret and they tell nobody",)


@dataclass(frozen=True)
class Response:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def text(self) -> str:
        match self["Content-Encoding"]:
            case "br":
                return brotli.decompress(self.body).decode()
            case "gzip":
                return gzip.decompress(self.body).decode()
            case _:
                return self.body.decode()


@dataclass
class Browser:
    gate: Callable[..., Any]

    def get(
        self, path: str, *, method: str = "GET", cookies: dict[str, str] | str = "", query: str = "", **headers: str
    ) -> Response:
        written = cookies if isinstance(cookies, str) else "; ".join(f"{name}={value}" for name, value in cookies.items())
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": "198.51.100.9",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            **({"HTTP_COOKIE": written} if written else {}),
            **headers,
        }
        begun: list[Any] = []
        body = b"".join(self.gate(environ, lambda status, sent, exc_info=None: begun.extend((status, sent))))
        return Response(int(begun[0].split()[0]), begun[1], body)

    def head(self, path: str, **more: Any) -> Response:
        return self.get(path, method="HEAD", **more)
