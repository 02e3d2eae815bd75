"""The Message-ID of a mail of the outbox: the same at each try, and known to nobody but whoever got the mail."""

import hmac
from email.utils import parseaddr
from hashlib import sha256

from django.conf import settings

from broadsheet.kit.signing import key_for
from broadsheet.mailroom.envelope import ascii_domain
from broadsheet.mailroom.models import Dispatch


def message_id(dispatch: Dispatch) -> str:
    domain = ascii_domain(parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost")
    # The number alone could be guessed, and a restored backup gives it out twice. What returns under it is believed.
    key = key_for(settings.SECRETS[0], purpose="numbers of mail")
    said = f"{dispatch.pk}/{dispatch.posted_at.isoformat()}/{dispatch.to}"
    return f"<{dispatch.pk}.{hmac.digest(key, said.encode(), sha256)[:8].hex()}@{domain}>"
