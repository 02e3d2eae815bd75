"""What becomes of a message at servers of every temper, on loopback."""

import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from broadsheet.mailroom.mould import Mould, place
from broadsheet.mailroom.smtp_lane import Fate, NoServer, Outcome, Server, SmtpLane, Step

SENDER = "returns+back-1-x@review.example"
MESSAGE = b"Subject: The Daily\r\n\r\nGood morning.\r\n"


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
        return AuthResult(success=(shown.login, shown.password) == (self.user.encode(), b"right"))


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
    temper.lane = SmtpLane(Server("127.0.0.1", port, hello="test.example", timeout=10, patience=10))
    try:
        yield temper
    finally:
        temper.lane.close()
        controller.stop()


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def server(request):
    with a_server(pipelining=request.param) as temper:
        yield temper


def sent(server, to="fay@example.org", *, sender=SENDER, message=MESSAGE) -> Outcome:
    return server.lane.send(sender=sender, to=to, message=message)


def test_messages_go_over_one_connection(server):
    outcomes = [sent(server, f"reader-{number}@example.org") for number in range(5)]

    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert outcomes[0] == Outcome(Fate.ACCEPTED, Step.BODY, 250, "2.0.0 taken")
    assert [to for to, _ in server.taken] == [f"reader-{number}@example.org" for number in range(5)]
    assert server.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_is_run_ahead_of_only_where_it_takes_pipelining(pipelining):
    with a_server(pipelining=pipelining) as server:
        for _ in range(5):
            sent(server)

        assert server.ran_ahead is pipelining


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE,
        b"Subject: x\r\n\r\n.\r\n..\r\n.dot\r\n",
        b".first: x\r\n\r\nx\r\n",
        b"Subject: x\r\n\r\n" + b"x" * 900 + b"\r\n",
        b"Subject: x\r\n\r\n\r\n\r\n",
    ],
)
def test_a_message_arrives_as_it_was_handed_in(server, message):
    sent(server, message=message)

    assert server.taken == [("fay@example.org", message)]


@pytest.mark.parametrize("text", ["Good morning.", ".\n..\n.dot", "x" * 4_000_000], ids=["short", "dots", "four megabytes"])
def test_a_cast_arrives_in_one_piece(text):
    with a_server(most=10_000_000) as server:
        mould = Mould(subject="The Daily", text=text, html=place("own"), headers={}, places=frozenset({"own"}))
        cast = mould.cast({"To": "fay@example.org"}, {"own": "Fay's"})
        sent(server, message=cast)

        assert server.taken == [("fay@example.org", bytes(cast))]


@pytest.mark.parametrize(
    ("told", "step", "expected"),
    [
        ("450", Step.RECIPIENT, Outcome(Fate.LATER, Step.RECIPIENT, 450, "the server's words")),  # greylisting
        ("550", Step.RECIPIENT, Outcome(Fate.REFUSED, Step.RECIPIENT, 550, "the server's words")),
        ("421", Step.RECIPIENT, Outcome(Fate.LATER, Step.RECIPIENT, 421, "the server's words")),
        ("451", Step.BODY, Outcome(Fate.LATER, Step.BODY, 451, "the server's words")),
        ("554", Step.BODY, Outcome(Fate.REFUSED, Step.BODY, 554, "the server's words")),
        ("421", Step.BODY, Outcome(Fate.LATER, Step.BODY, 421, "the server's words")),
        ("354", Step.BODY, Outcome(Fate.UNKNOWN, Step.BODY, 354, "the server's words")),
    ],
)
def test_what_a_server_answers_is_what_becomes_of_a_message_and_the_next_one_goes(server, told, step, expected):
    where = {Step.RECIPIENT: "rcpt", Step.BODY: "body"}[step]

    assert sent(server, f"{told}-at-{where}@example.org") == expected
    assert sent(server).fate is Fate.ACCEPTED
    assert [to for to, _ in server.taken] == ["fay@example.org"]


