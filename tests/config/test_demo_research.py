"""The research desk of the demo on its first day: dossiers, a briefing, and a thread that its reader has kept."""

import re
from datetime import datetime

import pytest

from broadsheet.config.demo.content import pieces, tables
from broadsheet.config.demo.research import lay_out_research
from broadsheet.membership.models import Reader
from broadsheet.press.actions import press
from broadsheet.research.models import Brought, Dossier, Enquiry, Following, Point
from broadsheet.research.views.questions import posed_of
from tests import cast, make

LAID_OUT = tables("research")
QUOTES = [quote for dossier in LAID_OUT["dossier"] for quote in dossier["quote"]]
AXES = {"country": make.country, "issue": make.issue}


@pytest.fixture(scope="module")
def written():
    return {piece.slug: piece for piece in pieces()}


@pytest.mark.parametrize("quote", QUOTES, ids=lambda quote: quote["article"])
def test_what_the_editors_quote_stands_in_a_shipped_article_that_is_out(quote, written):
    piece = written[quote["article"]]

    assert piece.front.get("weekdays", 0) <= 0
    assert quote["text"] in re.sub("<[^>]+>", "", str(piece.body))


def test_there_is_one_on_a_country_and_one_on_an_issue(written):
    axes = {(table["kind"], table["of"]) for table in LAID_OUT["dossier"]}
    used = {("country", code) for piece in written.values() for code in piece.words("countries")}
    used |= {("issue", slug) for piece in written.values() for slug in piece.words("issues")}

    assert {kind for kind, _ in axes} == {"country", "issue"}
    assert axes <= used


def test_what_the_briefing_looks_at_is_written_about_in_the_last_days(written):
    week = [piece for piece in written.values() if -5 < piece.front.get("weekdays", -99) <= 0]
    chosen = LAID_OUT["briefing"]

    assert {slug for piece in week for slug in piece.words("issues")} >= set(chosen["issues"])
    assert {code for piece in week for code in piece.words("countries")} & set(chosen["countries"])


@pytest.fixture
def shelf(db, settings, tmp_path, at: datetime) -> Reader:
    """Of each article what is quoted of it."""
    settings.STATE = tmp_path
    egypt, debt = make.country("Egypt", code="EG"), make.issue("Sovereign Debt", slug="sovereign-debt")
    for quote in QUOTES:
        article = make.article(
            headline=quote["article"],
            slug=quote["article"],
            audience="members",
            at=at,
            body=[quote["text"], make.PARAGRAPH],
            countries=[egypt],
            issues=[debt],
        )
        press(article.pk, at=at)
    return cast.sada(at)


def test_the_dossiers_are_out_and_begin_with_what_was_pinned(shelf, at):
    lay_out_research(at=at)
    pinned = list(Point.objects.filter(pinned_at__isnull=False).order_by("dossier_id", "place").values_list("said", flat=True))

    assert pinned == [quote["said"] for quote in QUOTES]
    assert Dossier.objects.filter(published_at=at).exclude(introduction="").count() == len(LAID_OUT["dossier"])
    assert cast.vera().get("/dossiers/egypt-downstream/").status_code == 200


def test_a_reader_follows_them_and_has_been_brought_a_briefing(shelf, at):
    lay_out_research(at=at)

    assert Following.objects.filter(reader=shelf).count() == len(LAID_OUT["dossier"])
    assert 1 <= Brought.objects.filter(reader=shelf, morning__brought_at=at).count() <= LAID_OUT["briefing"]["items"]


def test_a_reader_has_kept_two_questions_of_which_the_second_follows_the_first(shelf, at):
    lay_out_research(at=at)
    first, second = Enquiry.objects.filter(reader=shelf, kept_at=at).order_by("pk")

    assert posed_of(second).before == (first.text,)


def test_a_second_start_changes_nothing(shelf, at):
    def counted():
        return [model.objects.count() for model in (Dossier, Point, Brought, Enquiry, Following)]

    lay_out_research(at=at)
    once = counted()
    lay_out_research(at=at)

    assert counted() == once
