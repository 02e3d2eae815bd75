"""What leaves over plain SMTP is signed where there is a key; and how one gets a key."""

import dkim as verifier
import pytest
from django.core.mail import get_connection
from django.core.management import CommandError, call_command

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.dkim import keys_from, new_key, record_of
from broadsheet.mailroom.models import Lane
from broadsheet.mailroom.sending import send_due
from tests.sink import on_loopback

KEYS = keys_from(new_key(), selectors=["s1"], domain="review.example")


@pytest.fixture
def sink(settings):
    with on_loopback(settings) as handler:
        settings.EMAIL_BACKEND = "broadsheet.mailroom.smtp_backend.EmailBackend"
        settings.DKIM_KEYS = KEYS
        yield handler


def is_believed(message: bytes) -> bool:
    record = record_of(KEYS[0])
    return verifier.verify(message, dnsfunc=lambda name, timeout=5: {f"{record.name}.".encode(): record.value.encode()}[name])


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["Plain", "Ж" * 300, "📰 \u200fعدد", "a" * 180])
@pytest.mark.parametrize("sentence", ["Short.", ".\n..\n.dot", "x" * 4000, "  blanks  \t \n\n\n", "Всё   хорошо"])
def test_a_mail_is_signed(sink, at, subject, sentence):
    post(kind="account-notice", to="fay@example.org", context={"sentence": sentence}, at=at, subject=subject)

    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at) == 1
    assert is_believed(sink.raw[0])


def test_half_a_line_end_is_whole_before_it_is_signed(sink):
    head = b"From: post@review.example\r\nTo: fay@example.org\r\nSubject: Odd\r\n\r\n"
    with get_connection() as connection:
        connection.connection.sendmail("post@review.example", ["fay@example.org"], head + b"a\rb\n\rc\r\r\nd")

    assert is_believed(sink.raw[0])


@pytest.mark.django_db
def test_without_a_key_nothing_is_signed(sink, settings, at):
    settings.DKIM_KEYS = ()
    post(kind="account-notice", to="fay@example.org", context={"sentence": "Hello."}, at=at)
    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert sink.taken[0]["DKIM-Signature"] is None


@pytest.mark.django_db
def test_a_house_with_an_international_domain_signs_and_numbers_its_mail(sink, settings, at):
    settings.MAIL_FROM = "Die Bücher <post@bücher.example>"
    post(kind="account-notice", to="fay@example.org", context={"sentence": "Hello."}, at=at)
    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert sink.taken[0]["Message-ID"].endswith("@xn--bcher-kva.example>")
    assert is_believed(sink.raw[0])


# Keys


def test_a_new_key_is_its_owners_alone(tmp_path, capsys):
    file = tmp_path / "dkim.pem"
    call_command("dkim_key", file)

    assert file.stat().st_mode & 0o077 == 0
    assert keys_from(file.read_text(), selectors=["s1"], domain="review.example")[0].kind == "rsa"
    assert "PRIVATE" not in capsys.readouterr().out


def test_a_key_that_lies_there_is_left_alone(tmp_path):
    file = tmp_path / "dkim.pem"
    file.write_text("a key")

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("dkim_key", file)
    assert file.read_text() == "a key"


def test_the_record_for_dns_is_said_in_words(settings, capsys):
    settings.DKIM_KEYS = KEYS
    call_command("dkim_key")

    said = capsys.readouterr().out
    assert "s1._domainkey.review.example" in said
    assert record_of(KEYS[0]).value in said


def test_without_a_key_one_is_told_how_to_get_one(settings):
    settings.DKIM_KEYS = ()

    with pytest.raises(CommandError, match="makes one"):
        call_command("dkim_key")
