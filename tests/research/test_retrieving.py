"""A question finds articles, and their paragraphs as far as whoever asks may read them."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.access.terms import Audience, Standing
from broadsheet.library.documents import Document, Named
from broadsheet.library.keeping import Stand
from broadsheet.library.looking import Looking
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.library.tantivy_index import Writing, new_index
from broadsheet.research.asking import read
from broadsheet.research.researching import brief
from broadsheet.research.retrieving import found_in, look_up

MALI, PERU = Named("mali", "Mali"), Named("peru", "Peru")
OPENED = Sight(Standing(registered=True), opened=frozenset({"s1"}))


class Shelf:
    """A `keeping.Reader` of an index in memory. `stands`: what the press has of it by now."""

    def __init__(self, index, stands):
        self._index, self._stands = index, stands

    def looking(self, sight):
        return Looking(self._index.searcher(), sight)

    def meaning(self, looking):
        return None

    def reading(self):
        return nullcontext()

    def printed(self, ids):
        return {pk: self._stands[pk] for pk in ids if pk in self._stands}


@pytest.fixture
def library(at):
    def document(number, headline, free, rest="", **more):
        given = {"id": number, "change": number, "story": f"s{number}", "path": f"/{number}/", "audience": Audience.METERED}
        given |= {"dated_at": at - timedelta(days=number), "headline": headline, "standfirst": "", "free": free, "rest": rest}
        return Document(**(given | {"label": "", "type": Named("briefing", "Briefing")} | more))

    return [
        document(1, "Salt in Mali", "Salt is dear in Mali.", "Mali opened its salt exchange in May 1998.", countries=(MALI,)),
        document(2, "Salt in Peru", "Peru opened a salt exchange too.", countries=(PERU,)),
        document(3, "An interview", "HOST: Is salt dear?\nMINISTER: Very.\nAnd it was dear before."),
    ]


@pytest.fixture
def shelf(library):
    writing = Writing(new_index())
    for one in library:
        writing.put(one)
    writing.commit(cursor=1)
    return Shelf(writing.index, {one.id: Stand(one.imprint, one.audience) for one in library})


def texts(shelf, typed, sight, at):
    found = look_up(read(typed), sight=sight, at=at, reader=shelf)
    return {passage.text for passage in found.passages}


@pytest.mark.parametrize(("sight", "may"), [(STRANGER, False), (OPENED, True), (EVERYTHING, True)])
def test_what_stands_beyond_the_cut_is_for_whoever_may_read_it(shelf, sight, may, at):
    assert (
        "Mali opened its salt exchange in May 1998." in texts(shelf, "When did Mali open its salt exchange?", sight, at)
    ) is may


@pytest.mark.parametrize(("sight", "thin"), [(STRANGER, True), (OPENED, False)])
def test_a_stranger_sees_which_article_is_nearest_and_nothing_of_its_answer(shelf, sight, thin, at):
    def ask(question):
        return look_up(question, sight=sight, at=at, reader=shelf)

    made = brief("When did Mali open its salt exchange?", look_up=ask, nearness=None, at=at)

    assert made.thin is thin
    if thin:
        assert made.nearest[0].headline == "Salt in Mali"
        assert not made.nearest[0].full


def test_what_is_about_the_country_comes_first(shelf, at):
    found = look_up(read("Who opened a salt exchange in Peru?"), sight=EVERYTHING, at=at, reader=shelf)

    assert found.sources[0].headline == "Salt in Peru"
    assert found.sources[0].score == 1.0


def test_what_was_taken_off_the_site_or_printed_anew_is_not_quoted(shelf, library, at):
    newer = replace(library[1], change=9)
    moved = Shelf(shelf._index, {2: Stand(newer.imprint, newer.audience)})

    assert look_up(read("salt exchange"), sight=EVERYTHING, at=at, reader=moved).sources == ()


def test_paragraphs_keep_their_numbers_and_who_speaks_in_them(shelf, at):
    found = look_up(read("Is salt dear, minister?"), sight=EVERYTHING, at=at, reader=shelf)
    interview = [one for one in found.passages if one.source.headline == "An interview"]

    assert [(one.number, one.speaker) for one in interview] == [(0, "HOST"), (1, "MINISTER"), (2, "MINISTER")]


def test_an_index_without_a_press_is_taken_as_it_is(shelf, at):
    found = found_in(shelf.looking(EVERYTHING), read("salt in Peru"), meaning=None, at=at)

    assert "Salt in Peru" in {source.headline for source in found.sources}


@pytest.mark.parametrize("typed", ["", "???", '"unclosed -(', "country:mali", "before:soon", "\x00\ud800", "a " * 5_000])
def test_whatever_is_asked_is_looked_up(shelf, typed, at):
    found = look_up(read(typed), sight=EVERYTHING, at=at, reader=shelf)

    assert {source.id for source in found.sources} <= {1, 2, 3}
