"""LEAKS 6, 44, 34, 3: what a search finds, counts, orders, shows and suggests obeys the standing of whoever asks."""

import re
from html import unescape

import pytest

from broadsheet.library.catching_up import catch_up
from broadsheet.newsroom.models import Article
from tests import make
from tests.leaks.people import CAST, may_read
from tests.leaks.words import MARK

NO_WORD = f"{MARK}bcdfghjkbcdf"  # as long as the others, and nobody's
FOUND = re.compile(r'<h2 class="teaser-headline"><a href="([^"]*)">')
PLACES = ("answer", "paragraph", "second key point", "note of a link", "pull quote before the cut")  # one of them in each type


def paid_word(world, piece):
    """From beyond the cut."""
    words = {word.place: word.text for word in world.vocabulary.of(piece.name)}
    return next((words[place] for place in PLACES if place in words), None)


def found_by(browser, asked):
    answer = browser.get(f"/search/?q={asked}")
    assert answer.status == 200
    return answer


@pytest.mark.parametrize("who", CAST)
def test_6_a_word_beyond_the_cut_is_found_by_whoever_may_read_it_and_by_nobody_else(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    nothing = found_by(browser, NO_WORD).text
    pieces = [piece for piece in world.each() if paid_word(world, piece)]

    assert len(pieces) > 20
    for piece in pieces:
        word = paid_word(world, piece)
        page = found_by(browser, word).text
        if may_read(who, piece):
            assert FOUND.findall(page) == [piece.path], (who, piece.name)
            assert f"<mark>{word}</mark>" in page
        else:
            assert page.replace(word, NO_WORD) == nothing, (who, piece.name)


@pytest.mark.parametrize("who", ["vera", "una", "fay", "rex", "lena"])
def test_6_a_word_that_may_not_be_read_changes_neither_counts_nor_order(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    free = next(word.text for word in world.vocabulary.of("members report", free=True) if word.place == "headline")
    hidden = paid_word(world, world.piece("briefing", "members"))

    with_it, without = (found_by(browser, f"{free}+OR+on+OR+{word}").text for word in (hidden, NO_WORD))
    assert with_it.replace(hidden, NO_WORD) == without


@pytest.mark.parametrize("who", CAST)
def test_6_nothing_beyond_the_cut_is_suggested_to_anybody(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    for piece in world.each():
        if word := paid_word(world, piece):
            assert browser.get(f"/search/suggest?q={word[:9]}").text == '{"suggestions":[]}'
    headline = next(word for word in world.vocabulary.of("members note", free=True) if word.place == "headline")
    assert world.piece("note", "members").path in browser.get(f"/search/suggest?q={headline.text[:9]}").text


@pytest.mark.parametrize("who", CAST)
def test_12_what_is_not_on_the_site_is_found_by_nobody(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    for state, piece in world.hidden.items():
        for word in sorted(word.text for word in world.vocabulary.of(piece.name) if word.place in ("headline", "paragraph")):
            assert "<mark>" not in found_by(browser, word).text, state


@pytest.mark.parametrize("who", ["vera", "fay", "sada", "ines", "edda"])
def test_34_what_was_found_is_kept_by_nobody(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    for path in ("/search/?q=on", "/search/suggest?q=on"):
        assert browser.get(path)["Cache-Control"] == "private, no-store"


def test_34_what_is_shut_is_found_no_more_once_the_index_has_heard_of_it(world, cast, house, settings, tmp_path, vera):
    settings.STATE = tmp_path
    catch_up()
    piece = world.piece("note", "open")
    word = paid_word(world, piece)
    assert FOUND.findall(found_by(vera, word).text) == [piece.path]

    make.published(Article.objects.get(pk=piece.id).specific, audience="members")
    house.settle()
    settings.STATE = tmp_path / "as another process has it"
    catch_up()

    assert FOUND.findall(found_by(vera, word).text) == []
    assert FOUND.findall(found_by(cast.at_the_door("sada", house), word).text) == [piece.path]


def test_6_an_article_read_on_the_meter_is_found_in_full_from_then_on(world, cast, house):
    fay, piece = cast.at_the_door("fay", house), world.piece("briefing", "metered")
    word = paid_word(world, piece)
    assert FOUND.findall(found_by(fay, word).text) == []

    fay.get(piece.path)

    assert FOUND.findall(found_by(fay, word).text) == [piece.path]
    assert unescape(found_by(fay, word).text).count(f"<mark>{word}</mark>") == 1
