"""A passkey in software: it answers what a browser would have a phone answer."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


@dataclass
class Passkey:
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    owner: str = ""

    def made(self, options: dict[str, Any]) -> str:
        """For what a site asks when one is added."""
        asked = options["creation_options"]["publicKey"]
        self.owner = asked["user"]["id"]
        told = CollectedClientData.create("webauthn.create", asked["challenge"], f"http://{HOST}")
        public = AttestedCredentialData.create(bytes(16), self.number, ES256.from_cryptography_key(self.key.public_key()))
        held = AuthenticatorData.create(_hash(HOST), FLAG.UP | FLAG.UV | FLAG.AT, 0, public)
        attested = AttestationObject.create("none", held, {})
        return self._says({"clientDataJSON": told, "attestationObject": attested}, {"credProps": {"rk": True}})

    def shown(self, options: dict[str, Any]) -> str:
        """For what a site asks when somebody logs in with it."""
        asked = options["request_options"]["publicKey"]
        told = CollectedClientData.create("webauthn.get", asked["challenge"], f"http://{HOST}")
        held = AuthenticatorData.create(_hash(HOST), FLAG.UP | FLAG.UV, 1)
        signed = self.key.sign(held + told.hash, ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": told, "authenticatorData": held, "signature": signed}
        return self._says(parts, {}, userHandle=self.owner)

    def _says(self, parts: dict[str, bytes], extensions: dict[str, Any], **more: str) -> str:
        named = websafe_encode(self.number)
        response = {name: websafe_encode(part) for name, part in parts.items()} | more
        about = {"id": named, "rawId": named, "type": "public-key"}
        return json.dumps({**about, "response": response, "clientExtensionResults": extensions})


def _hash(host: str) -> bytes:
    return sha256(host.encode()).digest()
