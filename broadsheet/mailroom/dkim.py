"""DKIM (RFC 6376, RFC 8463): says under the publication's domain that a message is ours, and that nothing in it was changed.

Headers and body in their relaxed forms. Refuses keys that receivers would not believe. Knows no Django.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from broadsheet.mailroom.envelope import Unfit, ascii_domain
from broadsheet.mailroom.mould import Cast

# Named once more than they occur: whoever adds another breaks the signature.
OVERSIGNED = (
    b"from", b"subject", b"to", b"date", b"message-id", b"list-unsubscribe", b"list-unsubscribe-post",
    b"reply-to", b"cc", b"mime-version", b"content-type", b"content-transfer-encoding",
)  # fmt: skip
SIGNED = (b"list-id", b"feedback-id", b"auto-submitted", b"sender", b"in-reply-to", b"references")
BITS = 2048  # RFC 8301: receivers need not believe less, and need not try more than 4096
SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
FIELD_ENDS = re.compile(rb"\r\n(?![ \t])")
BLANKS = re.compile(rb"[ \t]+")
LINE = 72

Private = RSAPrivateKey | Ed25519PrivateKey
Message = TypeVar("Message", bytes, Cast)


@dataclass(frozen=True, slots=True)
class Key:
    """`domain` in ASCII; `selector` says under which name in it the public half stands."""

    domain: str
    selector: str
    private: Private

    @property
    def kind(self) -> str:
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"


@dataclass(frozen=True, slots=True)
class Record:
    """What the domain's DNS is to hold, as TXT."""

    name: str
    value: str


def signed(message: Message, keys: Sequence[Key]) -> Message:
    """The message with a signature of each key before it. Its lines end in CRLF alone, as it is going to be sent."""
    if not keys:
        return message
    if isinstance(message, Cast):
        return replace(message, head=_signatures(message.head.removesuffix(b"\r\n\r\n"), message.body, keys) + message.head)
    head, _, body = message.partition(b"\r\n\r\n")
    return _signatures(head, (relaxed_body(body),), keys) + message


def _signatures(head: bytes, relaxed: Iterable[bytes], keys: Sequence[Key]) -> bytes:
    names, lines = _chosen(_fields(head))
    hashed = hashlib.sha256()
    for piece in relaxed:
        hashed.update(piece)
    body_hash = b64encode(hashed.digest())
    return b"".join([_signature(key, names, lines, body_hash) for key in keys])


def relaxed_body(body: bytes) -> bytes:
    """Runs of blanks are one, none stand at a line's end, and no empty lines at the body's."""
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    body = body.replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return body and body + b"\r\n"


@lru_cache(maxsize=512)  # most headers are the same in all messages of an edition
def relaxed_field(field: bytes) -> tuple[bytes, bytes]:
    """A header's name, and all of it in one line."""
    name, _, value = field.partition(b":")
    name = name.rstrip(b" \t").lower()
    return name, name + b":" + BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def keys_from(pem: str, *, selectors: Sequence[str], domain: str) -> tuple[Key, ...]:
    """One key a PEM block, each under a selector of its own, in the same order."""
    blocks = PEM.findall(pem)
    if not blocks:
        raise BadKey("it takes a private key in PEM, as `broadsheet manage dkim_key` makes it")
    if len(blocks) != len(set(selectors)) or len(blocks) != len(selectors):
        raise BadKey(f"it holds {len(blocks)} keys, and each needs a selector of its own: {', '.join(selectors) or 'none'} given")
    if wrong := [selector for selector in selectors if not SELECTOR.fullmatch(selector)]:
        raise BadKey(f"{wrong[0]!r} is no selector: those are of small letters, digits and dashes")
    try:
        domain = ascii_domain(domain)
    except Unfit as unfit:
        raise BadKey(str(unfit).rstrip(".")) from None
    return tuple(Key(domain, selector, _private(block)) for selector, block in zip(selectors, blocks, strict=True))


def record_of(key: Key) -> Record:
    public = key.private.public_key()
    if isinstance(key.private, RSAPrivateKey):
        bare = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        bare = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Record(f"{key.selector}._domainkey.{key.domain}", f"v=DKIM1; k={key.kind}; p={b64encode(bare).decode()}")


def new_key(kind: str = "rsa") -> str:
    """In PEM. Most receivers know RSA alone; Ed25519 is a second one beside it."""
    private = Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(65537, BITS)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _private(block: str) -> Private:
    try:
        private = load_pem_private_key(block.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey("its private key cannot be read: it is damaged, of another kind, or under a passphrase") from None
    if isinstance(private, RSAPrivateKey) and not BITS <= private.key_size <= 2 * BITS:
        raise BadKey(f"its RSA key has {private.key_size} bits; receivers believe {BITS} to {2 * BITS}")
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise BadKey("its private key is neither RSA nor Ed25519")
    return private


def _fields(head: bytes) -> dict[bytes, list[bytes]]:
    fields: dict[bytes, list[bytes]] = {}
    for field in FIELD_ENDS.split(head):
        name, line = relaxed_field(field)
        fields.setdefault(name, []).append(line)
    return fields


def _chosen(fields: dict[bytes, list[bytes]]) -> tuple[bytes, bytes]:
    """The names as h= lists them, and what they stand for: of headers that come more than once the last one first."""
    names: list[bytes] = []
    lines: list[bytes] = []
    for name in OVERSIGNED:
        found = fields.get(name, ())
        names += [name] * (len(found) + 1)
        lines += reversed(found)
    for name in SIGNED:
        found = fields.get(name, ())
        names += [name] * len(found)
        lines += reversed(found)
    return b":".join(names), b"\r\n".join(lines)


def _signature(key: Key, names: bytes, lines: bytes, body_hash: bytes) -> bytes:
    opening = _opening(key, names) + body_hash + b";\r\n\tb="
    sealed = lines + b"\r\n" + relaxed_field.__wrapped__(opening)[1]
    if isinstance(key.private, RSAPrivateKey):
        made = key.private.sign(sealed, PKCS1v15(), SHA256())
    else:
        made = key.private.sign(hashlib.sha256(sealed).digest())
    text = b64encode(made)
    return opening + b"\r\n\t ".join(text[at : at + LINE] for at in range(0, len(text), LINE)) + b"\r\n"


@lru_cache(maxsize=64)
def _opening(key: Key, names: bytes) -> bytes:
    lines = [
        f"DKIM-Signature: v=1; a={key.kind}-sha256; c=relaxed/relaxed;".encode(),
        f"\td={key.domain}; s={key.selector};".encode(),
    ]
    line = b"\th="
    for name in names.split(b":"):
        if len(line) + len(name) > LINE:
            lines.append(line)
            line = b"\t "
        line += name + b":"
    return b"\r\n".join([*lines, line.rstrip(b":") + b";", b"\tbh="])


class BadKey(ValueError):
    """A key that cannot sign, or that nobody would believe. Says which, without a stop at its end."""
