"""The doors of the press: the desk's nudges, the page that was never printed, the gate's walls, the operator's command."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult

from broadsheet.access.terms import Audience
from broadsheet.kit import clock
from broadsheet.membership.models import MeterRules
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.signals import article_changed, key_changed
from broadsheet.press import actions, kinds, queries, tasks, walls
from broadsheet.press.kinds import PageKind
from broadsheet.press.models import Pressing, Slip, Snapshot
from tests import make
from tests.press.proofs import FREE, PAID, changed, is_gone, page, read, slip_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make.article(headline="The river", body=[FREE, PAID])


# Nudges


@pytest.mark.django_db(transaction=True)
def test_what_the_desk_publishes_is_pressed_before_the_desk_answers(article, at):
    page("/latest/", at)
    make.published(article, title="The other river")

    assert "The other river" in read(slip_of(article).full_cut)
    assert DBTaskResult.objects.filter(task_path=tasks.press_dependents.module_path).exists()


def test_a_nudge_that_touches_nothing_printed_leaves_no_errand(article):
    article_changed.send(sender=Article, article_id=article.pk)
    key_changed.send(sender=Article, key="contributor:7")

    assert not DBTaskResult.objects.filter(task_path=tasks.press_dependents.module_path).exists()


def test_the_same_nudge_twice_is_one_pressing(article):
    for _ in range(2):
        article_changed.send(sender=Article, article_id=article.pk)

    assert Pressing.objects.get().change == 1


def test_a_nudge_for_an_article_that_is_no_more_does_nothing():
    article_changed.send(sender=Article, article_id=999_999)

    assert not Pressing.objects.exists()


def test_a_nudge_for_a_key_makes_stale_what_shows_it(article, at):
    country = make.country("Kenya")
    page("/countries/kenya/feed.rss", at)

    key_changed.send(sender=Article, key=f"country:{country.pk}")

    assert is_gone("/countries/kenya/feed.rss")


def test_the_errand_prints_what_is_due(article, at):
    page("/latest/", at)
    actions.press(article.pk, at=at)

    tasks.press_dependents.call()

    assert "The river" in read(Slip.objects.get(path="/latest/").full_cut)


def test_a_long_line_is_printed_a_few_at_a_time(article, at, monkeypatch):
    """What comes due meanwhile, such as the front page, goes before the rest of the line."""
    monkeypatch.setattr(tasks, "PRINTED_AT_ONCE", 1)
    page("/latest/", at)
    page("/", at)
    actions.press(article.pk, at=at)
    due = queries.due(at).count()

    tasks.press_dependents.call()

    assert due >= 2
    assert queries.due(at).count() == due - 1
    assert DBTaskResult.objects.filter(task_path=tasks.press_dependents.module_path).count() == 1


def test_the_line_goes_on_behind_a_page_that_cannot_be_printed(article, at, monkeypatch):
    monkeypatch.setitem(kinds._kinds, "torn", PageKind("torn", re.compile("/torn/"), tear, eager=True))
    Slip.objects.create(path="/torn/", kind="torn", change=10_000, pressed_at=at, stale_at=at - timedelta(hours=1))
    page("/latest/", at)
    actions.press(article.pk, at=at)

    with pytest.raises(ZeroDivisionError):
        tasks.press_dependents.call()
    (errand,) = DBTaskResult.objects.filter(task_path=tasks.press_dependents.module_path)
    errand.task.call()

    assert "The river" in read(Slip.objects.get(path="/latest/").full_cut)
    assert Slip.objects.get(path="/torn/").stale_at  # due again, when whoever took it has had time enough


def tear(path, match, at):
    raise ZeroDivisionError


def test_house_rules_of_a_house_without_articles_are_no_errand(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        MeterRules.objects.create(monthly_allowance=5)

    assert not DBTaskResult.objects.filter(task_path=tasks.press_what_changed.module_path).exists()


def test_the_sweep_gives_each_missed_article_an_errand_of_its_own(article):
    tasks.press_stale.call()

    (errand,) = DBTaskResult.objects.filter(task_path=tasks.press_article.module_path)
    assert errand.args_kwargs["args"] == [article.pk]


# Pages that the gate does not know


def test_a_page_that_was_never_printed_is_printed_and_served(article, at):
    actions.press(article.pk, at=at)

    answer = Client().get("/latest/")

    assert answer.status_code == 200
    assert "The river" in answer.text
    assert not is_gone("/latest/")


def test_a_stale_page_is_printed_again_and_served(article, at):
    page("/latest/feed.json", at)
    actions.press(article.pk, at=at)

    answer = Client().get("/latest/feed.json")

    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    assert answer.json()["items"][0]["title"] == "The river"


@pytest.mark.parametrize(
    "path", ["/nothing/", "/countries/nowhere/", "/briefings/nothing/", "/latest/page/9/", "/feed.exe", "/a\x00b/"]
)
def test_where_there_is_no_page_there_is_a_404(path):
    assert Client().get(path).status_code == 404
    assert not Slip.objects.exists()


@pytest.mark.parametrize("audience", [Audience.REGISTERED, Audience.METERED, Audience.MEMBERS])
def test_an_article_that_was_never_pressed_is_pressed_and_its_preview_served(audience):
    article = make.article(audience=audience, body=[FREE, PAID])

    answer = Client().get(article.address)

    assert "quillwort" in answer.text
    assert "zirconide" not in answer.text
    assert answer["Cache-Control"] == "private, no-store"


def test_an_open_article_is_served_whole():
    article = make.article(audience=Audience.OPEN, body=[FREE, PAID])

    assert "zirconide" in Client().get(article.address).text


def test_an_embargoed_article_is_not_printed_by_asking_for_it():
    article = make.article(embargoed_until=clock.now() + timedelta(days=1))

    assert Client().get(article.address).status_code == 404


def test_a_withdrawn_article_answers_410(article, at):
    actions.press(article.pk, at=at)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=at)
    actions.press(article.pk, at=at)

    assert Client().get(article.address).status_code == 410


def test_an_old_address_leads_to_the_new_one(article, at):
    actions.press(article.pk, at=at)
    old = article.address
    actions.press(changed(article, slug="the-rivers").pk, at=at)

    answer = Client().get(old)

    assert (answer.status_code, answer["Location"]) == (301, "/briefings/the-rivers/")


def test_nothing_is_posted_to_a_page(article):
    assert Client().post("/latest/").status_code == 405


# Walls and the command


@pytest.mark.django_db(transaction=True)
def test_the_gate_has_a_wall_printed(article, at):
    actions.press(article.pk, at=at)

    walls.print_wall(article.address, "payment-failed")

    assert "zirconide" not in read(slip_of(article).previews["payment-failed"])


def test_a_wall_that_nobody_knows_is_refused(article, at):
    actions.press(article.pk, at=at)

    with pytest.raises(ValueError, match="is not a valid Reason"):
        walls.print_wall(article.address, "because")


def run(*words: str) -> str:
    out = StringIO()
    call_command("press", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_everything(article):
    assert run("--all").startswith("1 articles and ")
    assert {"/", "/latest/", "/briefings/", article.address} <= set(
        Slip.objects.filter(gone=False).values_list("path", flat=True)
    )


def test_the_command_prints_anew_what_only_looks_different(article, at):
    actions.press(article.pk, at=at)
    before = slip_of(article).change

    run("--all")

    assert slip_of(article).change > before


def test_the_command_prints_what_was_missed(article):
    assert run("--stale").startswith("1 articles were not as they should be")
    assert run("--stale").startswith("0 articles were not as they should be")
    assert queries.unpressed(clock.now()) == []


def test_the_command_squeezes(article, at):
    actions.press(article.pk, at=at)

    assert run("--squeeze") == "2 snapshots squeezed.\n"
    assert not Snapshot.objects.filter(squeezed=False).exists()
