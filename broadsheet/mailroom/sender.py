"""Who our mail says it is from, as the settings have it."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from broadsheet.mailroom.deliverability import Sender
from broadsheet.mailroom.dkim import record_of
from broadsheet.mailroom.envelope import ascii_domain, domain_of

HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def our_sender() -> Sender:
    domain = ascii_domain(domain_of(parseaddr(settings.MAIL_FROM)[1]))
    own = urlsplit(settings.BASE_URL).hostname or ""
    return Sender(
        domain=domain,
        returns=domain_of(settings.MAIL_RETURNS_TO) or domain,
        signs=tuple(map(record_of, settings.DKIM_KEYS)),
        leaves_from=settings.MAIL_LEAVES_FROM,
        host=own if settings.EMAIL_HOST in HERE else settings.EMAIL_HOST,
        provider=settings.MAIL_PROVIDER,
    )
