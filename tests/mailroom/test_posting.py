"""A mail is written down whole, once, and cannot be bent into another."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from broadsheet.mailroom.actions import NoSuchAddress, UnknownMail, post
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.policy import clean_line
from broadsheet.mailroom.queries import outbox
from broadsheet.mailroom.sending import forget_sent

pytestmark = pytest.mark.django_db

CODE = {"code": "BCD-FGH", "link": "http://testserver/join/link/x/", "minutes": 15}


def test_a_mail_lies_in_the_outbox_in_both_forms(at):
    post(kind="code", to="fay@example.org", context=CODE, at=at)

    dispatch = outbox().get()
    assert "BCD-FGH" in dispatch.text
    assert "BCD-FGH" in dispatch.html
    assert dispatch.subject == "BCD-FGH is your code for The Test Review"
    assert (dispatch.lane, dispatch.sent_at) == (Lane.TRANSACTIONAL, None)


def test_posting_an_occasion_twice_equals_posting_it_once(at):
    first = post(kind="code", to="fay@example.org", context=CODE, at=at, key="knock-1")
    again = post(kind="code", to="fay@example.org", context=CODE, at=at, key="knock-1")

    assert first == again
    assert outbox().count() == 1


def test_the_text_says_ampersands_as_they_are_and_the_html_escapes_them(at):
    dispatch = post(kind="account-notice", to="fay@example.org", context={"sentence": "<b> & co"}, at=at)

    assert "<b> & co" in dispatch.text
    assert "&lt;b&gt; &amp; co" in dispatch.html


def test_a_subject_cannot_begin_another_header(at):
    dispatch = post(
        kind="account-notice", to="fay@example.org", context={"sentence": ""}, at=at, subject="Hello\r\nBcc: all@evil.example"
    )

    assert dispatch.subject == "Hello Bcc: all@evil.example"


def test_a_header_of_three_hundred_cyrillic_letters_stays_one_line(at):
    dispatch = post(kind="account-notice", to="fay@example.org", context={"sentence": ""}, at=at, subject="Ж" * 300)

    assert dispatch.subject == "Ж" * 200


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "Fay <fay@example.org>"]
)
def test_what_is_no_single_address_is_refused(to, at):
    with pytest.raises(NoSuchAddress):
        post(kind="code", to=to, context=CODE, at=at)

    assert not outbox().exists()


def test_a_kind_cannot_leave_the_folder_of_mails(at):
    with pytest.raises(UnknownMail):
        post(kind="../pages/join", to="fay@example.org", context={}, at=at)


def test_posting_wakes_the_worker_after_the_commit(at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post(kind="code", to="fay@example.org", context=CODE, at=at)
        assert not DBTaskResult.objects.exists()

    assert DBTaskResult.objects.get().args_kwargs["kwargs"] == {"lane": "transactional"}


def test_old_mail_is_forgotten_but_never_what_waits(at):
    for address in ("old@example.org", "new@example.org", "waits@example.org"):
        post(kind="code", to=address, context=CODE, at=at)
    Dispatch.objects.filter(to="old@example.org").update(sent_at=at - timedelta(days=31))
    Dispatch.objects.filter(to="new@example.org").update(sent_at=at)

    forget_sent(at=at)

    assert set(outbox().values_list("to", flat=True)) == {"new@example.org", "waits@example.org"}


def test_the_command_sends_what_is_due(at, capsys):
    post(kind="code", to="fay@example.org", context=CODE, at=at)

    call_command("send_mail")

    assert "Transactional: 1 sent" in capsys.readouterr().out
    assert outbox().get().sent_at is not None


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("a\r\nBcc: b\x00c\x0bd\u2028e", "a Bcc: b c d e"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),  # joined by signs that nobody sees
        ("\u200fعدد\u200e 3", "\u200fعدد\u200e 3"),
        ("invoice\u202etxt.exe", "invoice txt.exe"),  # would be read from the right
        ("  two   blanks ", "two blanks"),
    ],
)
def test_a_line_keeps_what_belongs_to_its_letters(written, line):
    assert clean_line(written) == line


def test_what_will_never_be_sent_stands_in_no_outbox(at):
    for address in ("stopped@example.org", "waits@example.org"):
        post(kind="code", to=address, context=CODE, at=at)
    Dispatch.objects.filter(to="stopped@example.org").update(failed_at=at)

    assert [dispatch.to for dispatch in outbox()] == ["waits@example.org"]
