"""LEAKS 1, 2, 4, 5, 7, 9, 12, 13, 14: every surface as every one of the cast, asked in every way."""

import re

import pytest
from wagtail.models import Revision

from broadsheet.membership.models import Opening
from tests.leaks import surfaces
from tests.leaks.people import CAST, OUTSIDE, may_read
from tests.leaks.reading import WAYS, leaks, leaks_everywhere, words_in
from tests.leaks.words import Word
from tests.leaks.world import KINDS, STATES

SPENDS_NOTHING = {"in advance": WAYS["in advance"]}
NOTHING_OF_THE_DESK = {"/admin/jsi18n/", "/admin/sprite/", "/admin/logout/"}  # words, icons, our own page of leaving
FILE = re.compile(r"/media/[^\s\"&]+")
FAILS_BY_TRADE = "/admin/failwhale/"  # Wagtail's page for seeing what a failure looks like
ADVANCED = "fay"  # whose allowance a plain GET of a metered article would take from


@pytest.mark.parametrize("who", CAST)
def test_article_pages_tell_nobody_more_than_he_may_read(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    free = [piece.path for piece in world.each() if who != ADVANCED or piece.audience != "metered"]
    spending = [piece.path for piece in world.each() if piece.path not in free]

    assert leaks_everywhere(world, who, browser, free, WAYS) == []
    assert leaks_everywhere(world, who, browser, spending, SPENDS_NOTHING) == []


@pytest.mark.parametrize("who", CAST)
def test_lists_feeds_archives_and_sitemaps_tell_nobody_more_than_he_may_read(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    pages = [path for path, kind in surfaces.pressed_paths().items() if kind != "article"]

    assert len(pages) > 100
    assert leaks_everywhere(world, who, browser, pages, {"as browsers do": {}}) == []


@pytest.mark.parametrize("who", CAST)
def test_pictures_and_recordings_go_to_whoever_may_read_what_shows_them(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    files = surfaces.visits(surfaces.MEDIA, world)

    of_each_word = {world.files[path.removeprefix("/media/")]: path for path in files}
    in_parts = {name: WAYS[name] for name in ("a part", "the end", "as if known")}

    assert len(files) > 40
    assert [line for path in files for line in leaks(world, who, browser.get(path))] == []
    assert leaks_everywhere(world, who, browser, list(of_each_word.values()), in_parts) == []


@pytest.mark.parametrize("who", CAST)
def test_what_is_not_on_the_site_is_nobodys(who, world, cast, house):
    browser = cast.at_the_door(who, house)

    for piece in world.hidden.values():
        for path in (
            piece.path,
            f"{piece.path}feed.rss",
            f"{piece.path}?preview=1&token=x",
            piece.path.upper(),
            f"/{piece.path}",
        ):
            assert leaks(world, who, browser.get(path)) == []


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_door_of_django_tells_a_reader_more_than_he_may_read_and_the_desk_opens_none(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    before = Opening.objects.count()
    answers = {path: browser.get(path) for path in doors(world)}
    of_the_desk = {path for path, answer in answers.items() if path.startswith("/admin/") and answer.status == 200}

    assert len(answers) > 300
    assert [line for answer in answers.values() for line in leaks(world, who, answer)] == []
    assert of_the_desk <= NOTHING_OF_THE_DESK
    assert Opening.objects.count() == before


def doors(world) -> list[str]:
    """Every door of Django but those that are walked above."""
    routes = [route for route in surfaces.routes() if route not in (surfaces.PRESSED, surfaces.MEDIA)]
    return [path for route in routes for path in surfaces.visits(route, world) or ()]


def test_no_page_of_the_desk_fails_a_publisher(world, cast, house):
    petra = cast.at_the_door("petra", house)
    desk = [path for path in doors(world) if path.startswith("/admin/") and path not in (FAILS_BY_TRADE, "/admin/logout/")]

    assert [path for path in desk if petra.get(path).status >= 500] == []


@pytest.mark.parametrize("path", ["/", "/countries/kenya/", "/issues/water/", "/relations/ethiopia/kenya/"])
def test_a_stranger_sees_which_links_stand_beside_our_articles_and_no_more_of_their_roundup(path, world, cast, house):
    told = words_in(world, cast.at_the_door("vera", house).get(path))

    assert {word.place for word in told if word.article == "picked roundup"} == {"headline of a pick"}


# The other half: what may be read is there, so that the walk cannot pass over empty pages


@pytest.mark.parametrize("who", CAST)
def test_whoever_may_read_an_article_finds_every_word_of_it(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    missing = {}
    for piece in world.each():
        if may_read(who, piece):
            wanted = world.vocabulary.of(piece.name)
            missing[piece.name] = {str(word) for word in wanted - words_in(world, browser.get(piece.path))}

    assert len(missing) >= len(KINDS)
    assert {name: words for name, words in missing.items() if words} == {}


@pytest.mark.parametrize("who", CAST)
def test_everybody_finds_the_free_part_of_every_article(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    for piece in world.each():
        if who == ADVANCED and piece.audience == "metered":
            continue
        told = words_in(world, browser.get(piece.path)) | world.vocabulary.found_in(piece.path)

        assert world.vocabulary.of(piece.name, free=True) <= told


@pytest.mark.parametrize("who", CAST)
def test_whoever_may_read_an_article_is_given_its_files(who, world, cast, house):
    browser = cast.at_the_door(who, house)
    pages = [browser.get(piece.path).text for piece in world.each() if may_read(who, piece)]
    files = {path for page in pages for path in FILE.findall(page)}

    assert len(files) > 5
    assert {path for path in files if browser.get(path).status != 200} == set()


@pytest.mark.parametrize("state", STATES)
def test_an_editor_finds_on_the_desk_what_readers_may_not_see(state, world, cast, house):
    edda = cast.at_the_door("edda", house)
    piece = world.hidden[state]

    seen = {word for path in _desk_of(piece.id) for word in words_in(world, edda.get(path))}

    assert {word.place for word in seen & _written_in(world, state)} >= {"paragraph", "footnote"}


def _desk_of(page: int) -> list[str]:
    return [f"/admin/pages/{page}/edit/", *(f"/admin/pages/{page}/revisions/{number}/revert/" for number in _revisions(page))]


def _revisions(page: int) -> list[int]:
    return list(Revision.objects.filter(object_id=str(page)).values_list("pk", flat=True))


def _written_in(world, state) -> set[Word]:
    return world.vocabulary.of(state)
