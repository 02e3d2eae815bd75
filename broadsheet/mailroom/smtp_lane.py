"""One kept connection to a mail server, over which one message leaves after the other; says of each what became of it.

At most one message is in flight: the next one's envelope goes only when the answer to the last one is there. Where the server
takes pipelining, a message is two round trips. Connecting, TLS, log-in and replies are smtplib's. Knows no Django, and waits for
nothing but answers: when to come again is `pacing`'s to say. Nothing that may have been taken is sent again.
"""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.mailroom.mould import Cast

LINE_OF_A_DOT = re.compile(rb"^\.", re.MULTILINE)
UNFIT = re.compile(r"[\s<>\x00-\x1f\x7f]")
MOST_WORDS = 500
MOST_PIECES = 500  # that a system takes at once
GONE = 421  # said before hanging up
Reply = tuple[int, bytes]
Message = bytes | Cast


class Fate(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for ever
    LATER = "later"
    UNKNOWN = "unknown"  # nobody answered after the last byte: it may have been taken


class Step(StrEnum):
    """What was answered to. Only at RECIPIENT a refusal says something of the address."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    BODY = "body"


STEPS = ((Step.SENDER, 2), (Step.RECIPIENT, 2), (Step.DATA, 3))  # with what a server's answer begins that goes on


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` and `words` are the server's; code 0 where it said nothing."""

    fate: Fate
    step: Step
    code: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. Seconds: `timeout` for an answer, `patience` for the one after a body (RFC 5321: 10 minutes).
    `hello`: our name; "": the one that this machine has."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    hello: str = ""
    timeout: float = 60
    patience: float = 600


class SmtpLane:
    """Connects when it first sends, and again after the connection was lost. Not for two threads at once."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: _Line | None = None

    def __enter__(self) -> "SmtpLane":
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()

    def open(self) -> None:
        """Raises NoServer where mail is not taken just now."""
        self._line = self._line or _Line(self._server)

    def close(self) -> None:
        if self._line:
            self._line.take_leave()
        self._line = None

    def send(self, *, sender: str, to: str, message: Message) -> Outcome:
        """`message`: its lines end in CRLF. Raises NoServer before anything of it has gone."""
        if UNFIT.search(sender) or UNFIT.search(to):
            raise ValueError(f"{sender!r} or {to!r} cannot stand in a command.")
        kept = self._line is not None
        outcome = self._sent(sender, to, message)
        # A server hangs up on whoever was silent for long: that is noticed only now, and nothing of this message has gone.
        if kept and self._line is None and outcome.fate is Fate.LATER and outcome.step is not Step.BODY:
            return self._sent(sender, to, message)
        return outcome

    def _sent(self, sender: str, to: str, message: Message) -> Outcome:
        self.open()
        assert self._line is not None
        outcome = self._line.send(sender, to, message)
        if self._line.is_lost:
            self._line = None
        return outcome


class _Line:
    """One connection, as long as it holds."""

    def __init__(self, server: Server) -> None:
        try:
            self._smtp = smtplib.SMTP(server.host, server.port, local_hostname=server.hello or None, timeout=server.timeout)
            _enter(self._smtp, server)
        except (smtplib.SMTPException, OSError) as trouble:
            raise NoServer(_told(trouble)) from trouble
        self._patience = server.patience
        self._timeout = server.timeout
        self._pipelining = self._smtp.has_extn("pipelining")
        size = self._smtp.esmtp_features.get("size", "").split(" ")[0]
        self._most = int(size) if size.isdecimal() else 0  # bytes; 0 where the server names no limit

    @property
    def is_lost(self) -> bool:
        return self._smtp.sock is None

    def take_leave(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self._smtp.close()

    def send(self, sender: str, to: str, message: Message) -> Outcome:
        if refused := self._foreseen(sender, to, message):
            return refused
        lines = [f"MAIL FROM:<{sender}>{self._options(sender, to, message)}", f"RCPT TO:<{to}>", "DATA"]
        stopped = self._pipelined(lines) if self._pipelining else self._one_by_one(lines)
        if not stopped:
            return self._body(message)
        if not self.is_lost:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.rset()
        return stopped

    def _foreseen(self, sender: str, to: str, message: Message) -> Outcome | None:
        """What the server has said beforehand that it does not take."""
        if not (sender.isascii() and to.isascii()) and not self._smtp.has_extn("smtputf8"):
            return Outcome(Fate.REFUSED, Step.SENDER, 553, "5.6.7 The mail server takes ASCII addresses alone (no SMTPUTF8).")
        if self._most and len(message) > self._most:
            return Outcome(Fate.REFUSED, Step.SENDER, 552, f"5.3.4 The mail server takes at most {self._most} bytes.")
        return None

    def _options(self, sender: str, to: str, message: Message) -> str:
        options = f" SIZE={len(message)}" if self._most else ""
        if not (message.head if isinstance(message, Cast) else message).isascii() and self._smtp.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        return options if sender.isascii() and to.isascii() else f"{options} SMTPUTF8"

    def _one_by_one(self, lines: list[str]) -> Outcome | None:
        """What stopped the envelope; None: the body may come."""
        for line, (step, expected) in zip(lines, STEPS, strict=True):
            try:
                reply = self._say(line)
            except (smtplib.SMTPException, OSError) as trouble:
                return self._lost(Fate.LATER, step, trouble)
            if reply[0] // 100 != expected:
                return self._outcome(step, reply)
        return None

    def _pipelined(self, lines: list[str]) -> Outcome | None:
        """The first that stopped the envelope. All answers are read, or else the next message would be taken for this one."""
        stopped: Outcome | None = None
        code = 0
        step = Step.SENDER
        try:
            self._write("".join(f"{line}\r\n" for line in lines))
            for step, expected in STEPS:
                code, words = self._smtp.getreply()
                if code // 100 != expected and not stopped:
                    stopped = self._outcome(step, (code, words))
                if self.is_lost:
                    break
            if stopped and code == 354:
                self._say(".")  # a server that goes ahead with a message to nobody gets an empty one, which it refuses
        except (smtplib.SMTPException, OSError) as trouble:
            lost = self._lost(Fate.LATER, step, trouble)
            return stopped or lost
        return stopped

    def _body(self, message: Message) -> Outcome:
        assert self._smtp.sock is not None
        try:
            self._smtp.sock.settimeout(self._patience)
            with suppress(OSError):  # a server that has hung up may have said why
                _write_all(self._smtp.sock, _on_the_wire(message))
            reply = self._smtp.getreply()
            self._smtp.sock.settimeout(self._timeout)
        except (smtplib.SMTPException, OSError) as trouble:
            return self._lost(Fate.UNKNOWN, Step.BODY, trouble)
        return self._outcome(Step.BODY, reply)

    def _outcome(self, step: Step, reply: Reply) -> Outcome:
        code, words = reply
        fate = {2: Fate.ACCEPTED, 4: Fate.LATER, 5: Fate.REFUSED}.get(code // 100)
        if fate is None or (fate is Fate.ACCEPTED and step is not Step.BODY):
            self._smtp.close()  # what is no answer to this leaves both sides out of step
            fate = Fate.UNKNOWN if step is Step.BODY else Fate.LATER
        elif code == GONE:
            self._smtp.close()
        return Outcome(fate, step, max(code, 0), words.decode("utf-8", "replace")[:MOST_WORDS])

    def _lost(self, fate: Fate, step: Step, trouble: Exception) -> Outcome:
        self._smtp.close()
        return Outcome(fate, step, words=_told(trouble))

    def _say(self, line: str) -> Reply:
        self._write(f"{line}\r\n")
        return self._smtp.getreply()

    def _write(self, lines: str) -> None:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        self._smtp.sock.sendall(lines.encode())


def _on_the_wire(message: Message) -> list[bytes]:
    if isinstance(message, Cast):
        return [message.head, *message.body, b".\r\n"]
    if message.startswith(b".") or b"\r\n." in message:
        message = LINE_OF_A_DOT.sub(b"..", message)
    return [message, b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"]


def _write_all(sock: socket.socket, pieces: list[bytes]) -> None:
    """Without putting them together first, where the socket can: what all messages share is not copied for each."""
    if isinstance(sock, ssl.SSLSocket):
        sock.sendall(b"".join(pieces))
        return
    left = [memoryview(piece) for piece in pieces]
    while left:
        gone = sock.sendmsg(left[:MOST_PIECES])
        while left and gone >= len(left[0]):
            gone -= len(left.pop(0))
        if gone:
            left[0] = left[0][gone:]


def _enter(smtp: smtplib.SMTP, server: Server) -> None:
    try:
        assert smtp.sock is not None
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if server.starttls:
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError):
        smtp.close()
        raise


def _told(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        said = trouble.smtp_error
        return f"{trouble.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"[:MOST_WORDS]
    return f"{type(trouble).__name__}: {trouble}"[:MOST_WORDS]


class NoServer(Exception):
    """Nothing can be handed in just now; says what the server answered, or the way to it."""
