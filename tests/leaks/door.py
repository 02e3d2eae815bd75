"""The whole house in this process: the gate in front, Django behind, composed as `config.wsgi` does it, and browsers at its door.

Nothing follows the database by itself: `settle` does what worker and follower would have done by then.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode
from zipfile import ZipFile

import brotli
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from pypdf import PdfReader

from broadsheet.config.ticks import run_what_is_due
from broadsheet.gate.app import Gate
from broadsheet.gate.database import Database
from broadsheet.gate.limit import AtMost
from broadsheet.gate.memory import Memory
from broadsheet.gate.settings import settings_of
from broadsheet.gate.shelf import Shelf
from broadsheet.gate.spool import Spool
from broadsheet.kit import clock
from broadsheet.membership.renewal import renew
from broadsheet.press.walls import print_wall

ZIPPED = (
    "application/epub+zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
AT_ONCE = 60  # as many requests of Django's as a test sends side by side
ELSEWHERE = "198.51.100.9"  # a network that nobody has a contract for


class House:
    """One process of the house."""

    def __init__(self, spool: Path) -> None:
        its = settings_of(settings)  # type: ignore[arg-type]  # Django's settings have those names
        database = Database(its.database_url)
        self.memory, self.spool = Memory(database), Spool(spool)
        self._spool_folder = spool
        shelf = Shelf(database, most_bytes=its.most_bytes)
        behind = AtMost(AT_ONCE, get_wsgi_application())
        self.gate = Gate(its, self.memory, shelf, self.spool, behind=behind, renew=renew, print_wall=print_wall)
        self.memory.catch_up()

    def settle(self) -> None:
        """All that a second brings: errands run, mail goes out, and this process has heard of it."""
        run_what_is_due(at=clock.now())
        self.memory.catch_up()

    def institutions_read(self) -> set[int | None]:
        return {institution for _, _, institution, _, _ in self.spool._waiting}


@dataclass(frozen=True)
class Answer:
    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    def __contains__(self, name: str) -> bool:
        return any(key.lower() == name.lower() for key, _ in self.headers)

    @property
    def plain(self) -> bytes:
        match self["Content-Encoding"]:
            case "br":
                return bytes(brotli.decompress(self.body)) if self.body else b""
            case "gzip":
                return gzip.decompress(self.body) if self.body else b""
            case _:
                return self.body

    @property
    def text(self) -> str:
        """Of an e-book and of a Word document, that of all their files; of a PDF, what it says and where it leads."""
        if self["Content-Type"] == "application/pdf" and self.status == 200 and self.body:
            return "\n".join(_read(PdfReader(BytesIO(self.plain))))
        if self["Content-Type"] in ZIPPED and self.body:
            with ZipFile(BytesIO(self.plain)) as book:
                return "\n".join(book.read(name).decode("utf-8", errors="replace") for name in book.namelist())
        return self.plain.decode("utf-8", errors="replace")

    @property
    def all(self) -> str:
        """Headers and body, with what is written in percents made readable."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers)
        return f"{unquote(head)}\n\n{self.text}"


def _read(pdf: PdfReader) -> Iterator[str]:
    yield str(pdf.metadata and pdf.metadata.title)
    for page in pdf.pages:
        yield re.sub(r"(?:-|\u00ad)\n", "", page.extract_text())
        yield from (unquote(str(one.get_object()["/A"])) for one in page.get("/Annots", ()) if "/A" in one.get_object())


@dataclass
class Browser:
    """Keeps cookies, follows nothing, runs no script."""

    gate: Callable[..., Any]
    address: str = ELSEWHERE
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """`headers` as WSGI names them: HTTP_ACCEPT_ENCODING."""
        target, _, query = path.partition("?")
        sent = {"HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(target, "latin-1"),
            "QUERY_STRING": query,
            "REMOTE_ADDR": self.address,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.multithread": True,
            "CONTENT_LENGTH": str(len(body)),
            **sent,
            **headers,
        }
        begun: list[Any] = []
        answered = self.gate(environ, lambda status, head, exc_info=None: begun.extend((status, head)))
        body = b"".join(answered)
        if hasattr(answered, "close"):
            answered.close()
        answer = Answer(path, int(begun[0].split()[0]), begun[1], body)
        self._keep(answer)
        return answer

    def head(self, path: str, **headers: str) -> Answer:
        return self.get(path, method="HEAD", **headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """A form of our own pages, as browsers send it."""
        ours = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
        form = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
        return self.get(path, method="POST", body=urlencode(fields).encode(), **{**ours, **form, **headers})

    def _keep(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() != "set-cookie":
                continue
            for cookie in SimpleCookie(value).values():
                if cookie["max-age"] == 0 or cookie["max-age"] == "0":
                    self.cookies.pop(cookie.key, None)
                else:
                    self.cookies[cookie.key] = cookie.value
