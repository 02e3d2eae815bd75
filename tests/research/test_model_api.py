"""A language model that behaves, fails, or lies: a real server on loopback, and what a reader sees."""

import json
import logging
import socket
import threading

import pytest

from broadsheet.research import asked_here, model_api
from broadsheet.research.asking import read
from broadsheet.research.briefs import Brief
from broadsheet.research.models import ResearchRules
from broadsheet.research.posed import Posed
from broadsheet.research.quoting import Quotation
from broadsheet.research.showing import shown
from tests import cast
from tests.outlets import DRIP, answer, endless, moved, on_loopback
from tests.research.make import source
from tests.research.test_doors import FREE, asked, library, noon, text_of

__all__ = ["library", "noon"]

KEY = "sk-nobody-sees-this"
PATH = "/v1/chat/completions"
pytestmark = [pytest.mark.django_db]


def says(content, **more):
    return answer(json.dumps({"choices": [{"message": {"content": content}}]}), content_type="application/json", **more)


def writes(*sentences):
    return says(json.dumps({"sentences": [{"text": text, "from": [1]} for text in sentences]}))


@pytest.fixture
def model(settings):
    with on_loopback() as server:
        settings.MODEL_URL, settings.MODEL_KEY, settings.MODEL_NAME = server.at("/v1"), KEY, "a-model"
        ResearchRules.objects.update_or_create(defaults={"use_model": True})
        yield server


BORNE = "Kenya opened its first grain exchange in the port of Mombasa in May 1998."
LIE = "Kenya opened its first grain exchange in the port of Mombasa in May 1999."


def test_what_its_quotations_say_stands_above_them_and_what_they_do_not_is_left_out(model):
    model.says[PATH] = writes(
        BORNE, LIE, "Subscribe at https://evil.example now, it is free.", "<b>Kenya</b> opened its exchange."
    )

    page = text_of(asked(cast.vera()))

    assert BORNE in page
    assert FREE in page
    assert "1999" not in page
    assert "evil.example" not in page
    assert "<b>Kenya" not in page


def test_what_it_chose_says_as_of_when_and_where_it_stands(model):
    model.says[PATH] = writes(BORNE)

    said = text_of(asked(cast.vera())).partition(BORNE)[2]

    assert said.startswith(' <span class="brief-from">(as of March 2026) <a href="#quotation-1">[1]</a>')


def test_it_is_asked_once_a_page_with_the_key(model):
    model.says[PATH] = writes(BORNE)
    asked(cast.vera())

    assert [one.headers["authorization"] for one in model.asked] == [f"Bearer {KEY}"]


BAD = {
    "fails": answer("no", status=500),
    "no JSON": answer("{", content_type="application/json"),
    "another shape": answer('{"choices": []}'),
    "no text": answer('{"choices": [{"message": {"content": 7}}]}'),
    "deeply nested": answer("[" * 30_000),
    "not what it should": says("Here is your answer: the moon is made of cheese."),
    "sent elsewhere": moved("http://127.0.0.1:9/v1"),
    "without end": lambda: endless(b"x" * 8_192, head=b"HTTP/1.1 200 Said\r\n\r\n"),
}


@pytest.mark.parametrize("said", BAD.values(), ids=BAD)
def test_whatever_goes_wrong_the_brief_is_as_it_is_without_one(said, model, caplog):
    model.says[PATH] = said
    with caplog.at_level(logging.DEBUG):
        page = text_of(asked(cast.vera()))

    assert FREE in page
    assert "In short" not in page
    assert KEY not in caplog.text + page


def drop_by_drop():
    never = threading.Event()
    yield b"HTTP/1.1 200 Said\r\nx: "
    while not never.wait(DRIP):
        yield b"x"


def test_one_that_says_hardly_anything_is_left_in_time(model):
    model.says[PATH] = drop_by_drop

    with pytest.raises(model_api.NoModelAnswer, match="Too slow"):
        model_api.ask([], seconds=0.3)


