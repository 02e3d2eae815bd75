"""Whatever is cast, its reader gets exactly what went in; and nobody gets anything of anybody else's."""

import re
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.mailroom.dkim import relaxed_body
from broadsheet.mailroom.envelope import from_header, list_headers
from broadsheet.mailroom.mould import Cast, Misfit, Mould, header_line, place
from broadsheet.mailroom.policy import clean_line

FROM = "The Review <post@review.example>"
FIXED = {
    "From": from_header(FROM),
    **list_headers(slug="daily", name="Обзор, ежедневно", edition="e12", mail_from=FROM),
}
OWN = {
    "Date": "Mon, 02 Mar 2026 08:00:00 +0000",
    "To": "fay@example.org",
    "Message-ID": "<1.x@review.example>",
    "List-Unsubscribe": "<https://review.example/leave/fay/>, <mailto:returns+leave-1-x@review.example?subject=unsubscribe>",
}
LEAVE = {"leave": "https://review.example/leave/fay/?a=b&c=d"}
LETTERS = st.characters(blacklist_categories=["Cs", "Co"])
TEXTS = st.lists(
    st.text(LETTERS, max_size=40)
    | st.sampled_from(
        [
            "\n",
            "\r\n",
            ".",
            "..",
            ".\n.\n",
            "From me",
            "=",
            "=20",
            "--=_",
            " ",
            "   ",
            "\t\n",
            "\t ",
            "a" * 4000,
            "Ж" * 300,
            "👨‍👩‍👧",
        ]
    ),
    max_size=12,
).map("".join)


def a_mould(*, subject="The Daily", text="Good morning.\n", html="<p>Good morning.</p>\n", places=frozenset(), headers=FIXED):
    return Mould(subject=subject, text=text, html=html, headers=headers, places=places)


def received(cast: Cast):
    return message_from_bytes(bytes(cast), policy=policy.default)


def body(message, subtype: str) -> str:
    return message.get_body((subtype,)).get_content().replace("\r\n", "\n")


def as_written(text: str) -> str:
    """Line ends are one kind, and the last line has one."""
    return re.sub(r"\r\n|\r", "\n", text).removesuffix("\n") + "\n"


@given(subject=TEXTS, text=TEXTS, html=TEXTS)
@example(subject="Привет " * 50, text="", html="\n")
@example(subject="=?utf-8?q?not_encoded?=", text="\x00\x0b\x0c\x85\u2028", html="\r\r\n\n")
@settings(max_examples=80, deadline=None)
def test_what_was_written_is_what_is_read(subject, text, html):
    message = received(a_mould(subject=subject, text=text, html=html).cast(OWN, {}))

    assert message["Subject"] == clean_line(subject)
    assert body(message, "plain") == as_written(text)
    assert body(message, "html") == as_written(html)
    assert {name: message[name] for name in OWN} == OWN
    assert message["From"] == FROM
    assert message["List-Id"] == "Обзор, ежедневно <daily.review.example>"


@given(before=TEXTS, after=TEXTS, value=st.text(LETTERS.filter(str.isprintable), min_size=1, max_size=300))
@settings(max_examples=80, deadline=None)
def test_what_is_the_readers_own_stands_in_its_place(before, after, value):
    mould = a_mould(
        text=f"{before}{place('leave')}{after}{place('leave')}",
        html=f"{before}{place('leave')}{after}",
        places=frozenset({"leave"}),
    )
    message = received(mould.cast(OWN, {"leave": value}))

    assert body(message, "plain") == as_written(f"{before}{value}{after}{value}")
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#x27;")
    assert body(message, "html") == as_written(f"{before}{escaped}{after}")


@given(subject=TEXTS, text=TEXTS, value=st.text(LETTERS.filter(str.isprintable), min_size=1, max_size=300))
@settings(max_examples=50, deadline=None)
def test_no_line_is_one_that_a_server_would_change(subject, text, value):
    cast = a_mould(subject=subject, text=f"{text}{place('x')}{text}", html=text, places=frozenset({"x"})).cast(OWN, {"x": value})
    raw = bytes(cast)

    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line or line.startswith((b".", b"From "))]
    assert max(map(len, lines)) <= 110  # the reader's own unsubscribing link is the longest
    bodies = b"".join(cast.body)
    assert raw == cast.head + bodies
    assert cast.head.endswith(b"\r\n\r\n")
    assert cast.head.count(b"\r\n\r\n") == 1
    assert max(map(len, bodies.split(b"\r\n"))) <= 76
    assert bodies == relaxed_body(bodies)


def test_readers_share_nothing_of_their_own():
    mould = a_mould(text=f"Leave: {place('leave')}\n", html=f'<a href="{place("leave")}">Leave</a>', places=frozenset({"leave"}))

    first = mould.cast(OWN, LEAVE)
    second = mould.cast(OWN | {"To": "rex@example.org"}, {"leave": "https://review.example/leave/rex/"})

    assert b"rex" not in bytes(first)
    assert b"leave/rex" in bytes(second)
    assert b"?a=3Db" not in bytes(second)
    assert mould.cast(OWN, LEAVE) == first


@pytest.mark.parametrize("values", [{}, {"other": "x"}, {"leave": "x", "other": "x"}])
def test_a_place_that_is_left_open_makes_no_message(values):
    mould = a_mould(text=place("leave"), places=frozenset({"leave"}))

    with pytest.raises(Misfit, match="leave"):
        mould.cast(OWN, values)


def test_a_place_that_nobody_promised_is_an_editors_text():
    text = f"{place('subject')} \ue000 \ue001\n"

    assert body(received(a_mould(text=text).cast(OWN, {})), "plain") == text


@pytest.mark.parametrize("value", ["a\r\nBcc: all@evil.example", "a\nb", "a\x00b", "a\x85b", "a\u2028b"])
@pytest.mark.parametrize(
    "made",
    [
        lambda value: a_mould().cast(OWN | {"To": value}, {}),
        lambda value: a_mould(headers={"From": value}),
        lambda value: a_mould(text=place("x"), places=frozenset({"x"})).cast(OWN, {"x": value}),
    ],
    ids=["own header", "fixed header", "place"],
)
def test_nothing_begins_a_line_of_its_own(value, made):
    with pytest.raises(Misfit):
        made(value)


@pytest.mark.parametrize("name", ["", "Two Words", "Bcc: x\r\nTo", "Nämе", "To:"])
def test_what_is_no_name_is_no_header(name):
    with pytest.raises(Misfit):
        header_line(name, "x")
    with pytest.raises(Misfit):
        a_mould(headers={name: "x"})


def test_a_subject_cannot_begin_another_header():
    message = received(a_mould(subject="Hello\r\nBcc: all@evil.example").cast(OWN, {}))

    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: all@evil.example"


def test_a_header_longer_than_a_line_may_be_is_refused():
    with pytest.raises(Misfit, match="longer"):
        header_line("List-Unsubscribe", f"<https://review.example/{'a' * 1000}/>")


def test_an_address_beyond_ascii_stands_as_it_is():
    cast = a_mould().cast(OWN | {"To": "用户@xn--fsqu00a.example"}, {})

    assert "To: 用户@xn--fsqu00a.example\r\n".encode() in cast.head
    assert str(received(cast)["To"]) == "用户@xn--fsqu00a.example"


def test_a_mould_knows_what_it_weighs():
    mould = a_mould(text=f"Leave: {place('leave')}\n", places=frozenset({"leave"}))

    assert 0 < len(mould.cast(OWN, LEAVE)) - mould.weight < 500
