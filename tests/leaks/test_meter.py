"""LEAKS 16 to 21: the meter counts on the server, once an article, and cannot be talked to."""

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connections

from broadsheet.access.passes import Pass, Provisional, pass_signer, provisional_signer, seal, seal_provisional, short
from broadsheet.membership.actions import engage
from broadsheet.membership.models import Opening
from broadsheet.press.actions import stale
from tests.cast import session_of
from tests.leaks.door import Browser, House
from tests.leaks.people import UNAS
from tests.leaks.reading import WAYS, words_in
from tests.leaks.world import AT, KINDS, Piece, World

METERED = [f"metered {kind}" for kind in KINDS]
NOBODY_ELSES = ("a secret that is not the house's and that nobody told us",)


def reads(browser: Browser, world: World, piece: Piece, **headers: str) -> bool:
    """Whether a GET of this article brings its end."""
    return bool(words_in(world, browser.get(piece.path, **headers)) & world.vocabulary.of(piece.name))


def spent(slug: str) -> int:
    return Opening.objects.filter(allowance__readers__email=f"{slug}@example.org", counted=True).count()


@pytest.fixture
def metered(world):
    return [world.pieces[name] for name in METERED]


@pytest.fixture
def fay(cast, house) -> Browser:
    return cast.at_the_door("fay", house)


@pytest.fixture
def rex(cast, house) -> Browser:
    return cast.at_the_door("rex", house)


def test_three_open_and_the_fourth_does_not(fay, world, metered):
    assert [reads(fay, world, piece) for piece in metered[:5]] == [True, True, True, False, False]
    assert spent("fay") == 3


# 16: what a browser says of itself


def test_16_cleared_cookies_bring_nothing_back(fay, house, world, metered):
    for piece in metered[:3]:
        fay.get(piece.path)
    from_scratch = Browser(house.gate, cookies={"session": session_of(engage(address="fay@example.org", at=AT))})

    assert reads(from_scratch, world, metered[0])
    assert not reads(from_scratch, world, metered[3])
    assert not reads(Browser(house.gate), world, metered[0])


def test_16_a_pass_from_before_the_allowance_was_spent_opens_nothing_more(fay, world, metered):
    fay.get("/notes/nothing/")
    fay.get(world.piece("note", "registered").path)
    early = dict(fay.cookies)
    assert "pass" in early
    for piece in metered[:3]:
        fay.get(piece.path)

    fay.cookies = early
    assert not reads(fay, world, metered[3])
    assert spent("fay") == 3


def forged(**said: object) -> Pass:
    far = int(AT.timestamp()) + 3600
    known = {"reader": 1, "session": short("x"), "generation": 9, "made_at": 0, "expires_at": far, "confirmed": True, "left": 3}
    return Pass(**{**known, "entitled_until": far, **said})


def test_16_a_forged_pass_opens_nothing(rex, vera, world, metered):
    sealed = seal(forged(session=short(rex.cookies["session"])), pass_signer(NOBODY_ELSES))
    rex.cookies["pass"] = sealed
    vera.cookies = {"pass": sealed, "session": "x"}

    assert not reads(rex, world, metered[0])
    assert not reads(vera, world, metered[0])


@pytest.mark.parametrize("change", ["upper", "twice", "array", "long", "cut", "empty", "nul", "other"])
def test_16_a_pass_that_was_tampered_with_opens_nothing_and_breaks_nothing(change, fay, rex, world, metered):
    rex.get(metered[0].path)
    fay.get(world.piece("note", "registered").path)
    theirs, his = fay.cookies["pass"], rex.cookies["pass"]
    rex.cookies["pass"] = {
        "upper": his.upper(),
        "twice": f"{his}; pass={theirs}",
        "array": f"x; pass[]={theirs}; pass[0]={theirs}",
        "long": his + "A" * 9000,
        "cut": his[:-1],
        "empty": "",
        "nul": f"{his}\x00",
        "other": theirs,
    }[change]

    answer = rex.get(metered[0].path)
    assert answer.status == 200
    assert not words_in(world, answer) & world.vocabulary.of(metered[0].name)


