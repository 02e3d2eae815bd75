"""A gate without Django in its process, with a full node behind it or without."""

import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings

from broadsheet.access.terms import Audience
from broadsheet.config.environment import BadSetting
from tests.gate.browser import Browser
from tests.gate.pressroom import press

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/briefings/a-river/"


LONGEST = 30  # seconds that a test waits
MAY_GO_ON = Event()


class FullNode(BaseHTTPRequestHandler):
    """Says what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        came_by, cookie = self.headers["X-Forwarded-For"], self.headers["Cookie"]
        said = f"{self.command} {self.path} by {came_by} with {cookie}: {body}".encode()
        self.send_response(201)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_GET(self) -> None:
        if not self.path.startswith("/told"):
            return self.do_POST()
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._tell("first")
        MAY_GO_ON.wait(LONGEST)
        self._tell("last")
        self._tell("")
        self.close_connection = True
        return None

    def _tell(self, said: str) -> None:
        self.wfile.write(f"{len(said):x}\r\n{said}\r\n".encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def full_node() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), FullNode)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """With a spool of its own: what it wrote into the state folder would be folded in by whichever test sweeps next."""
    monkeypatch.setattr("broadsheet.config.settings.SPOOL", tmp_path)
    module = import_module("broadsheet.config.gate_alone")
    module._follower._memory.catch_up()
    yield module
    module._follower.stop()
    del sys.modules["broadsheet.config.gate_alone"]


def test_a_gate_alone_serves_what_was_pressed(alone):
    press(PATH, Audience.METERED)
    alone._follower._memory.catch_up()

    assert Browser(alone.application).get(PATH).text == "preview, register"


def test_a_gate_alone_leaves_no_reading_where_other_tests_sweep(alone):
    before = set(settings.SPOOL.glob("*"))
    press(PATH, Audience.METERED)
    alone._follower._memory.catch_up()
    Browser(alone.application).get(PATH)
    alone._follower.stop()

    assert set(settings.SPOOL.glob("*")) == before


def test_what_only_a_full_node_can_do_is_asked_of_it_as_it_came(alone, full_node, monkeypatch):
    monkeypatch.setattr(alone, "UPSTREAM", full_node)
    press(PATH, Audience.METERED)
    alone._follower._memory.catch_up()
    browser = Browser(alone.application)

    renewed = browser.get(PATH, cookies="session=rex", HTTP_X_FORWARDED_FOR="192.0.2.1")
    posted = browser.get("/join/", method="POST", query="a=b c", CONTENT_LENGTH="5", **{"wsgi.input": BytesIO(b"email")})

    assert renewed.text == f"GET {PATH} by 192.0.2.1, 198.51.100.9 with session=rex: "
    assert (renewed.status, renewed["Set-Cookie"]) == (201, "a=1, b=2")
    assert posted.text == "POST /join/?a=b%20c by 198.51.100.9 with None: email"


def test_what_a_full_node_tells_piece_by_piece_goes_on_as_it_comes(alone, full_node, monkeypatch):
    monkeypatch.setattr(alone, "UPSTREAM", full_node)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/told/", "QUERY_STRING": "", "REMOTE_ADDR": "198.51.100.9"}
    MAY_GO_ON.clear()
    answer = alone.forward(environ | {"wsgi.input": BytesIO()}, lambda status, headers: None)
    pieces = iter(answer)
    first = next(pieces)
    MAY_GO_ON.set()
    rest = b"".join(pieces)
    answer.close()

    assert (first, rest) == (b"first", b"last")


def test_without_a_full_node_it_says_what_is_missing(alone):
    response = Browser(alone.application).get("/join/")

    assert response.status == 503
    assert "BROADSHEET_UPSTREAM" in response.text


def test_a_full_node_that_is_away_is_nobody_s_500(alone, monkeypatch):
    monkeypatch.setattr(alone, "UPSTREAM", "http://127.0.0.1:9")

    assert Browser(alone.application).get("/join/").status == 503


def test_a_full_node_that_is_found_by_https_is_not_spoken_to_in_plain(alone, full_node, monkeypatch):
    monkeypatch.setattr(alone, "UPSTREAM", full_node.replace("http:", "https:"))

    response = Browser(alone.application).get("/join/")

    assert (response.status, "by 198.51.100.9" in response.text) == (503, False)


@pytest.mark.parametrize("written", ["10.0.0.5:8000", "ftp://10.0.0.5", "node"])
def test_a_full_node_that_cannot_be_reached_so_stops_the_start(written, monkeypatch):
    monkeypatch.setenv("BROADSHEET_UPSTREAM", written)

    with pytest.raises(BadSetting, match="BROADSHEET_UPSTREAM"):
        import_module("broadsheet.config.gate_alone")


def test_no_model_is_loaded_beside_a_gate_alone():
    code = "import sys, broadsheet.config.gate_alone as a; a._follower.stop(); print('django.db' in sys.modules)"

    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert asked.stdout.strip() == "False"
