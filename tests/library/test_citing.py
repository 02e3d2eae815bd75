"""The page that says how to cite an article, and the files beside it: open to everybody, kept fresh, telling nothing paid."""

import json

import pytest

from broadsheet.library.citing import citations_of
from broadsheet.newsroom.actions import take_back
from broadsheet.press.actions import press
from tests import cast, make

pytestmark = pytest.mark.django_db

PAID = "Beyond the wall stands the word quillwort."


@pytest.fixture
def article(at):
    article = make.article(
        headline="The dam", standfirst="Who owns a river.", body=[make.PARAGRAPH, make.PARAGRAPH, PAID],
        audience="members", contributors=[make.contributor("Ada Writer")],
    )  # fmt: skip
    press(article.pk, at=at)
    return article


def test_a_stranger_cites_what_he_may_not_read(article):
    answer = cast.vera().get(f"/cite/{article.pk}/")

    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Writer, Ada. “The dam.” <i>The Test Review</i>, March 2, 2026. http://testserver/briefings/the-dam/." in said
    assert all(f"/cite/{article.pk}.{name}" in said for name in ("ris", "bib", "json"))
    assert '<meta name="robots" content="noindex">' in said


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("ris", "application/x-research-info-systems; charset=utf-8", "AU  - Writer, Ada\r\n"),
        ("bib", "application/x-bibtex; charset=utf-8", "author = {Writer, Ada}"),
        ("json", "application/vnd.citationstyles.csl+json", '"family": "Writer"'),
    ],
)
def test_each_file_is_had_as_what_it_is(article, name, kind, says):
    answer = cast.vera().get(f"/cite/{article.pk}.{name}")

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert says in answer.content.decode()


def test_no_citation_has_a_word_of_the_text(article):
    said = [cast.vera().get(f"/cite/{article.pk}{end}").content.decode() for end in ("/", ".ris", ".bib", ".json")]

    assert not [text for text in said if "quillwort" in text or "gauge" in text]
    assert json.loads(said[-1])[0]["abstract"] == "Who owns a river."


def test_the_article_leads_there(article):
    assert f'href="/cite/{article.pk}/"' in cast.vera().get("/briefings/the-dam/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_new_headline_is_cited_at_once(article):
    vera = cast.vera()
    vera.get(f"/cite/{article.pk}.bib")

    make.published(article, title="The higher dam")

    assert "The higher dam" in vera.get(f"/cite/{article.pk}.bib").content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_is_not_cited(article, at):
    vera = cast.vera()
    vera.get(f"/cite/{article.pk}/")

    take_back(article, by=None, at=at)

    assert vera.get(f"/cite/{article.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/cite/0/", "/cite/999999/", "/cite/999999.ris", "/cite/1.pdf", "/cite/9999999999999999999/"])
def test_what_is_not_there_is_not_cited(path):
    assert cast.vera().get(path).status_code == 404


def test_in_an_interview_speaks_whoever_is_asked(at):
    ada = make.contributor("Ada Writer")
    talk = make.article("interview", headline="No plan", expert="Ngozi Okafor", contributors=[ada])
    press(talk.pk, at=at)

    (citation,) = citations_of([talk.pk])

    assert (citation.authors, citation.interviewers) == (("Ngozi Okafor",), ("Ada Writer",))


def test_what_is_not_on_the_site_is_left_out(article, at):
    hidden = make.article(headline="Not yet", live=False)

    assert [citation.id for citation in citations_of([hidden.pk, article.pk, 999_999])] == [article.pk]
