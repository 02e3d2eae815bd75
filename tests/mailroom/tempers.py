"""Mail servers of every temper, on loopback."""

import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from broadsheet.mailroom.smtp_lane import Server, SmtpLane


class Temper:
    """Answers as the recipient's local part says: `<answer>-at-<step>`, or `hangs-up-at-<step>`. Everybody else's mail it takes.

    `once`: recipients that get their answer at the first try alone.
    """

    def __init__(self, *, pipelining: bool) -> None:
        self.pipelining = pipelining
        self.taken: list[tuple[str, bytes]] = []
        self.heard: list[str] = []
        self.connections = 0
        self.ran_ahead = False
        self.tried: set[str] = set()
        self.shown: list[object] = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.ran_ahead |= bool(server._reader._buffer)
        self.heard.append(" ".join(["MAIL", *options]))
        envelope.mail_from = address
        return answer(server, address, "mail") or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        once = "once" in address and address in self.tried
        self.tried.add(address)
        if not once and (told := answer(server, address, "rcpt")):
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_RSET(self, server, session, envelope):
        self.heard.append("RSET")
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            if told := answer(server, address, "body"):
                return told
        self.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 2.0.0 taken"


def answer(server, address: str, step: str) -> str | None:
    told, at, where = address.partition("@")[0].removeprefix("once-").partition("-at-")
    if not at or where != step:
        return None
    if told == "hangs-up":
        server.transport.abort()
        return "250 nobody hears this"
    if told == "nonsense":
        return "Hello there"
    return f"{told} the server's words"


class OnLoopback(Controller):
    """Hangs up after 421, as servers do."""

    class Talker(SMTP):
        async def push(self, status):
            await super().push(status)
            if str(status).startswith("421") or status[:3] == b"421":
                self.transport.close()

    def factory(self):
        return self.Talker(
            self.handler,
            hostname="sink.example",
            enable_SMTPUTF8=self.smtputf8,
            data_size_limit=self.most,
            tls_context=self.tls,
            auth_require_tls=False,
            authenticator=self._knows,
        )

    def _knows(self, server, session, envelope, mechanism, shown):
        self.handler.shown.append(shown)
        right = (shown.login, shown.password) == (self.user.encode(), b"right")
        return AuthResult(success=right, handled=False)


def a_certificate(folder) -> ssl.SSLContext:
    """That the server has given to itself."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    begins, ends = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, ends).sign(key, SHA256())
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@contextmanager
def a_server(*, pipelining=True, smtputf8=True, most=1_000_000, user="", tls=None):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    temper = Temper(pipelining=pipelining)
    controller = OnLoopback(temper, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.smtputf8, controller.most, controller.user, controller.tls = smtputf8, most, user, tls
    controller.start()
    temper.port = port
    temper.lane = SmtpLane(Server("127.0.0.1", port, hello="test.example", timeout=10, patience=10))
    try:
        yield temper
    finally:
        temper.lane.close()
        controller.stop()
