"""What a bulk message bears: marks that nobody forges, and nothing that begins a line of its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_string, policy
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.signing import NoSecret
from broadsheet.mailroom.envelope import (
    MOST_BEFORE_MARK,
    Franking,
    Marked,
    Marks,
    Posted,
    Purpose,
    Unfit,
    from_header,
    list_headers,
    mark_in,
    on_the_wire,
    phrase,
    written_from,
)

OLD, NEW = "an old secret that is long enough", "a newer secret that is long enough"
MARKS = Marks((NEW,))
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEAVE = "https://review.example/newsletters/leave/abc/"
FAYS = Posted(17, "fay@example.org", AT)


def an_envelope(*, to="fay@example.org", number=17, leave=LEAVE, returns_to="returns@review.example", made_at=AT):
    franking = Franking(MARKS, mail_from="The Review <post@review.example>", returns_to=returns_to)
    return franking.envelope(number, to=to, leave=leave, made_at=made_at, at=AT)


# Marks


def read(mark, *deliveries, marks=MARKS):
    return marks.read(mark, posted={each.number: each for each in deliveries or [FAYS]}.get)


@given(number=st.integers(min_value=1, max_value=10**18 - 1), purpose=st.sampled_from(Purpose))
def test_a_mark_says_whose_delivery_it_is_even_in_capitals(number, purpose):
    posted = replace(FAYS, number=number)
    mark = MARKS.mark(posted, purpose=purpose)

    assert read(mark.upper(), posted) == Marked(purpose, posted)
    assert len(f"returns+{mark}") <= 64  # what a local part may have


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "back-17",
        "back-17-aaaaaaaaaaaaaaaaaaaa",
        MARKS.mark(FAYS).replace("17", "18"),
        MARKS.mark(FAYS, purpose=Purpose.LEAVE).replace("leave", "back"),
        MARKS.mark(FAYS).replace("back-", "other-"),
        MARKS.mark(FAYS).replace("-17-", "-017-"),
        MARKS.mark(FAYS) + "a",
        Marks(("somebody else's secret",)).mark(FAYS),
        "back-٣-aaaaaaaaaaaaaaaaaaaa",
        f"back-{'9' * 19}-aaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_a_forged_mark_is_nobodys(forged):
    assert read(forged, FAYS, replace(FAYS, number=18)) is None


@pytest.mark.parametrize("now", [{"to": "rex@example.org"}, {"made_at": AT + timedelta(seconds=1)}])
def test_a_mark_from_before_a_backup_was_restored_is_nobodys(now):
    assert read(MARKS.mark(FAYS), replace(FAYS, **now)) is None


def test_a_mark_holds_wherever_the_moment_is_read():
    there = replace(FAYS, made_at=AT.astimezone(timezone(timedelta(hours=9))))

    assert read(MARKS.mark(FAYS), there) == Marked(Purpose.BACK, there)


def test_a_marked_address_is_one():
    returns_to = f"{'r' * MOST_BEFORE_MARK}@review.example"

    assert on_the_wire(an_envelope(number=10**12 - 1, returns_to=returns_to).sender)
    assert on_the_wire(
        f"{'r' * MOST_BEFORE_MARK}+{MARKS.mark(replace(FAYS, number=10**12 - 1), purpose=Purpose.LEAVE)}@review.example"
    )


def test_a_mark_outlives_a_new_secret():
    assert read(Marks((OLD,)).mark(FAYS), marks=Marks((NEW, OLD))) == Marked(Purpose.BACK, FAYS)


def test_without_a_secret_nothing_is_marked():
    with pytest.raises(NoSecret):
        Marks(("",))


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("returns+back-1-x@review.example", "back-1-x"),
        (" <Returns+BACK-1-x@Review.Example> ", "back-1-x"),
        ("returns@review.example", ""),
        ("returns+back-1-x@evil.example", ""),
        ("other+back-1-x@review.example", ""),
        ("", ""),
    ],
)
def test_a_mark_is_found_in_our_own_address_alone(address, mark):
    assert mark_in(address, returns_to="returns@review.example") == mark


# Envelopes


def test_what_comes_back_names_its_delivery():
    mark = mark_in(an_envelope().sender, returns_to="returns@review.example")

    assert read(mark) == Marked(Purpose.BACK, FAYS)


def test_without_a_mailbox_for_returns_the_sender_is_the_house_and_leaving_has_one_way():
    envelope = an_envelope(returns_to="")

    assert envelope.sender == "post@review.example"
    assert envelope.headers["List-Unsubscribe"] == f"<{LEAVE}>"


def test_one_leaves_by_link_or_by_mail():
    link, mail = an_envelope().headers["List-Unsubscribe"].split(", ")

    assert link == f"<{LEAVE}>"
    address = mail.removeprefix("<mailto:").removesuffix("?subject=unsubscribe>")
    assert read(mark_in(address, returns_to="returns@review.example")) == Marked(Purpose.LEAVE, FAYS)


def test_a_delivery_keeps_its_message_id_and_shares_it_with_none():
    first = an_envelope().headers["Message-ID"]

    assert an_envelope().headers["Message-ID"] == first
    assert first.endswith("@review.example>")
    others = [an_envelope(number=18), an_envelope(to="rex@example.org"), an_envelope(made_at=AT + timedelta(days=1))]
    assert len({first, *(each.headers["Message-ID"] for each in others)}) == 4


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("Fay@Example.ORG", "Fay@example.org"),
        ("fay@bücher.example", "fay@xn--bcher-kva.example"),
        ("fay@straße.example", "fay@xn--strae-oqa.example"),  # not strasse.example, which is somebody else
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
        ('"fay spring"@example.org', None),
        ('"fay.spring"@example.org', '"fay.spring"@example.org'),
        ("fay@localhost", "fay@localhost"),
        ("fay@a_b.example", "fay@a_b.example"),
        ("fay", None),
        ("@example.org", None),
        ("fay@", None),
        ("fay@-example.org", None),
        ("fay@example..org", None),
        ("fay@exa mple.org", None),
        ("fay@example.org\r\nBcc: all@evil.example", None),
        ("fay\r\nBcc:x@example.org", None),
        ("fay\u2028@example.org", None),
        ("fay\u202e@example.org", None),
        ("a,b@example.org", None),
        ("<fay@example.org>", None),
        ("fay@example.org> SIZE=1", None),
        ("f" * 65 + "@example.org", None),
        ("fay@" + "a." * 125 + "example", None),
        ("fay@\u2764.", None),
    ],
)
def test_an_address_on_the_wire(address, wire):
    if wire:
        assert on_the_wire(address) == wire
        return
    with pytest.raises(Unfit):
        on_the_wire(address)


@given(st.text(max_size=20), st.sampled_from(["@", "@ex\u00e4mple.", "\r\n@", ">@", '"@']), st.text(max_size=20))
def test_whatever_is_typed_no_address_says_more_than_itself(local, between, domain):
    try:
        wire = on_the_wire(f"{local}{between}{domain}")
    except Unfit:
        return
    assert wire.isprintable()
    assert not set("<>\r\n") & set(wire)
    assert wire.rpartition("@")[2].isascii()


@pytest.mark.parametrize(
    "leave", ["", "https://a.example/ b", "https://a.example/>,<b", "https://a.example/\r\nBcc: x", "https://a.example/ä"]
)
def test_what_is_no_link_is_on_no_envelope(leave):
    with pytest.raises(Unfit):
        an_envelope(leave=leave)


# Headers of an edition


def test_an_editions_headers_name_its_newsletter():
    headers = list_headers(slug="daily", name="The Daily", edition="e12", mail_from="The Review <post@review.example>")

    assert headers["List-Id"] == "The Daily <daily.review.example>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Feedback-ID"] == "e12:daily:newsletter:review-example"


@pytest.mark.parametrize("slug", ["", "the daily", "a:b", "a\r\nb", "tägliche"])
def test_a_newsletter_is_named_by_letters_digits_and_dashes(slug):
    with pytest.raises(Unfit):
        list_headers(slug=slug, name="The Daily", edition="e12", mail_from="post@review.example")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("The Review", "The Review"),
        ("Review, The", '"Review, The"'),
        ('The "Review"', '"The \\"Review\\""'),
        ("The Review\r\nBcc: all@evil.example", '"The Review Bcc: all@evil.example"'),
        ("Обзор", "=?utf-8?b?0J7QsdC30L7RgA==?="),
        ("=?utf-8?q?x?=", "=?utf-8?b?PT91dGYtOD9xP3g/PQ==?="),
    ],
)
def test_a_display_name(name, written):
    assert phrase(name) == written


def test_the_sender_of_an_international_domain():
    assert from_header("Über <post@bücher.example>") == "=?utf-8?b?w5xiZXI=?= <post@xn--bcher-kva.example>"


@pytest.mark.parametrize("name", ["Обзор, ежедневно", "The Daily", 'Who "asks"?', "=?utf-8?b?w5xiZXI=?="])
def test_the_sender_under_another_name_is_read_as_it_was_written(name):
    header = from_header("The Review <post@review.example>", name=name)

    (read,) = message_from_string(f"From: {header}\n\n", policy=policy.default)["From"].addresses
    assert (read.display_name, read.addr_spec) == (name, "post@review.example")
    assert parseaddr(written_from("The Review <post@review.example>", name=name)) == (name, "post@review.example")
