"""The doors by which mail comes back: a pipe, files, and a mailbox on another machine."""

import io
import mailbox
import os
import sys
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from broadsheet.mailroom import tasks
from broadsheet.mailroom.letterbox import NoLetterbox, is_letterbox, look_into
from broadsheet.mailroom.models import Return
from tests.mailroom import imap
from tests.mailroom.mails import a_reply, a_report

LETTER = a_reply(to="post@review.example", subject="A question")


def taken_out(raw):
    return b"report" in raw


@pytest.fixture
def box():
    with imap.on_loopback() as box:
        yield box


def address(box, password="p/w d"):
    name = quote("returns@review.example", safe="")
    return f"imap://{name}:{quote(password, safe='')}@127.0.0.1:{box.server_address[1]}/INBOX"


def test_what_came_back_is_taken_out_and_a_letter_stays(box):
    for raw in (a_report(), LETTER, a_report()):
        box.put(raw)

    assert look_into(address(box), taken_out) == 2
    assert box.left() == [LETTER]


def test_a_letter_is_looked_at_once(box):
    box.put(LETTER)
    seen = []
    for _ in range(2):
        look_into(address(box), lambda raw: bool(seen.append(raw)))

    assert seen == [LETTER]


def test_what_could_not_be_taken_is_there_for_the_next_look(box):
    box.put(a_report())

    with pytest.raises(ZeroDivisionError):
        look_into(address(box), lambda raw: 1 / 0)

    assert look_into(address(box), taken_out) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda there: there.replace("INBOX", "ELSEWHERE"), "no such mailbox"),
        (lambda there: there.replace("p%2Fw%20d", "wrong"), "who are you"),
        (lambda there: "imap://127.0.0.1:1/INBOX", "cannot be reached"),
        (lambda there: "maildir:///no/such/folder", "is no maildir"),
        (lambda there: "pop3://127.0.0.1/", "is no kind of mailbox"),
    ],
)
def test_trouble_says_what_it_is_and_never_the_password(box, change, says):
    with pytest.raises(NoLetterbox, match=says) as trouble:
        look_into(change(address(box)), taken_out)

    assert "wrong" not in str(trouble.value)
    assert "p/w" not in str(trouble.value)


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_files_are_emptied_too(kind, tmp_path):
    box = mailbox.Maildir(tmp_path / "in") if kind == "maildir" else mailbox.mbox(tmp_path / "in")
    for raw in (a_report(), LETTER):
        box.add(raw)
    box.close()
    there, seen = f"{kind}://{tmp_path}/in", []

    taken = look_into(there, taken_out)
    look_into(there, lambda raw: bool(seen.append(raw)))

    assert (taken, seen) == (1, [])
    with closing(mailbox.Maildir(tmp_path / "in") if kind == "maildir" else mailbox.mbox(tmp_path / "in")) as again:
        assert [message["Subject"] for message in again] == ["A question"]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("imaps://a:b@mail.review.example/INBOX", True),
        ("imap://localhost", True),
        ("maildir:///var/mail/returns", True),
        ("mbox:///var/mail/returns", True),
        ("imaps:///INBOX", False),
        ("imaps://host:port/", False),
        ("maildir://returns", False),
        ("https://review.example", False),
        ("/var/mail/returns", False),
    ],
)
def test_what_names_a_mailbox(address, good):
    assert is_letterbox(address) is good


@pytest.fixture
def piped(monkeypatch, capsys):
    def pipe(raw):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("take_returned_mail")
        return capsys.readouterr().out.strip()

    return pipe


@pytest.mark.django_db
def test_a_mail_server_pipes_one_in(piped):
    assert piped(a_report(to="post@review.example", sender="")) == "taken"
    assert Return.objects.get().address == "fay@example.org"


@pytest.mark.django_db
def test_a_letter_that_is_piped_in_is_none_of_ours(piped):
    assert piped(LETTER).startswith("seen")


@pytest.mark.django_db
def test_where_the_database_is_away_the_mail_server_is_to_try_again(piped):
    with connection.execute_wrapper(_away), pytest.raises(CommandError) as trouble:
        piped(a_report())

    assert trouble.value.returncode == os.EX_TEMPFAIL


def _away(*_):
    raise OperationalError("away")


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["a path", "an address", "the setting"])
def test_a_mailbox_is_emptied_by_hand(named, tmp_path, settings, capsys):
    box = mailbox.Maildir(tmp_path / "in")
    box.add(a_report())
    settings.MAIL_RETURNS_MAILBOX = f"maildir://{tmp_path}/in"
    said = {"a path": [str(tmp_path / "in")], "an address": [settings.MAIL_RETURNS_MAILBOX], "the setting": []}

    call_command("take_returned_mail", "--mailbox", *said[named])

    assert capsys.readouterr().out == "1 taken out\n"
    assert Return.objects.count() == 1


@pytest.mark.django_db
def test_the_clock_looks_into_the_mailbox_of_the_settings(box, settings):
    assert tasks.take_returned_mail.func() == 0
    settings.MAIL_RETURNS_MAILBOX = address(box)
    box.put(a_report())

    assert tasks.take_returned_mail.func() == 1
