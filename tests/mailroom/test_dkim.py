"""Signatures that another library believes, whatever is signed; and none that it would believe after a change."""

import dkim as verifier
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.mailroom.dkim import BadKey, keys_from, new_key, record_of, relaxed_body, signed
from broadsheet.mailroom.mould import Mould

RSA_PEM, ED_PEM = new_key(), new_key("ed25519")
RSA = keys_from(RSA_PEM, selectors=["s1"], domain="review.example")
BOTH = keys_from(RSA_PEM + ED_PEM, selectors=["s1", "s2"], domain="bücher.example")

HEAD = (
    b"From: The Review <post@review.example>",
    b"To: fay@example.org",
    b"Subject: The Daily",
    b"Date: Mon, 02 Mar 2026 08:00:00 +0000",
    b"Message-ID: <1.x@review.example>",
    b"MIME-Version: 1.0",
    b"Content-Type: text/plain; charset=utf-8",
)


def a_message(*more: bytes, body: bytes = b"Good morning.\r\n") -> bytes:
    return b"\r\n".join([*HEAD, *more, b"", body])


def is_believed(message: bytes, *, keys=RSA, nth=0) -> bool:
    """By whoever gets it from a server, which sees to the last line's end."""
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    records = {f"{record_of(key).name}.".encode(): record_of(key).value.encode() for key in keys}
    try:
        return verifier.DKIM(message).verify(idx=nth, dnsfunc=lambda name, timeout=5: records.get(name))
    except verifier.ValidationError:
        return False


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"\r\n\r\n \r\n\t\r\n",
        b"no end",
        b"blanks at its end  \t",
        b"a  b\t c \r\n\r\n\r\n\r\n",
        b"  leading\r\n\tand a tab\r\n",
        b".\r\n..\r\n.dot\r\n",
        b"x" * 4000 + b"\r\n" + b"y " * 2000 + b"\r\n",
        "Всё   хорошо 👨‍👩‍👧 \u202eسلام\r\n".encode(),
        b"=20=\r\n=20\r\n",
        b"From: a@b.example\r\n\r\nanother head\r\n",
    ],
)
def test_a_body_is_believed_as_it_was_signed(body):
    assert is_believed(signed(a_message(body=body), RSA))


@pytest.mark.parametrize(
    "header",
    [
        "Subject: " + "Ж" * 300,
        "Subject: =?utf-8?b?0JY=?=\r\n =?utf-8?b?0JY=?=\r\n\t=?utf-8?b?0JY=?=",
        "Subject:no blank",
        "Subject:   \t many \t blanks  ",
        "Subject:",
        "SUBJECT: 📰  \u200fعدد اليوم",
        "List-Unsubscribe: <https://review.example/leave/>,\r\n <mailto:returns@review.example>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "To: ünï@xn--strae-oqa.example",
        "Reply-To: petra@review.example",
        "X-Long: " + "a" * 900,
    ],
)
def test_a_header_is_believed_as_it_was_signed(header):
    assert is_believed(signed(a_message(header.encode()), RSA))


@given(
    subject=st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\t"), max_size=80),
    lines=st.lists(st.text(" \t.=-abЖ📰\x00\x0b\x0c\u2028\xa0", max_size=30), max_size=12),
)
@settings(max_examples=80, deadline=None)
def test_whatever_is_signed_is_believed(subject, lines):
    message = a_message(f"Subject: {subject}".encode(), body="\r\n".join(lines).encode())

    assert is_believed(signed(message, RSA))


@pytest.mark.parametrize("nth", [0, 1])
def test_two_keys_sign_for_themselves_under_a_domain_in_ascii(nth):
    message = signed(a_message(), BOTH)

    assert b"d=xn--bcher-kva.example;" in message
    assert is_believed(message, keys=BOTH, nth=nth)


