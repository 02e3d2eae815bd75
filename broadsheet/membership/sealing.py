"""What second factors are made of lies sealed in its rows: whoever reads a copy of the database makes no codes with it.

Sealed under the newest secret, opened under any that holds. What cannot be opened raises InvalidToken, and lets nobody in.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from broadsheet.kit.signing import key_for

SEALED = "gAAAA"  # how all of Fernet's tokens begin, and no secret of a factor


def seal(text: str) -> str:
    return _seals()[0].encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """What was written before there were seals is as it is, until the sweep seals it."""
    return MultiFernet(_seals()).decrypt(kept.encode()).decode() if kept.startswith(SEALED) else kept


def is_fresh(kept: str) -> bool:
    """Whether it is sealed under the newest secret."""
    return kept.startswith(SEALED) and _opens(_seals()[0], kept)


def _opens(seal: Fernet, kept: str) -> bool:
    try:
        seal.decrypt(kept.encode())
    except InvalidToken:
        return False
    return True


def _seals() -> list[Fernet]:
    """One a secret, the newest first."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [Fernet(urlsafe_b64encode(key_for(secret, purpose="factor"))) for secret in secrets]
