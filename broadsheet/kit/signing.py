"""Short signed texts for cookies and links: HMAC-SHA256 under a key made for one purpose. Standard library only.

A text is signed under the newest secret and accepted under any of those given, so that a secret can be rotated.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

SIGNATURE_CHARS = 27  # 160 bits


class Signer:
    """Signs texts without `.`; `secrets` newest first, `purpose` keeps one use from standing in for another."""

    def __init__(self, secrets: tuple[str, ...], *, purpose: str) -> None:
        if not secrets or not all(secrets):
            raise NoSecret(f"No secret to sign {purpose} with: set BROADSHEET_SECRET_KEY.")
        # One keyed hash object a secret, copied at each use: saves the key schedule on the hot path.
        self._keyed = tuple(hmac.new(key_for(secret, purpose=purpose), digestmod=hashlib.sha256) for secret in secrets)

    def sign(self, text: str) -> str:
        return f"{text}.{_signature(self._keyed[0], text)}"

    def unsign(self, signed: str) -> str | None:
        """The text, or None where the signature is not ours."""
        text, dot, signature = signed.rpartition(".")
        if not dot or len(signature) != SIGNATURE_CHARS or not signed.isascii():
            return None
        for keyed in self._keyed:
            if hmac.compare_digest(_signature(keyed, text), signature):
                return text
        return None


def key_for(secret: str, *, purpose: str) -> bytes:
    """32 bytes that serve this purpose and no other."""
    return hashlib.sha256(f"broadsheet/{purpose}/{secret}".encode()).digest()


def _signature(keyed: hmac.HMAC, text: str) -> str:
    mac = keyed.copy()
    mac.update(text.encode())
    return urlsafe_b64encode(mac.digest()[:20]).decode().rstrip("=")


class NoSecret(Exception):
    """Nothing to sign with: refuse to start rather than accept anything."""
