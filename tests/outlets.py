"""Other outlets' servers on loopback, courteous and hostile ones: each says what it was told to, byte by byte."""

import gzip
import selectors
import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

DRIP = 0.02  # seconds between two bytes of a slow one, spent waiting for whoever asked to hang up


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict


def answer(body=b"", *, status=200, **headers):
    """Headers as Python spells them: content_type="…"."""
    said = {"content_length": len(body), "connection": "close"} | headers
    lines = [f"HTTP/1.1 {status} Said", *(f"{name.replace('_', '-')}: {value}" for name, value in said.items()), "", ""]
    return ["\r\n".join(lines).encode("latin-1") + (body.encode() if isinstance(body, str) else body)]


def feed(*titles, outlet="The Courier", **headers):
    items = "".join(f"<item><title>{title}</title><link>https://c.example/{title}</link></item>" for title in titles)
    body = f'<rss version="2.0"><channel><title>{outlet}</title>{items}</channel></rss>'.encode()
    return answer(body, content_type="application/rss+xml", **headers)


def moved(to, *, status=301):
    return answer(status=status, location=to)


def packed(body, **headers):
    return answer(gzip.compress(body), content_encoding="gzip", **headers)


def silent():
    """Takes the question, and says nothing."""
    yield None


def endless(piece, *, head=b""):
    """`piece`, again and again, as long as anybody reads it."""
    if head:
        yield head
    while True:
        yield piece


def dripping(piece=b"x", *, head=b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n"):
    for byte in endless(piece, head=head):
        yield byte
        yield DRIP


@dataclass
class Outlet:
    """`says` by path: pieces of an answer, or what makes them. What is not there is not found."""

    port: int
    says: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    sent: int = 0
    open: int = 0
    most_open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def door(self):
        return f"127.0.0.1:{self.port}"

    def at(self, path):
        return f"http://{self.door}{path}"


class _Answering(socketserver.BaseRequestHandler):
    def handle(self):
        outlet = self.server.outlet
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        with outlet.lock:
            outlet.open += 1
            outlet.most_open = max(outlet.most_open, outlet.open)
        try:
            with suppress(OSError):
                self.answer(outlet)
        finally:
            with outlet.lock:
                outlet.open -= 1

    def answer(self, outlet):
        said = b""
        while b"\r\n\r\n" not in said:
            piece = self.request.recv(65_536)
            if not piece or piece.startswith(b"\x16"):  # a greeting in TLS, which nobody here speaks
                return
            said += piece
        first, *lines = said.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        path = first.split(" ")[1]
        outlet.asked.append(Asked(path, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}))
        pieces = outlet.says.get(path, answer(status=404))
        for piece in pieces() if callable(pieces) else pieces:
            if isinstance(piece, bytes):
                self.request.sendall(piece)
                with outlet.lock:
                    outlet.sent += len(piece)
            elif not self.is_waited_for(piece):
                return

    def is_waited_for(self, seconds):
        """Whether whoever asked is still there afterwards; None is as long as they are."""
        with selectors.DefaultSelector() as ears:
            ears.register(self.request, selectors.EVENT_READ)
            return not ears.select(seconds)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address, request_queue_size = True, True, 600
    secure = None

    def finish_request(self, request, client_address):
        """In the connection's own thread: greetings take their time."""
        if self.secure is None:
            return super().finish_request(request, client_address)
        with suppress(OSError), self.secure.wrap_socket(request, server_side=True) as answered:
            super().finish_request(answered, client_address)


@contextmanager
def on_loopback(*, secure=None, **says):
    """Paths are told by `says[...]` afterwards. `secure`: the context of a server that speaks TLS."""
    with _Server(("127.0.0.1", 0), _Answering) as server:
        server.secure = secure
        server.outlet = Outlet(server.server_address[1], dict(says))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.outlet
        finally:
            server.shutdown()
            thread.join()
