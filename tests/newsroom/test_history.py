"""What the desk's history tells, and to whom."""

import pytest
from django.urls import reverse

from tests import cast, make

pytestmark = pytest.mark.django_db
HISTORY = "/admin/reports/site-history/"


@pytest.fixture(autouse=True)
def front(at):
    return make.publication(at=at)


def exported(browser) -> str:
    return b"".join(browser.get(HISTORY, {"export": "csv"}).streaming_content).decode()


def edited(article, *, by, headline: str) -> None:
    article.title = headline
    article.save_revision(user=by, log_action=True)


def test_a_writer_is_told_of_his_own_drafts_and_of_no_others(at):
    edda, carlo = cast.edda(at), cast.carlo(at)
    edited(make.article(live=False, owner=edda), by=edda, headline="Her draft")
    edited(make.article(live=False, owner=carlo), by=carlo, headline="His draft")

    told = exported(cast.log_in(carlo))
    assert "His draft" in told
    assert "Her draft" not in told
    assert "Her draft" not in cast.log_in(carlo).get(HISTORY).content.decode()
    assert {"Her draft", "His draft"} <= set(exported(cast.log_in(edda)).split(","))


def test_a_writer_is_told_of_what_is_published_as_readers_have_it(at):
    edda = cast.edda(at)
    article = make.article(headline="As readers have it", owner=edda)
    edited(article, by=edda, headline="As readers have it")
    edited(article, by=edda, headline="As it will be")

    told = exported(cast.log_in(cast.carlo(at)))
    assert "As readers have it" in told
    assert "As it will be" not in told


def test_the_history_is_the_report_of_the_desks_menu_and_staffs_alone(at):
    assert reverse("wagtailadmin_reports:site_history") == HISTORY
    assert cast.vera().get(HISTORY).status_code == 302
