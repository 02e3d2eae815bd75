"""Django's SMTP backend, which signs what it sends where there is a key. `settings.EMAIL_BACKEND` names it."""

import re
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp

from broadsheet.mailroom import dkim

NEWLINE = re.compile(rb"\r\n|\r|\n")


class SigningSMTP(smtplib.SMTP):
    def sendmail(self, from_addr: str, to_addrs: Any, msg: Any, *options: Any, **named: Any) -> Any:
        # A line end that is half of one would be made whole on the way, after the signature.
        whole = NEWLINE.sub(b"\r\n", msg)
        return super().sendmail(from_addr, to_addrs, dkim.signed(whole, settings.DKIM_KEYS), *options, **named)


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return SigningSMTP
