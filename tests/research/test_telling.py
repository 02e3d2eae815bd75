"""Whoever follows a dossier hears what changed in it: once, as far as they may read, and no more once they ended it."""

import re

import pytest

from broadsheet.gate.app import WHO
from broadsheet.gate.visitor import Visitor
from broadsheet.library.policy import Often
from broadsheet.library.sight import EVERYTHING
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Term
from broadsheet.research.actions import dossiers, editing
from broadsheet.research.actions.telling import tell_of_dossiers
from broadsheet.research.dossier_pages import beside
from broadsheet.research.ends import path_that_ends
from broadsheet.research.models import Change, Following
from tests import cast, make
from tests.handed import listening
from tests.research.dossiers import DAY, FOUR, HOUR, PAID, go_round, of_editors, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state")]
ENTITLED = {WHO: lambda environ: Visitor(standing=EVERYTHING.standing)}


@pytest.fixture
def dossier(kenya, at):
    published("The envoy", at, countries=[kenya])
    made = of_editors(kenya, at)
    return editing.publish(made.pk, at=at)


def news(kenya, at, says=FOUR, **fields):
    article = published("The border", at, says=says, countries=[kenya], **fields)
    go_round(at)
    return article


def mails():
    return list(Dispatch.objects.filter(kind="dossier").order_by("to"))


def test_a_subscriber_gets_the_sentence_and_another_the_headline(dossier, kenya, at):
    for who in (cast.sada(at), cast.rex(at)):
        dossiers.follow(who, "kenya", often=Often.AT_ONCE, at=at)
    news(kenya, at + HOUR)

    assert tell_of_dossiers(at=at + HOUR) == 2

    rex, sada = mails()
    assert (rex.subject, sada.subject) == ("Kenya: what has changed",) * 2
    assert [FOUR in mail.text for mail in (rex, sada)] == [False, True]
    assert [FOUR in mail.html for mail in (rex, sada)] == [False, True]
    assert all("The border" in mail.text for mail in (rex, sada))


def test_nothing_is_told_twice(dossier, kenya, at):
    dossiers.follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at)
    news(kenya, at + HOUR)

    assert [tell_of_dossiers(at=at + n * HOUR) for n in (1, 1, 2)] == [1, 0, 0]


def test_what_changed_before_is_not_told(dossier, kenya, at):
    news(kenya, at + HOUR)
    dossiers.follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at + 2 * HOUR)

    assert tell_of_dossiers(at=at + 3 * HOUR) == 0


@pytest.mark.parametrize(("often", "expected"), [(Often.AT_ONCE, [1, 0, 0]), (Often.DAILY, [0, 1, 0]), (Often.WEEKLY, [0, 0, 1])])
def test_each_comes_as_often_as_was_set(dossier, kenya, at, often, expected):
    dossiers.follow(cast.sada(at), "kenya", often=often, at=at)
    news(kenya, at + HOUR)

    assert [tell_of_dossiers(at=at + after) for after in (HOUR, DAY, 7 * DAY)] == expected


def test_ones_own_is_told_in_ones_own_sight_at_that_moment(kenya, at):
    sada = cast.sada(at)
    published("The envoy", at, countries=[kenya])
    dossiers.begin_own(sada, question="How many soldiers has Kenya sent to guard the border?", often=Often.DAILY, at=at)
    go_round(at)
    news(kenya, at + HOUR)
    assert Change.objects.filter(text=FOUR).exists()

    Term.objects.update(ends_at=at + 2 * HOUR)

    assert tell_of_dossiers(at=at + DAY) == 0
    assert mails() == []


def test_a_dossier_that_was_taken_back_is_told_to_nobody(dossier, kenya, at):
    dossiers.follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at)
    news(kenya, at + HOUR)
    editing.take_back(dossier.pk, at=at + HOUR)

    assert tell_of_dossiers(at=at + HOUR) == 0


def test_every_mail_ends_by_one_click_and_a_look_ends_nothing(dossier, kenya, at):
    following = dossiers.follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at)
    news(kenya, at + HOUR)
    tell_of_dossiers(at=at + HOUR)
    path = path_that_ends(following)

    (mail,) = mails()
    assert mail.headers["List-Unsubscribe"] == f"<http://testserver{path}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    nobody = cast.vera()
    assert nobody.get(path).status_code == 200
    assert Following.objects.exists()
    assert nobody.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Following.objects.exists()
    assert b"It is over" in nobody.get(path).content
    assert nobody.get(f"{path[:-3]}x/").status_code == 404


def test_a_contradiction_is_told_with_what_was_said_before(dossier, kenya, at):
    news(kenya, at + HOUR)
    dossiers.follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at + 2 * HOUR)
    published("The border again", at + DAY, says=FOUR.replace("4,000", "6,000"), countries=[kenya])
    go_round(at + DAY)
    tell_of_dossiers(at=at + DAY)

    (mail,) = mails()
    assert "6,000 soldiers" in mail.text
    assert f"Before, as of March 2026: {FOUR}" in mail.text


