"""A real mail server on loopback, which keeps what it takes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server


class Sink:
    """Takes every mail, but for addresses whose local part begins with the answer that they are to get."""

    def __init__(self) -> None:
        self.taken = []
        self.raw = []
        self.senders = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 nobody of this name"
        if address.startswith("busy"):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.content)
        self.senders.append(envelope.mail_from)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def subjects(self):
        return [message["Subject"] for message in self.taken]


class OnLoopback(Controller):
    def factory(self):
        return Server(self.handler, enable_SMTPUTF8=False, hostname="sink.example")


@contextmanager
def on_loopback(settings) -> Iterator[Sink]:
    """Where all mail goes meanwhile."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _unused_port()
    settings.MAIL_FROM = "The Test Review <post@review.example>"
    handler = Sink()
    controller = OnLoopback(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT, ready_timeout=10)
    controller.start()
    yield handler
    controller.stop()


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
