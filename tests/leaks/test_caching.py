"""LEAKS 34, 12, 9: what may be kept by whom, and what happens everywhere when an article is shut or taken back."""

from dataclasses import dataclass, field

import pytest

from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press.models import Slip
from tests import make
from tests.leaks import surfaces
from tests.leaks.door import Answer, Browser, House
from tests.leaks.people import CAST
from tests.leaks.reading import leaks, words_in
from tests.leaks.world import AT, Piece


@dataclass
class SharedCache:
    """A cache before the house that keeps whatever it is not forbidden to keep, for ever and without asking again."""

    kept: dict[tuple[str, ...], Answer] = field(default_factory=dict)
    varies: dict[str, str] = field(default_factory=dict)
    hits: int = 0

    def get(self, browser: Browser, path: str) -> Answer:
        if (answer := self.kept.get(self._key(browser, path))) is not None:
            self.hits += 1
            return answer
        answer = browser.get(path)
        if not any(word in answer["Cache-Control"] for word in ("private", "no-store")) and "*" not in answer["Vary"]:
            self.varies[path] = answer["Vary"].lower()
            self.kept[self._key(browser, path)] = answer
        return answer

    def _key(self, browser: Browser, path: str) -> tuple[str, ...]:
        return (path, str(browser.cookies)) if "cookie" in self.varies.get(path, "") else (path,)


def everything(world) -> list[str]:
    doors = ["/join/", "/subscribe/", "/account/", "/leave/", "/join/code/", "/nothing/here/"]
    media = [
        f"/media/{name}" for name, word in world.files.items() if word.article in ("members report", "open report", "withdrawn")
    ]
    return [*surfaces.pressed_paths(), *(piece.path for piece in world.hidden.values()), *media, *doors]


@pytest.mark.parametrize("first", ["sada", "edda", "ines"])
def test_34_a_cache_between_the_house_and_its_readers_gives_nothing_away(first, cast, house, world):
    cache = SharedCache()
    privileged = cast.at_the_door(first, house)
    paths = everything(world)
    for path in paths:
        cache.get(privileged, path)
    for who in ("vera", "rex"):
        browser = cast.at_the_door(who, house)
        assert [line for path in paths for line in leaks(world, who, cache.get(browser, path))] == []
    assert cache.hits > 100  # open pages are kept


# Printed while somebody waits

SEE_IT = {"sada": True, "ines": True, "vera": False, "rex": False, "lena": False}


@pytest.mark.parametrize("path", ["/relations/ethiopia/kenya/", "/countries/kenya/"])
@pytest.mark.parametrize("first", SEE_IT)
def test_34_whoever_is_first_at_a_page_sees_it_in_their_own_cut_and_so_does_the_next(first, path, cast, house, world):
    Slip.objects.filter(path=path).delete()
    house.memory.slips.pop(path)
    cache = SharedCache()

    for who in (first, first, *SEE_IT):
        browser = cast.at_the_door(who, house)
        answer = cache.get(browser, path)
        assert leaks(world, who, answer) == []
        assert ('class="beyond"' in answer.text, 'id="continue"' in answer.text) == (SEE_IT[who], not SEE_IT[who]), who
        assert answer["Cache-Control"] == "private, no-store"
    assert path not in house.memory.slips
    house.memory.catch_up()
    for who, sees_it in SEE_IT.items():
        answer = cast.at_the_door(who, house).get(path)
        assert ('class="beyond"' in answer.text) is sees_it, who


@pytest.mark.parametrize("who", CAST)
def test_34_a_cookie_is_never_set_on_what_may_be_kept(who, cast, house, world):
    browser = cast.at_the_door(who, house)
    for path in everything(world):
        answer = browser.get(path) if who != "fay" else browser.head(path)
        if "Set-Cookie" in answer:
            assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"], path
        if "public" in answer["Cache-Control"]:
            assert "Set-Cookie" not in answer, path


@pytest.mark.parametrize("audience", ["registered", "metered", "members"])
def test_34_both_cuts_of_a_gated_page_say_that_they_depend_on_who_asks(audience, cast, house, world, vera):
    path = world.piece("note", audience).path
    for answer in (vera.get(path), cast.at_the_door("sada", house).get(path), vera.get(path, HTTP_IF_NONE_MATCH="*")):
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]


def test_34_the_name_of_one_cut_is_not_that_of_the_other(cast, house, world, vera):
    path = world.piece("note", "members").path
    full = cast.at_the_door("sada", house).get(path)["ETag"]

    answer = vera.get(path, HTTP_IF_NONE_MATCH=full)
    assert (answer.status, answer["ETag"] != full) == (200, True)


