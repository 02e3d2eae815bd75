"""A dossier of a question is a question: having it looked into is one of the day's; what comes in by itself is none."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps

from broadsheet.kit import clock
from broadsheet.library.catching_up import catch_up
from broadsheet.membership.actions import erasing
from broadsheet.membership.models import Term
from broadsheet.press.actions import press
from broadsheet.research.actions import dossiers as actions
from broadsheet.research.actions.dossiers import forget_unseen
from broadsheet.research.actions.refreshing import refresh_dossiers
from broadsheet.research.models import Dossier, ResearchRules, Tally
from tests import cast, make

pytestmark = pytest.mark.django_db

DOOR = "/research/dossiers/"
ASKED = "When did Kenya open its grain exchange?"
OTHER = "How many tonnes of maize does Kenya handle?"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(settings, tmp_path, at):
    settings.STATE = tmp_path
    body = ["Kenya opened its first grain exchange in the port of Mombasa in May 1998.", make.PARAGRAPH]
    press(make.article(headline="The grain exchange of Kenya", at=at, audience="open", body=body).pk, at=at)
    catch_up()
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def fay(at):
    ResearchRules.objects.update_or_create(defaults={"readers_a_day": 1})
    return cast.log_in(cast.fay(at))


def begun(browser, question):
    return browser.post(DOOR, {"begin": "yes", "question": question})


def looked_at_again(browser):
    return browser.post(DOOR, {"dossier": str(Dossier.objects.get().pk), "do": "look"})


def test_beyond_the_days_questions_none_is_begun(fay):
    answers = [begun(fay, asked).status_code for asked in (ASKED, OTHER)]

    assert answers == [303, 429]
    assert [one.question for one in Dossier.objects.all()] == [ASKED]


def test_it_costs_what_asking_costs_and_the_same_on_both_pages_once(fay):
    assert fay.get("/research/", {"q": ASKED}).status_code == 200

    assert begun(fay, ASKED).status_code == 303
    assert fay.get("/research/", {"q": OTHER}).status_code == 429
    assert len(Tally.objects.get(reader__isnull=False).asked) == 1


def test_looking_anew_costs_a_question_on_another_day(fay, noon):
    begun(fay, ASKED)
    assert looked_at_again(fay).status_code == 303
    noon.shift(DAY)
    fay.get("/research/", {"q": OTHER})

    answer = looked_at_again(fay)

    assert answer.status_code == 429
    assert "1 question was asked today" in answer.content.decode()


def test_what_comes_in_by_itself_costs_nothing(fay, at):
    begun(fay, ASKED)
    Dossier.objects.update(due_at=at)

    assert refresh_dossiers(at=at) == 1
    assert len(Tally.objects.get(reader__isnull=False).asked) == 1


def test_a_dossier_of_a_country_is_no_question(fay):
    kenya = make.country()
    answer = fay.post(DOOR, {"begin": "yes", "country": str(kenya.pk)})

    assert answer.status_code == 303
    assert [tally.asked for tally in Tally.objects.all()] == [[]]


def test_what_asks_nothing_costs_nothing(fay):
    assert begun(fay, "?").status_code == 422
    assert not Tally.objects.filter(reader__isnull=False).exists()


PAID = "Kenya closed its second grain exchange in Nairobi in June 2019, after a bad harvest."


def test_what_whoever_subscribes_by_now_may_read_is_gathered_when_they_open_it(at):
    sada, kenya = cast.sada(at), make.country()
    Term.objects.update(ends_at=at - 30 * DAY)
    article = make.article(audience="members", at=at, body=[make.PARAGRAPH, make.PARAGRAPH, PAID], countries=[kenya])
    press(article.pk, at=at)
    cast.log_in(sada).post(DOOR, {"begin": "yes", "country": str(kenya.pk)})
    before = texts()

    Term.objects.update(ends_at=at + 30 * DAY)
    cast.log_in(sada).get(f"{DOOR}{Dossier.objects.get().pk}/")

    assert (before, texts()) == ([], [PAID])


def texts():
    return [point.text for point in Dossier.objects.get().points.all()]


def test_a_question_that_nobody_opens_is_forgotten_with_the_others(fay, noon):
    begun(fay, ASKED)
    number = Dossier.objects.get().pk
    noon.shift(60 * DAY)
    fay.get(f"{DOOR}{number}/")

    assert forget_unseen(at=clock.now() + 89 * DAY) == 0
    assert forget_unseen(at=clock.now() + 91 * DAY) == 1


def test_one_of_which_mail_is_wanted_is_kept(fay):
    fay.post(DOOR, {"begin": "yes", "question": ASKED, "often": "daily"})

    assert forget_unseen(at=clock.now() + 900 * DAY) == 0


def test_a_dossier_of_a_country_is_kept(fay):
    fay.post(DOOR, {"begin": "yes", "country": str(make.country().pk)})

    assert forget_unseen(at=clock.now() + 900 * DAY) == 0


def test_a_dossier_is_gathered_at_once_so_many_times_a_day(fay, noon):
    fay.post(DOOR, {"begin": "yes", "country": str(make.country().pk)})
    for _ in range(actions.GATHERED_AT_ONCE + 2):
        noon.shift(SECOND)
        before = Dossier.objects.get().refreshed_at
        assert looked_at_again(fay).status_code == 303

    assert Dossier.objects.get().refreshed_at == before
    noon.shift(DAY)
    looked_at_again(fay)
    assert Dossier.objects.get().refreshed_at == clock.now()


def test_how_often_it_was_gathered_is_erased_with_its_reader(at):
    fay = cast.fay(at)
    begun(cast.log_in(fay), ASKED)
    assert Tally.objects.get(gathered=1).reader == fay

    erasing.want_erased(fay, at=at)

    assert not Tally.objects.exists()


def test_an_upgrade_deletes_what_named_a_reader(at):
    for network in ("gathers for 7", "a network's", ""):
        Tally.objects.create(network=network, on=at)

    import_module("broadsheet.research.migrations.0031_gathered").delete_gatherings(apps, None)

    assert sorted(Tally.objects.values_list("network", flat=True)) == ["", "a network's"]