def test_the_table_of_mails_says_what_a_dossiers_mail_is_handed(dossier, kenya, at):
    dossiers.follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at)
    news(kenya, at + HOUR)
    with listening() as handed:
        tell_of_dossiers(at=at + HOUR)

    assert handed == {"dossier": {frozenset(each.key for each in KINDS["dossier"].handed)}}


# Doors


def test_a_stranger_is_asked_to_log_in(dossier):
    nobody = cast.vera()

    assert nobody.get("/research/dossiers/").status_code == 303
    assert nobody.post("/research/dossiers/", {"follow": "/dossiers/kenya/"}).status_code == 403


def test_a_reader_begins_follows_and_leaves_dossiers(dossier, kenya, at, frozen):
    sada = cast.sada(at)
    browser = cast.log_in(sada)

    browser.post("/research/dossiers/", {"follow": "/dossiers/kenya/"})
    begun = browser.post("/research/dossiers/", {"begin": "yes", "country": str(kenya.pk), "often": "weekly"})

    assert set(sada.dossiers_followed.values_list("often", flat=True)) == {"daily", "weekly"}
    page = browser.get(begun.headers["Location"], **ENTITLED)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert PAID in page.content.decode()
    browser.post("/research/dossiers/", {"dossier": str(dossier.pk), "do": "unfollow"})
    browser.post("/research/dossiers/", {"dossier": begun.headers["Location"].split("/")[3], "do": "delete"})
    assert not sada.dossiers_followed.exists()
    assert not dossiers.own(sada).exists()


def test_a_dossiers_own_page_names_it_once_and_the_list_leads_there(kenya, at, frozen):
    browser = cast.log_in(cast.sada(at))
    begun = browser.post("/research/dossiers/", {"begin": "yes", "country": str(kenya.pk)}).headers["Location"]
    own, listed = (browser.get(path).content.decode() for path in (begun, "/research/dossiers/"))

    assert [f'<a href="{begun}">' in page for page in (own, listed)] == [False, True]


def test_the_list_of_ones_dossiers_is_in_no_cache_and_no_search_engine(kenya, at, frozen):
    answer = cast.log_in(cast.sada(at)).get("/research/dossiers/")
    said = [answer[name] for name in ("X-Robots-Tag", "Cache-Control", "Referrer-Policy")]

    assert said == ["noindex, nofollow", "private, no-store", "same-origin"]


def test_a_dossier_that_cannot_be_begun_leaves_the_form_as_it_was_filled_in(kenya, at, frozen, monkeypatch):
    monkeypatch.setattr(dossiers, "MOST_OWN", 0)
    mali = make.country("Mali", code="ML")
    sent = {"begin": "yes", "country": [str(kenya.pk), str(mali.pk)], "often": "weekly", "question": "And <now>?"}
    told = cast.log_in(cast.sada(at)).post("/research/dossiers/", sent).content.decode()

    assert "no more fit" in told
    assert re.findall(r" selected>(\w+)<", told) == ["Kenya", "Mali", "weekly"]
    assert 'value="And &lt;now&gt;?"' in told


def test_a_country_has_the_way_to_a_dossier_of_ones_own(kenya, at, frozen):
    sada = cast.sada(at)
    form = beside("/countries/kenya/")

    assert re.findall(r'name="(on|begin)" value="([^"]+)"', form) == [("on", "/countries/kenya/"), ("begin", "yes")]
    assert 'action="/research/dossiers/"' in form
    cast.log_in(sada).post("/research/dossiers/", {"on": "/countries/kenya/", "begin": "yes"})
    assert [(one.kind, one.row) for one in dossiers.own(sada)] == [("country", kenya.pk)]
    assert not sada.dossiers_followed.exists()


def test_no_mail_comes_of_a_new_dossier_but_to_whoever_asks_for_it(dossier, at, frozen):
    page = cast.log_in(cast.sada(at)).get("/research/dossiers/").content.decode()

    assert " selected" not in page
    assert ">Follow by mail</button>" in page


def test_another_readers_dossier_cannot_be_seen_changed_or_deleted(kenya, at):
    own = dossiers.begin_own(cast.sada(at), subject=None, question="What is quillwort?", often=Often.DAILY, at=at)
    browser = cast.log_in(cast.rex(at))

    assert browser.get(f"/research/dossiers/{own.pk}/").status_code == 404
    for do in ("delete", "unfollow", "save", "look"):
        browser.post("/research/dossiers/", {"dossier": str(own.pk), "do": do, "often": "weekly"})
    assert list(Following.objects.values_list("often", flat=True)) == ["daily"]


@pytest.mark.parametrize("sent", [{}, {"question": "?"}, {"country": "999"}, {"issue": "x"}, {"question": "\x00"}])
def test_nothing_chosen_begins_nothing(sent, at):
    sada = cast.sada(at)

    answer = cast.log_in(sada).post("/research/dossiers/", {"begin": "yes", **sent})

    assert answer.status_code == 422
    assert not dossiers.own(sada).exists()
