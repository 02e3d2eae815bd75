"""Search for programs: whatever it answers is as its own document says, and what is wrong is said in a problem."""

import json

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from broadsheet.library import api

JSON = "application/json"


def schema(document, path, status):
    """Of an answer, with all that it refers to beside it."""
    content = document["paths"][path]["get"]["responses"][status]["content"]
    (media_type,) = content
    return media_type, {**content[media_type]["schema"], "components": document["components"]}


@pytest.fixture(scope="module")
def document():
    return api.openapi(name="The Test Review", base="http://testserver")


@pytest.mark.parametrize("kind", ["SearchAnswer", "SuggestAnswer", "Problem", "FoundArticle", "FacetValue"])
def test_what_is_answered_is_described_as_a_schema(kind, document):
    Draft202012Validator.check_schema(document["components"]["schemas"][kind])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/api/search", 200),
        ("/api/search?q=river&limit=2", 200),
        ("/api/search?q=dam&country=kenya&year=2026&sort=oldest&page=2&limit=5", 200),
        ("/api/search?q=%00%ED%A0%80%22", 200),
        ("/api/search?q=" + "a*+-b+OR+" * 400, 200),
        ("/api/search?sort=best", 400),
        ("/api/search?page=0", 400),
        ("/api/search?limit=51", 400),
        ("/api/search?limit=%C2%B2", 400),
        ("/api/search?year=soon", 400),
        ("/api/search?country=%22", 400),
        ("/api/search?q=a&q=b", 400),
        ("/api/search?fields=rest", 400),
        ("/api/suggest?q=riv", 200),
        ("/api/suggest", 200),
    ],
)
def test_every_answer_is_as_the_document_says(asked, status, library, document):
    answer = Client().get(asked)
    media_type, described = schema(document, asked.partition("?")[0], str(status))

    assert (answer.status_code, answer["Content-Type"]) == (status, media_type)
    validator_for(described)(described).validate(json.loads(answer.content))
    assert answer["Cache-Control"] == "private, no-store"


def test_nothing_is_asked_that_the_document_does_not_know(document):
    said = [parameter["name"] for parameter in document["paths"]["/api/search"]["get"]["parameters"]]

    assert said == list(api.SAID)


@pytest.mark.django_db
def test_pages_lead_on_to_the_last(library):
    seen, following = [], "/api/search?q=dam&limit=5"
    while following:
        told = json.loads(Client().get(following).content)
        seen += [one["id"] for one in told["results"]]
        following = told["next"]

    assert (told["total"], len(seen), len(set(seen)), told["page"]) == (12, 12, 12, 3)


@pytest.mark.django_db
def test_a_stranger_is_told_what_he_may_read(library):
    told = json.loads(Client().get("/api/search?q=river").content)["results"][0]

    assert (told["full"], told["audience"], told["url"]) == (False, "members", "http://testserver/briefings/rivers-of-gold/")
    assert told["headline"][0] == {"text": "Rivers", "marked": True}
    assert json.loads(Client().get("/api/search?q=quillwort").content)["results"] == []


@pytest.mark.django_db
def test_a_program_is_told_to_wait(settings, tmp_path):
    settings.STATE = tmp_path
    no_index = Client().get("/api/search?q=dam")
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"search": "1/m/ip"}
    too_often = [Client().get("/api/search") for _ in range(2)][1]

    assert (no_index.status_code, no_index["Retry-After"]) == (503, "60")
    assert (too_often.status_code, too_often["Retry-After"]) == (429, "60")
    assert {answer["Content-Type"] for answer in (no_index, too_often)} == {api.PROBLEM}


def test_only_a_question_is_answered():
    answer = Client(enforce_csrf_checks=True).post("/api/search", {"q": "dam"})

    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "GET, HEAD", api.PROBLEM)


def test_the_document_is_served():
    assert json.loads(Client().get("/api/openapi.json").content)["openapi"] == "3.1.0"
