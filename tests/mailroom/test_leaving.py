"""From an editor's words to what a server got: as it was written, and signed so that another library believes it."""

from email import message_from_bytes, policy

import dkim as verifier
import pytest

from broadsheet.mailroom import dkim
from broadsheet.mailroom.envelope import Franking, Marked, Marks, Posted, Purpose, from_header, list_headers, mark_in
from broadsheet.mailroom.mould import Mould, place
from broadsheet.mailroom.policy import clean_line
from broadsheet.mailroom.smtp_lane import Fate
from tests.mailroom.tempers import a_server

FROM, RETURNS_TO = "Обзор «Меридиан» <post@bücher.example>", "returns@xn--bcher-kva.example"
KEYS = dkim.keys_from(dkim.new_key() + dkim.new_key("ed25519"), selectors=["s1", "s2"], domain="bücher.example")
MARKS = Marks(("a secret that is only known to this test",))
LINK = "https://review.example/newsletters/leave/1f-0123456789abcdef/?from=mail&n=1"

SUBJECTS = [
    "The Daily",
    "Ж" * 300,
    "Кто платит за плотину " * 14,
    "من يدفع ثمن السد؟ \u200f2026",
    "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 📰",
    "Hello\r\nBcc: all@evil.example",
    "=?utf-8?q?not_encoded?=",
    "a" * 900,
    "",
]
TEXTS = [
    "Good morning.\n",
    "x" * 4000 + "\n" + "y " * 2000,
    ".\n..\n.dot\nFrom me\n--=_\n",
    "  blanks   \t \n\n\n\n",
    "Всё \u202eхорошо\u202c 👨‍👩‍👧\n\x0c\u2028\n",
]
ADDRESSES = [
    "fay@example.org",
    "Fay.Spring@STRASSE.example",
    "fay@straße.example",
    "用户@例子.example",
    '"fay@spring"@example.org',
]


@pytest.fixture(scope="module")
def server():
    with a_server() as temper:
        yield temper


def leave(server, *, subject="The Daily", text="Good morning.\n", to="fay@example.org", at):
    """What the server got: who sent it, and the message."""
    headers = {"From": from_header(FROM), **list_headers(slug="daily", name="Обзор, ежедневно", edition="e12", mail_from=FROM)}
    body = f"{text}{place('leave')}\n"
    mould = Mould(subject=subject, text=body, html=body, headers=headers, places=frozenset({"leave"}))
    envelope = Franking(MARKS, mail_from=FROM, returns_to=RETURNS_TO).envelope(17, to=to, leave=LINK, made_at=at, at=at)
    message = dkim.signed(mould.cast(envelope.headers, {"leave": LINK}), KEYS)
    outcome = server.lane.send(sender=envelope.sender, to=envelope.to, message=message)
    assert outcome.fate is Fate.ACCEPTED
    return envelope.sender, *server.taken[-1]


def is_believed(raw: bytes) -> bool:
    records = {f"{dkim.record_of(key).name}.".encode(): dkim.record_of(key).value.encode() for key in KEYS}
    return all(verifier.DKIM(raw).verify(idx=nth, dnsfunc=lambda name, timeout=5: records[name]) for nth in range(len(KEYS)))


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("text", TEXTS)
def test_what_an_editor_wrote_is_what_arrives(server, subject, text, at):
    _, _, raw = leave(server, subject=subject, text=text, at=at)
    message = message_from_bytes(raw, policy=policy.default)

    assert message["Subject"] == clean_line(subject)
    assert message["From"] == "Обзор «Меридиан» <post@xn--bcher-kva.example>"
    assert message["Bcc"] is None
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == f"{text}{LINK}\n"
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == f"{text}{LINK.replace('&', '&amp;')}\n"
    assert is_believed(raw)


@pytest.mark.parametrize("to", ADDRESSES)
def test_whoever_it_goes_to_gets_it_under_a_mark_and_with_a_way_to_leave(server, to, at):
    sender, got, raw = leave(server, to=to, at=at)
    message = message_from_bytes(raw, policy=policy.default)

    assert got.rpartition("@")[2].isascii()
    assert str(message["To"]) == got
    posted = Posted(17, to, at)
    assert MARKS.read(mark_in(sender, returns_to=RETURNS_TO), posted={17: posted}.get) == Marked(Purpose.BACK, posted)
    assert message["List-Unsubscribe"].startswith(f"<{LINK}>, <mailto:returns+leave-17-")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Обзор, ежедневно <daily.xn--bcher-kva.example>"
    assert is_believed(raw)