@pytest.mark.parametrize(
    "added",
    [
        b"From: somebody@evil.example",
        b"Subject: another",
        b"To: all@evil.example",
        b"List-Unsubscribe: <https://evil.example/>",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"Reply-To: somebody@evil.example",
        b"Content-Type: text/html",
    ],
)
def test_what_is_added_breaks_the_signature(added):
    message = signed(a_message(), RSA)

    assert not is_believed(added + b"\r\n" + message)


@pytest.mark.parametrize(("was", "became"), [(b"The Daily", b"The Weekly"), (b"Good", b"Bad"), (b"fay@", b"rex@")])
def test_what_is_changed_breaks_the_signature(was, became):
    assert not is_believed(signed(a_message(), RSA).replace(was, became))


@pytest.mark.parametrize(
    ("was", "became"), [(b"The Daily", b"The\r\n  Daily "), (b"morning.", b"morning. \t"), (b"X-Seen", b"x-seen")]
)
def test_what_relays_do_to_blanks_breaks_nothing(was, became):
    assert is_believed(signed(a_message(b"X-Seen: 1"), RSA).replace(was, became))


def test_without_a_key_a_message_leaves_as_it_is():
    assert signed(a_message(), ()) == a_message()


def test_signatures_stand_before_the_message_in_lines_that_any_server_takes():
    message = signed(a_message(), BOTH)

    head = message.removesuffix(a_message())
    assert head != message
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


@given(st.binary().map(lambda body: body.replace(b"\r", b"").replace(b"\n", b"\r\n")))
@settings(deadline=None)
def test_the_relaxed_body_is_what_the_other_library_makes_of_it(body):
    ends = body if body.endswith(b"\r\n") else body + b"\r\n"

    assert relaxed_body(body) == verifier.canonicalization.Relaxed.canonicalize_body(ends)


# Keys


def in_pem(private, *, sealed=False) -> str:
    how = BestAvailableEncryption(b"secret") if sealed else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


SMALL = in_pem(generate_rsa(65537, 1024))
OTHER = in_pem(generate_private_key(SECP256R1()))
SEALED = in_pem(RSA[0].private, sealed=True)


@pytest.mark.parametrize(
    ("pem", "selectors", "said"),
    [
        ("", ["s1"], "takes a private key in PEM"),
        ("nonsense", ["s1"], "takes a private key in PEM"),
        (RSA_PEM.replace("M", "?"), ["s1"], "cannot be read"),
        (SEALED, ["s1"], "passphrase"),
        (SMALL, ["s1"], "1024 bits"),
        (OTHER, ["s1"], "neither RSA nor Ed25519"),
        (RSA_PEM, [], "selector of its own"),
        (RSA_PEM + ED_PEM, ["s1"], "holds 2 keys"),
        (RSA_PEM + ED_PEM, ["s1", "s1"], "selector of its own"),
        (RSA_PEM, ["S_1"], "no selector"),
    ],
)
def test_a_key_that_nobody_would_believe_is_refused(pem, selectors, said):
    with pytest.raises(BadKey, match=said):
        keys_from(pem, selectors=selectors, domain="review.example")


def test_a_domain_that_is_none_is_refused():
    with pytest.raises(BadKey, match="no domain"):
        keys_from(RSA_PEM, selectors=["s1"], domain="review..example")


def test_the_record_says_kind_and_key():
    rsa, ed = map(record_of, BOTH)

    assert (rsa.name, rsa.value[:18]) == ("s1._domainkey.xn--bcher-kva.example", "v=DKIM1; k=rsa; p=")
    assert ed.value.startswith("v=DKIM1; k=ed25519; p=")
    assert len(ed.value.rpartition("=p")[2]) < 80


@given(text=st.text(" \t.=-abЖ\n", max_size=200))
@settings(deadline=None)
def test_a_cast_is_signed_without_a_look_at_its_body(text):
    mould = Mould(subject="The Daily", text=text, html=text, headers={"From": "post@review.example"}, places=frozenset())

    assert is_believed(bytes(signed(mould.cast({"To": "fay@example.org"}, {}), RSA)))