def test_16_a_standing_in_another_readers_pass_is_nobodys(cast, house, rex, world):
    sada = cast.at_the_door("sada", house)
    piece = world.piece("briefing", "members")
    assert reads(sada, world, piece)
    rex.cookies["pass"] = sada.cookies["pass"]

    assert not reads(rex, world, piece)
    assert not reads(Browser(house.gate, cookies={"pass": sada.cookies["pass"]}), world, piece)


def test_16_what_the_page_tells_its_script_is_believed_by_nobody(rex, world, metered):
    rex.cookies["reader"] = quote(json.dumps({"name": "Rex", "left": 99, "allowance": 99, "state": "member", "story": ""}))
    rex.cookies["opened"] = "-".join(short(piece.story) for piece in metered)

    assert not reads(rex, world, metered[0])


# 17: what costs nothing


def test_17_the_same_article_twice_costs_one(fay, world, metered):
    assert [reads(fay, world, metered[0]) for _ in range(4)] == [True] * 4
    assert spent("fay") == 1


@pytest.mark.parametrize("way", ["in advance", "as if known"])
def test_17_what_is_no_reading_costs_nothing_and_brings_nothing(way, fay, world, metered):
    told = fay.get(metered[0].path, **WAYS["in advance"])
    fay.head(metered[0].path)
    fay.get("/feed.rss")
    fay.get("/robots.txt")

    assert not words_in(world, told) & world.vocabulary.of(metered[0].name)
    assert spent("fay") == 0


@pytest.mark.parametrize("said", ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"])
def test_17_a_page_fetched_in_advance_is_not_spent_on(said, fay, world, metered):
    assert not reads(fay, world, metered[0], HTTP_SEC_PURPOSE=said)
    assert not reads(fay, world, metered[1], HTTP_PURPOSE="prefetch")
    assert spent("fay") == 0


def test_17_head_tells_as_much_as_a_preview_and_costs_nothing(fay, metered):
    assert fay.head(metered[0].path).status == 200
    assert fay.head(metered[0].path).body == b""
    assert spent("fay") == 0


def test_17_a_part_of_a_page_costs_what_the_page_costs(fay, world, metered):
    for part in ("bytes=0-10", "bytes=100-200", "bytes=-50"):
        fay.get(metered[0].path, HTTP_RANGE=part)

    assert spent("fay") == 1


def test_17_pictures_of_an_article_cost_nothing_and_wait_for_it(fay, world):
    piece = world.piece("briefing", "metered")
    name = next(name for name, word in world.files.items() if word.article == piece.name and name.endswith("webp"))

    assert fay.get(f"/media/{name}").status == 404
    assert spent("fay") == 0
    assert reads(fay, world, piece)
    assert fay.get(f"/media/{name}").status == 200
    assert spent("fay") == 1


def test_17_whoever_may_read_without_it_spends_nothing(cast, house, world, metered):
    for who in ("sada", "pasha", "edda"):
        browser = cast.at_the_door(who, house)
        assert all(reads(browser, world, piece) for piece in metered)
        assert spent(who) == 0


def test_17_articles_of_the_other_audiences_cost_nothing(fay, world):
    for piece in world.each():
        if piece.audience != "metered":
            fay.get(piece.path)

    assert spent("fay") == 0


# 18: months


@pytest.mark.parametrize(
    "first_of_next",
    [
        datetime(2026, 4, 1, 0, tzinfo=UTC) - timedelta(hours=1),  # London is on summer time since Sunday
        datetime(2026, 11, 1, 0, tzinfo=UTC),  # and on winter time since Sunday
        datetime(2027, 1, 1, 0, tzinfo=UTC),
        datetime(2028, 3, 1, 0, tzinfo=UTC),  # after 29 February
    ],
)
@pytest.mark.parametrize("zone_of_the_machine", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_18_a_month_ends_with_its_last_second_in_the_publications_zone(
    first_of_next, zone_of_the_machine, house, world, metered, frozen, monkeypatch
):
    monkeypatch.setenv("TZ", zone_of_the_machine)
    time.tzset()
    frozen.move_to(first_of_next - timedelta(seconds=1))
    fay = Browser(house.gate, cookies={"session": session_of(engage(address="fay@example.org", at=AT))})
    assert [reads(fay, world, piece) for piece in metered[:4]] == [True, True, True, False]

    frozen.move_to(first_of_next)
    assert [reads(fay, world, piece) for piece in metered[3:7]] == [True, True, True, False]
    assert not reads(fay, world, metered[0])


@pytest.fixture(autouse=True)
def zone_put_back():
    before = os.environ.get("TZ")
    yield
    if before:
        os.environ["TZ"] = before
    time.tzset()


# 19: many at once, and many addresses


def test_19_fifty_requests_at_once_open_three_articles(house, cast, world, metered, frozen):
    begin, opened = threading.Barrier(50), []

    def ask(number: int) -> None:
        browser = cast.at_the_door("fay", house)
        piece = metered[number % len(metered)]
        begin.wait()
        if reads(browser, world, piece):
            opened.append(piece.name)
        connections.close_all()  # a server's thread lives on and keeps its connection; this one ends

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(opened)) == 3
    assert spent("fay") == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.writer@gmail.com", "adawriter+two@googlemail.com"),
        ("ada@example.org", "ada+again@example.org"),
        ("ada@example.org", "ADA+Again@EXAMPLE.ORG"),
    ],
)
def test_19_two_accounts_of_one_person_have_one_allowance(one, other, house, world, metered):
    first, second = (Browser(house.gate, cookies={"session": session_of(engage(address=each, at=AT))}) for each in (one, other))

    assert [reads(first, world, piece) for piece in metered[:2]] == [True, True]
    assert [reads(second, world, piece) for piece in metered[2:4]] == [True, False]
    assert reads(second, world, metered[0])  # open to the person who opened it


