"""An address as the mail room compares it, and as a seal from which nobody can read it."""

import hashlib
import hmac
import unicodedata
from functools import lru_cache

from django.conf import settings

from broadsheet.kit.signing import key_for
from broadsheet.mailroom.envelope import Unfit, ascii_domain


def folded(address: str) -> str:
    """In lower case, its domain as the DNS has it. Variants with a plus stay apart: they may be other mailboxes."""
    local, _, domain = unicodedata.normalize("NFC", address).strip().rpartition("@")
    try:
        domain = ascii_domain(domain)
    except Unfit:
        domain = domain.lower()
    return f"{local.casefold()}@{domain.casefold()}"


def seal(address: str) -> str:
    """Under the newest secret."""
    return seals(address)[0]


def seals(address: str) -> list[str]:
    """Under every secret that is known, the newest first: what an older one sealed is found while that secret is kept."""
    plain = folded(address).encode()
    return [hmac.digest(key, plain, hashlib.sha256).hex() for key in _keys(settings.SECRETS)]


@lru_cache
def _keys(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(key_for(secret, purpose="suppressed addresses") for secret in secrets)
