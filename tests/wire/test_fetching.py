"""What is asked of another outlet's server, and what its answer comes to."""

import asyncio
import gzip
import ssl
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from broadsheet.wire.fetched import CouldNotFetch, Kind, Known, Limits
from broadsheet.wire.fetching import Fetcher, systems_trust
from tests.outlets import answer, feed, moved, on_loopback, packed

BODY = b"<rss><channel><title>The Courier</title></channel></rss>" * 50


def fetched(outlet, address, *, known=Known(), **about):  # noqa: B008
    about = {"contact": "post@review.example", "allowed": frozenset({outlet.door})} | about
    return asyncio.run(Fetcher(**about).fetch(address, known=known))


def test_an_answer_has_what_is_asked_with_the_next_time(outlet):
    outlet.says["/feed"] = answer(BODY, content_type="text/xml", etag='"7"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT")
    told = fetched(outlet, outlet.at("/feed"))

    assert (told.status, told.body, told.content_type) == (200, BODY, "text/xml")
    assert (told.etag, told.last_modified, told.moved_to) == ('"7"', "Mon, 02 Mar 2026 08:00:00 GMT", "")

    fetched(outlet, outlet.at("/feed"), known=Known(told.etag, told.last_modified))
    asked = outlet.asked[-1].headers

    assert (asked["if-none-match"], asked["if-modified-since"]) == (told.etag, told.last_modified)


def test_what_has_not_changed_has_no_body(outlet):
    outlet.says["/feed"] = answer(status=304)

    assert (fetched(outlet, outlet.at("/feed")).status, fetched(outlet, outlet.at("/feed")).body) == (304, b"")


def test_a_server_is_told_who_asks_and_nothing_else(outlet, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    outlet.says |= {"/feed": moved("/new"), "/new": feed("a", set_cookie="who=1")}
    fetched(outlet, outlet.at("/feed"), contact="post@review.example\r\nX-More: 1")
    asked = outlet.asked[-1].headers

    assert asked["user-agent"].startswith("Broadsheet/")
    assert asked["user-agent"].endswith("post@review.exampleX-More: 1)")
    assert set(asked) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize(
    ("steps", "status", "moved_to"),
    [((301, 308), 200, "/new"), ((301, 302), 200, ""), ((307,), 200, ""), ((303, 301), 200, "")],
)
def test_a_feed_has_moved_where_each_step_there_is_for_good(outlet, steps, status, moved_to):
    for number, step in enumerate(steps):
        outlet.says[f"/{number}"] = moved("/new" if number == len(steps) - 1 else f"/{number + 1}", status=step)
    outlet.says["/new"] = feed("a")
    told = fetched(outlet, outlet.at("/0"))

    assert (told.status, told.address, told.moved_to) == (status, outlet.at("/new"), moved_to and outlet.at(moved_to))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("x-gzip", lambda body: gzip.compress(body) + b"and more"),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_packed_body_is_unpacked(outlet, coding, pack):
    outlet.says["/feed"] = answer(pack(BODY), content_encoding=coding)

    assert fetched(outlet, outlet.at("/feed")).body == BODY


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", BODY),
        ("gzip", gzip.compress(BODY)[:40]),
        ("br", BODY),
        ("br", brotli.compress(BODY)[:40]),
        ("deflate", zlib.compress(BODY)[:30]),
        ("zstd", BODY),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_unpacked_is_said_to_be_so(outlet, coding, body):
    outlet.says["/feed"] = answer(body, content_encoding=coding)

    with pytest.raises(CouldNotFetch) as told:
        fetched(outlet, outlet.at("/feed"))

    assert told.value.kind is Kind.BROKEN


def test_a_body_that_comes_in_chunks_is_one(outlet):
    chunks = b"".join(f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n" for _ in range(3)) + b"0\r\n\r\n"
    outlet.says["/feed"] = [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunks]

    assert fetched(outlet, outlet.at("/feed")).body == BODY * 3


@pytest.mark.parametrize(
    ("headers", "retry_after", "max_age"),
    [
        ({"retry_after": "120"}, 120, None),
        ({"retry_after": "Mon, 02 Mar 2026 09:00:00 GMT", "date": "Mon, 02 Mar 2026 08:00:00 GMT"}, 3600, None),
        ({"retry_after": "Mon, 02 Mar 2026 07:00:00 GMT", "date": "Mon, 02 Mar 2026 08:00:00 GMT"}, 0, None),
        ({"retry_after": "Mon, 02 Mar 2026 09:00:00 GMT"}, None, None),
        ({"retry_after": "soon", "date": "never"}, None, None),
        ({"retry_after": "9" * 400}, None, None),
        ({"cache_control": "public, max-age=600"}, None, 600),
        ({"cache_control": "s-maxage=5"}, None, None),
    ],
)
def test_when_to_come_again_is_read_by_the_servers_clock(outlet, headers, retry_after, max_age):
    outlet.says["/feed"] = answer(status=503, **headers)
    told = fetched(outlet, outlet.at("/feed"))

    assert (told.status, told.retry_after, told.max_age) == (503, retry_after, max_age)


def test_a_name_is_resolved_once_and_its_server_told_the_name(outlet):
    outlet.says["/feed"] = feed("a")
    resolved = []

    def resolve(host, port):
        resolved.append((host, port))
        return ["127.0.0.1"] if len(resolved) == 1 else ["127.0.0.9"]

    door = f"news.example:{outlet.port}"
    told = fetched(outlet, f"http://{door}/feed", resolve=resolve, allowed=frozenset({door}))

    assert (told.status, resolved) == (200, [("news.example", outlet.port)])
    assert outlet.asked[0].headers["host"] == door


def test_the_next_machine_of_a_name_is_tried_where_the_first_takes_no_connection(outlet):
    outlet.says["/feed"] = feed("a")
    door = f"news.example:{outlet.port}"
    told = fetched(outlet, f"http://{door}/feed", resolve=lambda *_: ["::1", "127.0.0.1"], allowed=frozenset({door}))

    assert told.status == 200


@pytest.mark.parametrize("body", [packed(BODY), answer(BODY)], ids=["packed", "plain"])
def test_a_body_as_long_as_it_may_be_is_read(outlet, body):
    outlet.says["/feed"] = body

    assert fetched(outlet, outlet.at("/feed"), limits=Limits(unpacked=len(BODY))).body == BODY


# Who answers


def certificate(folder, *, name):
    """Signed by itself, and the file of both it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(plain + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def secure(tmp_path):
    """An outlet by the name of courier.example, and who trusts its certificate."""
    file = certificate(tmp_path, name="courier.example")
    context, trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=file)
    context.load_cert_chain(file)
    named = []
    context.sni_callback = lambda _, name, __: named.append(name)
    with on_loopback(secure=context) as outlet:
        outlet.says["/feed"] = feed("a")
        yield outlet, trust, named


def fetched_securely(secure, host, **about):
    outlet, trust, _ = secure
    door = f"{host}:{outlet.port}"
    about = {"trust": lambda: trust} | about
    return fetched(outlet, f"https://{door}/feed", resolve=lambda *_: ["127.0.0.1"], allowed=frozenset({door}), **about)


def test_a_certificate_is_held_against_the_name_and_not_the_machine(secure):
    assert (fetched_securely(secure, "courier.example").status, secure[2]) == (200, ["courier.example"])


def test_a_certificate_by_another_name_proves_nothing(secure):
    with pytest.raises(CouldNotFetch, match="could not prove") as told:
        fetched_securely(secure, "other.example")

    assert (told.value.kind, secure[0].asked) == (Kind.UNPROVEN, [])


def test_a_certificate_that_nobody_trusts_proves_nothing(secure):
    with pytest.raises(CouldNotFetch, match="could not prove"):
        fetched_securely(secure, "courier.example", trust=systems_trust)