@pytest.mark.parametrize("query", ["utm_source=x&utm_medium=y", "preview=1", "lang=fr", "edit=1", "cut=full", "_=1", "fbclid=1"])
def test_34_parameters_poison_nothing(query, vera, world):
    for piece in (world.piece("note", "open"), world.piece("note", "members")):
        answer = vera.get(f"{piece.path}?{query}")
        assert (answer.status, answer["Location"]) == (301, piece.path)
    assert "private" in vera.get(f"/no/such/page/?{query}")["Cache-Control"] or vera.get(f"/no/such/page/?{query}").status == 404


# From open to members: in every process, at once


@pytest.fixture
def another_house(world, tmp_path) -> House:
    """A second process of the same publication."""
    return House(tmp_path / "another")


def where_it_stands(piece: Piece) -> list[str]:
    """The front page, and every part of the lists of its type, of all that is new, and of its region; sitemaps."""
    lists = [f"/{piece.path.split('/')[1]}/", "/latest/", "/regions/africa/"]
    parts = ["", "page/1/", "archive/", "2025/10/", "2026/02/", "feed.rss", "feed.atom", "feed.json"]
    months = [f"/sitemap-{month}.xml" for month in ("2025-10", "2026-02")]
    return [
        "/",
        "/feed.rss",
        "/feed.json",
        "/regions/",
        "/sitemap-pages.xml",
        *months,
        *(f"{at}{part}" for at in lists for part in parts),
    ]


@pytest.mark.parametrize("kind", ["report", "podcast"])
def test_34_an_article_that_is_shut_is_shut_everywhere_at_once(kind, cast, house, another_house, world):
    piece = world.piece(kind, "open")
    paid = world.vocabulary.of(piece.name)
    files = [f"/media/{name}" for name, word in world.files.items() if word in paid]
    readers = [Browser(each.gate) for each in (house, another_house)]
    before = readers[0].get(piece.path)
    assert words_in(world, before) >= paid

    make.published(Article.objects.get(pk=piece.id).specific, audience="members")
    house.settle()
    another_house.memory.catch_up()

    for vera in readers:
        again = vera.get(piece.path, HTTP_IF_NONE_MATCH=before["ETag"])
        assert again.status == 200
        assert "private" in again["Cache-Control"]
        for path in where_it_stands(piece):
            assert not words_in(world, vera.get(path)) & paid, path
        assert {vera.get(path).status for path in files} <= {404}
    assert words_in(world, cast.at_the_door("sada", another_house).get(piece.path)) >= paid


def test_34_an_article_that_is_opened_is_open_everywhere_at_once(house, another_house, world):
    piece = world.piece("note", "members")
    make.published(Article.objects.get(pk=piece.id).specific, audience="open")
    house.settle()
    another_house.memory.catch_up()

    for each in (house, another_house):
        assert words_in(world, Browser(each.gate).get(piece.path)) >= world.vocabulary.of(piece.name)


# Taken back


@pytest.mark.parametrize("audience", ["open", "members"])
def test_34_what_was_taken_back_is_gone_everywhere(audience, cast, house, another_house, world):
    piece = world.piece("report", audience)
    words = world.vocabulary.of(piece.name) | world.vocabulary.of(piece.name, free=True)
    files = [f"/media/{name}" for name, word in world.files.items() if word in words]

    take_back(Article.objects.get(pk=piece.id), by=None, at=AT)
    house.settle()
    another_house.memory.catch_up()

    for each in (house, another_house):
        for who in ("vera", "sada"):
            browser = cast.at_the_door(who, each)
            assert browser.get(piece.path).status == 410
            assert browser.get(piece.path)["Cache-Control"] == "no-store"
            assert {browser.get(path).status for path in files} <= {404}
            for path in where_it_stands(piece):
                assert not words_in(world, browser.get(path)) & words, path


# 9, 12: what is being written


def test_9_sitemaps_and_feeds_do_not_tell_that_somebody_is_writing(vera, house, world):
    paths = [path for path in surfaces.pressed_paths() if path.endswith((".xml", ".rss", ".atom", ".json"))]
    before = {path: vera.get(path).plain for path in paths}

    article = Article.objects.get(pk=world.piece("note", "open").id).specific
    article.title = "A headline that nobody has published"
    article.save_revision()
    house.settle()

    assert {path: vera.get(path).plain for path in paths} == before


def test_12_a_preview_on_the_desk_is_kept_by_nobody(cast, house, world):
    edda, page = cast.at_the_door("edda", house), world.hidden["draft of a live one"].id
    for path in (f"/admin/pages/{page}/view_draft/", f"/admin/pages/{page}/edit/"):
        answer = edda.get(path)
        assert answer.status == 200
        assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"]