def test_one_that_is_away_is_no_trouble(settings):
    settings.MODEL_URL, settings.MODEL_NAME = "http://127.0.0.1:9/v1", "a-model"
    ResearchRules.objects.update_or_create(defaults={"use_model": True})

    assert FREE in text_of(asked(cast.vera()))


def test_it_writes_only_where_the_house_lets_it(model):
    ResearchRules.objects.update(use_model=False)
    model.says[PATH] = writes(BORNE)

    assert "In short" not in text_of(asked(cast.vera()))
    assert model.asked == []


def test_the_page_says_who_is_sent_a_question(model, at):
    said, fay = "A language model is sent what you ask", cast.log_in(cast.fay(at))
    model.says[PATH] = writes(BORNE)
    pages = [text_of(browser.get("/research/")) for browser in (cast.vera(), fay)]
    asked(fay)
    theirs = text_of(fay.get("/research/questions/"))
    ResearchRules.objects.update(use_model=False)

    assert [said in page for page in pages] == [True, True]
    assert "Nobody else" not in pages[1] + theirs
    assert said not in text_of(fay.get("/research/"))
    assert "Nobody else sees" in text_of(fay.get("/research/"))


def test_found_piece_by_piece_quotations_come_before_what_is_written(model):
    model.says[PATH] = writes(BORNE)
    pieces = text_of(asked(cast.vera(), of="/research/stream/"))

    assert pieces.index(FREE) < pieces.index(BORNE)
    assert pieces.count("event: finished") == 1


def test_files_of_a_brief_ask_it_nothing(model):
    model.says[PATH] = writes(BORNE)
    asked(cast.vera(), of="/research/brief.md")

    assert model.asked == []


def test_it_costs_no_more_than_so_many_calls_a_day_whatever_is_asked(model, monkeypatch):
    monkeypatch.setattr(asked_here, "MODEL_A_DAY", 2)
    model.says[PATH] = writes(BORNE)
    pages = [text_of(asked(cast.vera())) for _ in range(4)]

    assert ["In short" in page for page in pages] == [True, True, False, False]
    assert len(model.asked) == 2
    assert FREE in pages[-1]


def test_as_many_as_wait_for_it_already_leave_no_place_for_another(model, monkeypatch):
    monkeypatch.setattr(asked_here, "AT_ONCE", threading.BoundedSemaphore(1))
    model.says[PATH] = writes(BORNE)

    with asked_here.AT_ONCE:
        assert "In short" not in text_of(asked(cast.vera()))
    assert "In short" in text_of(asked(cast.vera()))


def test_what_somebody_is_quoted_as_saying_is_not_given_to_it(model, at):
    said = Quotation("We shall close the port tomorrow.", source(), 0, 0, 33, speaker="ADA")
    found = shown(Posed("Who closes it?"), Brief(read("Who closes it?"), points=(said,)), ())

    assert asked_here.written_of(found, at=at) == found
    assert model.asked == []


def test_a_name_that_is_looked_up_for_long_is_not_waited_for(settings, monkeypatch):
    known, waited_out = threading.Event(), threading.Event()

    def slow(*asked, **more):
        if not known.wait(10):
            waited_out.set()
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    settings.MODEL_URL, settings.MODEL_NAME = "http://model.example/v1", "a-model"
    try:
        with pytest.raises(model_api.NoModelAnswer, match="Too slow"):
            model_api.ask([], seconds=0.3)
    finally:
        known.set()
    assert not waited_out.is_set()


@pytest.mark.parametrize(("key", "address"), [("é", "http://127.0.0.1:9/v1"), ("", "http://127.0.0.1:9\x00/v1")])
def test_what_cannot_be_sent_is_no_answer(key, address, settings):
    settings.MODEL_KEY, settings.MODEL_URL, settings.MODEL_NAME = key, address, "a-model"

    with pytest.raises(model_api.NoModelAnswer):
        model_api.ask([])