# 20: one pass, one article


def test_20_the_unconfirmed_has_one_article_and_no_more(cast, house, world):
    una = cast.at_the_door("una", house)

    assert [piece.name for piece in world.each(audience="metered") if reads(una, world, piece)] == [UNAS]
    una.post("/join/", {"email": "una.too@example.org", "next": world.piece("note", "metered").path})
    assert [piece.name for piece in world.each(audience="metered") if reads(una, world, piece)] == [UNAS]


def test_20_a_first_article_is_in_one_browser_alone(cast, house, world, vera):
    cast.at_the_door("una", house)

    assert not reads(vera, world, world.pieces[UNAS])


def test_20_a_forged_first_article_opens_nothing(vera, world):
    piece = world.piece("note", "metered")
    provisional = Provisional(story=short(piece.story), address=short("una@example.org"), expires_at=int(AT.timestamp()) + 3600)
    vera.cookies["first"] = seal_provisional(provisional, provisional_signer(NOBODY_ELSES))

    assert not reads(vera, world, piece)


def test_20_a_first_article_ends_with_its_day(cast, house, world, frozen):
    una = cast.at_the_door("una", house)
    frozen.move_to(AT + timedelta(days=1, seconds=1))

    assert not reads(una, world, world.pieces[UNAS])


@pytest.mark.parametrize("audience", ["registered", "members"])
def test_20_an_address_opens_only_what_is_metered(audience, vera, world):
    piece = world.piece("note", audience)
    vera.post("/join/", {"email": "vera@example.org", "next": piece.path})

    assert not reads(vera, world, piece)


# 21: robots


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Googlebot-News",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "facebookexternalhit/1.1",
        "Twitterbot/1.0",
    ],
)
def test_21_whoever_calls_himself_a_robot_meets_the_wall(agent, vera, world):
    for name in ("HTTP_USER_AGENT", "HTTP_FROM", "HTTP_REFERER"):
        for piece in world.each(kind="briefing"):
            assert reads(vera, world, piece, **{name: agent}) is (piece.audience == "open")


def test_21_a_wall_met_again_is_the_same_wall(vera, world, house: House):
    """Printing lists anew takes no wall down."""
    stale({f"article:{piece.id}" for piece in world.each()}, at=AT)
    house.settle()

    assert not any(reads(vera, world, piece) for piece in world.each() if piece.audience != "open")
