"""What came back, read: whom it is about, whether their mailbox is gone, and by which mark it may be believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.mailroom.bounced import MOST_NAMED, parse
from broadsheet.mailroom.status import Kind, kind_of
from tests.mailroom.mails import MARK, RETURNS, a_complaint, a_reply, a_report


def test_a_report_says_whom_it_is_about_and_why():
    came = parse(a_report())

    (said,) = came.said
    assert (came.kind, said.address, said.status) == (Kind.HARD, "fay@example.org", "5.1.1")
    assert said.words == "smtp; 550 5.1.1 <…>: User unknown"
    assert (came.marks, came.original) == ((MARK,), "<17.abc@review.example>")


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("5.1.1", "", Kind.HARD),
        ("5.1.10", "null MX", Kind.HARD),
        ("5.2.1", "mailbox disabled", Kind.HARD),
        ("5.4.1", "Recipient address rejected: Access denied", Kind.HARD),
        ("5.4.4", "Host or domain name not found", Kind.HARD),
        ("5.2.2", "mailbox full", Kind.SOFT),
        ("4.2.2", "mailbox full", Kind.SOFT),
        ("4.4.7", "message expired", Kind.SOFT),
        ("5.1.8", "bad sender", Kind.SOFT),
        ("5.3.4", "message too big", Kind.SOFT),
        ("5.6.0", "content", Kind.SOFT),
        ("5.7.1", "blocked as spam", Kind.SOFT),
        ("5.7.26", "no DMARC alignment", Kind.SOFT),
        ("5.0.0", "550 no such user here", Kind.HARD),
        ("5.0.0", "552 quota exceeded", Kind.SOFT),
        ("5.0.0", "550-5.7.1 likely unsolicited mail", Kind.SOFT),
        ("5.0.0", "", Kind.HARD),
        ("5.3.0", "553 5.3.0 Addressee unknown", Kind.HARD),
        ("5.5.0", "mailbox unavailable", Kind.HARD),
        ("5.5.0", "something about commands", Kind.SOFT),
        ("", "550 User unknown", Kind.HARD),
        ("", "said: 450 try again later", Kind.SOFT),
        ("", "550 no", Kind.HARD),
        ("", "554 no", Kind.SOFT),
        ("", "554 no such user", Kind.HARD),
        ("", "554 sender is on a blocklist", Kind.SOFT),
        ("", "relay 5.1.2.3 said 552 over quota", Kind.SOFT),
    ],
)
def test_hard_is_what_says_that_the_mailbox_is_not_there(status, words, kind):
    assert kind_of(status=status, words=words) is kind


def test_a_delay_is_no_failure():
    assert parse(a_report(action="delayed", status="4.4.1")).kind is Kind.DELAYED


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_what_arrived_says_nothing_ill(action):
    assert parse(a_report(action=action, status="2.0.0")).said == ()


def test_mail_that_was_sent_on_stands_under_both_addresses():
    came = parse(a_report(recipient="rfc822; fay.old@elsewhere.example"))

    assert came.said[0].address == "fay.old@elsewhere.example"
    assert "fay@example.org" in came.meant


def test_a_report_in_unicode_is_read():
    came = parse(
        a_report(recipient="utf-8; fäy@exämple.org").replace(b"message/delivery-status", b"message/global-delivery-status")
    )

    assert [said.address for said in came.said] == ["fäy@exämple.org"]


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_mark_is_found_where_a_mailbox_keeps_it(header):
    raw = a_report(to="undisclosed-recipients:;", sender="").replace(b"From:", f"{header}: {RETURNS}\r\nFrom:".encode(), 1)

    assert parse(raw).marks == (MARK,)


def test_a_complaint_is_about_whom_it_names():
    came = parse(a_complaint())

    assert (came.kind, came.marks) == (Kind.COMPLAINT, (MARK,))
    assert [said.address for said in came.said] == ["fay@example.org"]


def test_a_complaint_that_names_nobody_is_about_whom_the_mail_went_to():
    assert [said.address for said in parse(a_complaint(rcpt="")).said] == ["fay@example.org"]


@pytest.mark.parametrize(
    "raw",
    [
        a_reply(Auto_Submitted="auto-replied"),
        a_reply(Auto_Submitted="auto-replied; owner-email=fay@example.org"),
        a_reply(Precedence="auto_reply"),
        a_reply(X_Autoreply="yes"),
        a_reply(subject="Out of Office: The Daily"),
        a_reply(subject="Automatic reply: The Daily"),
        a_reply(subject="=?utf-8?q?R=C3=A9ponse_automatique_=3A_The_Daily?="),
        a_reply(subject="Abwesenheitsnotiz"),
        a_reply(subject="Автоответ"),
        a_reply(Auto_Submitted="auto-replied", body="fay@example.org no longer works here. User unknown. 550 5.1.1"),
        a_reply(subject="Automatic reply", sender="Postmaster <postmaster@example.org>"),
    ],
)
def test_whoever_is_away_is_not_gone(raw):
    came = parse(raw)

    assert (came.kind, came.said) == (Kind.AUTO_REPLY, ())


def test_a_machine_that_wants_to_know_us_is_no_bounce():
    assert parse(a_reply(subject="Please confirm your message")).kind is Kind.CHALLENGE


def test_a_letter_is_no_bounce():
    assert parse(a_reply(subject="A question", body="Where is the archive?")).kind is Kind.OTHER


def test_what_stands_in_no_standard_is_found_by_its_words():
    raw = (
        "From: MAILER-DAEMON@old.example.org\nTo: x@review.example\nSubject: failure notice\nAuto-Submitted: auto-replied\n\n"
        "Hi. This is the qmail-send program at old.example.org.\nI'm afraid I wasn't able to deliver your message.\n\n"
        "<fay@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <x@review.example>\n"
    )

    came = parse(raw.encode())

    assert [(said.address, said.kind, said.status) for said in came.said] == [("fay@example.org", Kind.HARD, "5.1.1")]


def test_the_same_mail_has_the_same_key_and_another_has_another():
    assert parse(a_report()).key == parse(a_report() + b"trailing").key
    assert len({parse(raw).key for raw in (a_report(), a_report(to="x@review.example"), a_reply(), a_complaint())}) == 4


def test_no_address_is_kept_in_the_words():
    assert "@" not in parse(a_report(diagnostic='x; "fay@example.org" <gus@example.org>, root@mx.example.org unknown')).words


def test_whoever_names_a_hundred_is_heard_of_a_few():
    many = "".join(f"Final-Recipient: rfc822; r{n}@example.org\nAction: failed\nStatus: 5.1.1\n\n" for n in range(100))

    assert len(parse(a_report(more=many)).said) == MOST_NAMED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 100,
        b"Subject: =?bogus?q?x?=\nTo: =?utf-8?b?////?= <a+b@c.d>\n\n",
        b"From: \xff\xfe\nTo: <a+b@c.d>\n\nYour message to: <a@b.c>\n",
        b"Content-Type: text/plain; charset=nosuch\n\nThis is the Postfix program\n<a@b.c>: x\n",
        b"Content-Type: message/rfc822\n\n" * 2000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(2000)),
    ],
)
def test_whatever_comes_is_read_without_falling(raw):
    assert parse(raw).said == ()


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=1200))
def test_a_report_with_anything_in_it_is_read_without_falling(noise, place):
    raw = a_report()

    assert isinstance(parse(raw[:place] + noise + raw[place:]).kind, Kind)