@pytest.mark.parametrize(("told", "fate"), [("450", Fate.LATER), ("550", Fate.REFUSED), ("421", Fate.LATER), ("354", Fate.LATER)])
def test_a_refused_sender_says_nothing_of_the_address(server, told, fate):
    outcome = sent(server, sender=f"{told}-at-mail@review.example")

    assert (outcome.fate, outcome.step, outcome.code) == (fate, Step.SENDER, int(told))
    assert sent(server).fate is Fate.ACCEPTED


@pytest.mark.parametrize("told", ["450", "550"])
def test_a_refusal_is_taken_back_before_the_next_message(server, told):
    sent(server, f"{told}-at-rcpt@example.org")
    sent(server)

    assert server.heard.count("RSET") == 1
    assert server.connections == 1


@pytest.mark.parametrize(("step", "fate"), [("rcpt", Fate.LATER), ("body", Fate.UNKNOWN)])
def test_a_connection_that_is_lost(server, step, fate):
    """Before the body nothing was taken; after it nobody knows."""
    outcome = sent(server, f"hangs-up-at-{step}@example.org")

    assert (outcome.fate, outcome.code) == (fate, 0)
    assert "Connection" in outcome.words
    assert sent(server).fate is Fate.ACCEPTED


@pytest.mark.parametrize("told", ["hangs-up", "421"])
def test_a_kept_connection_that_is_gone_is_made_anew_for_the_same_message(server, told):
    sent(server)

    assert sent(server, f"once-{told}-at-rcpt@example.org").fate is Fate.ACCEPTED
    assert server.connections == 2
    assert len(server.taken) == 2


def test_what_may_have_been_taken_is_not_sent_again(server):
    sent(server)

    assert sent(server, "hangs-up-at-body@example.org").fate is Fate.UNKNOWN
    assert server.heard == ["MAIL SIZE=37", "MAIL SIZE=37"]


def test_an_address_beyond_ascii_goes_where_it_is_taken(server):
    assert (
        sent(server, "用户@xn--fsqu00a.example", message="To: 用户@xn--fsqu00a.example\r\n\r\nx\r\n".encode()).fate
        is Fate.ACCEPTED
    )
    assert server.heard == ["MAIL SIZE=37 BODY=8BITMIME SMTPUTF8"]
    assert sent(server).fate is Fate.ACCEPTED
    assert server.heard[1] == "MAIL SIZE=37"


def test_an_address_beyond_ascii_is_refused_where_it_is_not():
    with a_server(smtputf8=False) as server:
        outcome = sent(server, "用户@xn--fsqu00a.example")

        assert (outcome.fate, outcome.step, outcome.code) == (Fate.REFUSED, Step.RECIPIENT, 553)
        assert server.heard == []


def test_a_message_that_is_too_large_is_not_even_begun():
    with a_server(most=10) as server:
        outcome = sent(server)

        assert (outcome.fate, outcome.step, outcome.code) == (Fate.REFUSED, Step.SENDER, 552)
        assert server.heard == []


def test_a_server_that_is_away_takes_no_message():
    lane = SmtpLane(Server("127.0.0.1", 1, timeout=5))

    with pytest.raises(NoServer, match="refused"):
        lane.send(sender=SENDER, to="fay@example.org", message=MESSAGE)


def test_a_server_that_wants_another_log_in_takes_no_message(server):
    named = SmtpLane(
        Server("127.0.0.1", server.lane._server.port, hello="test.example", user="review", password="wrong", timeout=5)
    )

    with pytest.raises(NoServer):
        named.open()


@pytest.mark.parametrize(
    "bent", ["fay@example.org>\r\nRCPT TO:<all@evil.example", "fay@example.org> SIZE=1", "a b@example.org", "a\n"]
)
def test_an_address_cannot_say_a_command_of_its_own(server, bent):
    with pytest.raises(ValueError, match="command"):
        sent(server, bent)
    with pytest.raises(ValueError, match="command"):
        sent(server, sender=bent)

    assert server.heard == []
