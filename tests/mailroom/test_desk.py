"""Mails on the desk: publishers word them, what is wrong is refused in a sentence, and a preview keeps nothing."""

import pytest
from django.contrib.auth.models import Group
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import ModelLogEntry

from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Wording
from broadsheet.mailroom.queries import outbox
from tests import cast

pytestmark = pytest.mark.django_db
CHARGE = "/admin/mails/charge/"


@pytest.fixture
def desk(at):
    """Petra's browser."""
    return cast.log_in(cast.petra(at))


def say(desk, path=CHARGE, **words):
    return desk.post(path, {"subject": "", "before": "", "after": "", **words})


def shown(answer):
    return LexborHTMLParser(answer.content.decode())


def test_the_list_has_every_mail_that_readers_get(desk):
    page = shown(desk.get("/admin/mails/"))

    assert [link.text() for link in page.css("td.title a")] == [kind.label for kind in KINDS.values()]
    assert [link.attributes["href"] for link in page.css("td.title a")] == [f"/admin/mails/{name}/" for name in KINDS]


@pytest.mark.parametrize("name", KINDS)
def test_every_mail_has_a_form_and_a_preview_in_both_cuts(name, desk):
    answer = desk.get(f"/admin/mails/{name}/")
    page = shown(answer)

    said = KINDS[name].handed[0].example
    must = said if isinstance(said, str) else said[0]
    assert answer.status_code == 200
    assert must in page.css_first(".wording-plain").text()
    assert must in page.css_first("iframe").attributes["srcdoc"]
    assert page.css_first("iframe").attributes["sandbox"] is None  # nothing may run or open
    assert "Left empty: " in page.css_first("main").text()


def test_words_are_kept_logged_and_told_in_the_list(desk):
    answer = say(desk, subject="Paid: {sum}", before="Thank you for reading.")

    assert answer.status_code == 302
    assert Wording.objects.values_list("subject", "before", "after").get() == ("Paid: {sum}", "Thank you for reading.", "")
    entry = ModelLogEntry.objects.for_instance(Wording.objects.get()).get()
    assert (entry.action, entry.user.email) == ("wagtail.edit", "petra@example.org")
    assert "Last changed by Petra" in desk.get(CHARGE).content.decode()
    assert "yours" in {cell.text() for cell in shown(desk.get("/admin/mails/")).css("td")}


def test_a_preview_shows_the_words_and_keeps_nothing(desk):
    page = shown(say(desk, subject="Paid: {sum}", before="<b>Thanks</b> on {day}.", preview="yes"))

    assert "Paid: €9" in page.css_first("section").text()
    assert page.css_first(".wording-plain").text().startswith("<b>Thanks</b> on 2 March 2026.\n")
    assert "&lt;b&gt;Thanks&lt;/b&gt; on 2 March 2026." in page.css_first("iframe").attributes["srcdoc"]
    assert not Wording.objects.exists()
    assert not ModelLogEntry.objects.filter(content_type__model="wording").exists()
    assert not outbox().exists()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("subject", "Hello\r\nBcc: all@evil.example", "A subject is one line."),
        ("subject", "x" * 121, "at most 120 characters"),
        ("before", "x" * 2001, "at most 2000 characters"),
        ("before", "Hello {reader}", "{reader} is no placeholder of this mail. Known here are {publication}, {site}, {sum}"),
        ("after", "Go to {account}", "{account} stands in this mail by itself, and nowhere else."),
        ("after", "a } b", "A brace stands alone."),
    ],
)
def test_what_cannot_stand_in_a_mail_is_refused_in_a_sentence(field, text, sentence, desk):
    answer = say(desk, **{field: text})

    assert answer.status_code == 422
    assert sentence in shown(answer).css_first("main").text()
    assert not Wording.objects.exists()


@pytest.mark.parametrize("field", ["subject", "before", "after"])
@pytest.mark.parametrize("name", ["code", "new-address", "given-year"])
def test_a_code_is_put_nowhere(name, field, desk):
    answer = say(desk, f"/admin/mails/{name}/", **{field: "Your code is {code}"})

    assert answer.status_code == 422
    assert "{code} stands in this mail by itself" in shown(answer).css_first("main").text()


def test_a_mail_that_nobody_sends_has_no_form(desk):
    assert desk.get("/admin/mails/nobody-sends-this/").status_code == 404


@pytest.mark.parametrize("who", [cast.carlo, cast.edda])
def test_writers_and_editors_may_not(who, at):
    browser = cast.log_in(who(at))

    for path in ("/admin/mails/", CHARGE):
        assert browser.get(path).status_code == 302
    say(browser, before="Hello")
    assert not Wording.objects.exists()
    assert "/admin/mails/" not in browser.get("/admin/").content.decode()


def test_readers_find_no_desk_at_all(at):
    answer = say(cast.log_in(cast.fay(at)), before="Hello")

    assert answer.status_code != 200
    assert not Wording.objects.exists()


def test_publishers_find_it_under_settings_and_editors_do_not(desk):
    assert "/admin/mails/" in desk.get("/admin/").content.decode()
    rights = {group.name: group.permissions.filter(codename="change_wording").exists() for group in Group.objects.all()}
    assert {name for name, may in rights.items() if may} == {"Publishers"}
