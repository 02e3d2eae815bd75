"""An editor's words stand around what a mail must say: with placeholders, without secrets, and never in the mail's way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Wording
from broadsheet.mailroom.sending import message_of
from broadsheet.mailroom.wording import trouble_with, words_for
from tests.leaks import surfaces

pytestmark = pytest.mark.django_db


def posted(kind, at, **handed):
    return post(kind=kind, to="fay@example.org", context={**KINDS[kind].example, **handed}, at=at)


def test_every_mail_that_readers_get_can_be_worded():
    assert set(KINDS) == surfaces.mails() - {"base"}


@pytest.mark.parametrize("name", KINDS)
def test_the_houses_own_words_can_be_said(name):
    kind = KINDS[name]

    assert [trouble_with(text, kind) for text in (kind.before, kind.after)] == ["", ""]


@pytest.mark.parametrize("name", KINDS)
def test_what_lets_somebody_in_is_nobodys_placeholder(name):
    kind = KINDS[name]

    assert not {"code", "link", "sentence", "message"} & {each.key for each in kind.placeholders.values()}


@pytest.mark.parametrize("name", KINDS)
def test_an_editors_words_stand_in_both_cuts_around_what_must_be_said(name, at):
    Wording.objects.create(kind=name, subject="From {publication}", before="Good morning.\n\nYours.", after="Until soon.")
    said = KINDS[name].handed[0].example
    must = said if isinstance(said, str) else said[0]

    mail = posted(name, at)

    assert mail.subject == "From The Test Review"
    for cut in (mail.text, mail.html):
        assert cut.index("Good morning.") < cut.index("Yours.") < cut.index(must) < cut.index("Until soon.")
    assert mail.text.startswith("Good morning.\n\nYours.\n\n")
    assert "\n\nUntil soon.\n\n-- \n" in mail.text


def test_without_an_editors_words_the_house_says_its_own(at):
    Wording.objects.create(kind="charge")

    mail = posted("charge", at)

    assert mail.subject == "€9 for The Test Review"
    assert mail.text.startswith("Thank you.\n\n€9 was charged")


def test_a_placeholder_says_what_this_mail_was_handed(at):
    Wording.objects.create(kind="charge-failed", before="{sum} is still open, and you read on until {until}.")

    mail = posted("charge-failed", at, money="€12", until="9 April 2026")

    assert mail.text.startswith("€12 is still open, and you read on until 9 April 2026.\n")


def test_a_paragraph_that_names_what_a_mail_does_not_have_is_left_out(at):
    Wording.objects.create(kind="withdrawal", subject="{name}, goodbye", before="Dear {name},\n\nThat is a pity.")

    named, nameless = posted("withdrawal", at, name="Fay"), posted("withdrawal", at, name="")

    assert (named.subject, nameless.subject) == ("Fay, goodbye", "Your withdrawal from The Test Review")
    assert named.text.startswith("Dear Fay,\n\nThat is a pity.\n")
    assert nameless.text.startswith("That is a pity.\n")


def test_what_is_put_in_for_a_placeholder_is_only_text(at):
    Wording.objects.create(kind="seat-ends", before="<b>{group}</b>\nleaves & you stay.")

    mail = posted("seat-ends", at, group="<script>x</script>{publication}{{ 7 }}")

    assert "<b><script>x</script>{publication}{{ 7 }}</b>\nleaves & you stay." in mail.text
    assert "&lt;b&gt;&lt;script&gt;x&lt;/script&gt;{publication}{{ 7 }}&lt;/b&gt;<br>leaves &amp; you stay." in mail.html
    assert "<script>" not in mail.html


@pytest.mark.parametrize(
    ("subject", "group"), [("Hello\r\nBcc: all@evil.example", "Harbour"), ("{group}", "Harbour\r\nBcc: all@evil.example")]
)
def test_no_words_and_no_name_begin_another_header(subject, group, at):
    Wording.objects.create(kind="seat-ends", subject=subject)

    message = message_of(posted("seat-ends", at, group=group)).message()

    assert message["Bcc"] is None
    assert message["Subject"].endswith("Bcc: all@evil.example")


@pytest.mark.parametrize("broken", ["Since {noon}", "{code}", "{", "{{sum}}", "{sum.__class__}", "{0}", "{}"])
def test_broken_words_hold_up_no_mail_and_are_logged(broken, at, caplog):
    Wording.objects.create(kind="charge", subject=broken, before=broken, after="Until soon.")

    mail = posted("charge", at)

    assert mail.subject == "€9 for The Test Review"
    assert mail.text.startswith("Thank you.\n\n€9 was charged")
    assert "Until soon." in mail.text
    assert caplog.text.count("The wording of “Charge” is broken") == 2
    assert "fay@example.org" not in caplog.text


def test_a_kind_that_the_table_does_not_know_goes_out_in_the_houses_words():
    assert words_for("something-new", Wording(kind="something-new", before="Hello"), {}).before == ()


def test_what_is_unknown_is_refused_with_what_is_known():
    assert trouble_with("{noon}", KINDS["new-address"]) == (
        "{noon} is no placeholder of this mail. Known here are {publication} and {site}."
    )
    assert trouble_with("It is {code}", KINDS["code"]) == (
        "{code} stands in this mail by itself, and nowhere else. Known here are {publication}, {site} and {minutes}."
    )
    assert trouble_with("a { b", KINDS["code"]).startswith("A brace stands alone.")


def test_a_mail_asks_once_for_its_words(at):
    with CaptureQueriesContext(connection) as asked:
        posted("erased", at)

    assert sum("mailroom_wording" in query["sql"] for query in asked) == 1
