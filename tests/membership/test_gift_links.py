"""Articles given away: so many a month, for so long, for so many browsers; one article, and never indexed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connections

from broadsheet.access.passes import GIFT_COOKIE, short
from broadsheet.access.terms import WALLS, Audience
from broadsheet.gate.app import Gate
from broadsheet.gate.database import Database
from broadsheet.gate.memory import Memory
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.shelf import Shelf
from broadsheet.gate.spool import Spool
from broadsheet.membership.actions import forget_gifts, give_comp
from broadsheet.membership.actions.gifts import AllGiven, GiftOver, NothingToGive, give, left_to_give, open_gift, take_back
from broadsheet.membership.models import Gift, MeterRules, Opening
from broadsheet.membership.papers import arrival_in
from broadsheet.membership.renewal import renew
from broadsheet.membership.views.gifts import link_of
from tests import cast
from tests.gate.browser import Browser
from tests.gate.pressroom import press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

DAM, RIVER, OPEN = "/briefings/the-dam/", "/briefings/the-river/", "/briefings/open/"
DAY = timedelta(days=1)
OPENS = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}  # what a browser says when somebody opens a page
WALLED = {wall: f"preview, {wall}" for wall in WALLS}


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def gate(tmp_path):
    for path, audience, story in ((DAM, Audience.METERED, "a1"), (RIVER, Audience.MEMBERS, "a2"), (OPEN, Audience.OPEN, "a3")):
        press(path, audience, story=story, previews=WALLED)
    database = Database(settings.DATABASE_URL)
    its = GateSettings(database_url=settings.DATABASE_URL, secrets=(settings.SECRET_KEY,), spool=tmp_path)
    memory = Memory(database)
    gate = Gate(its, memory, Shelf(database, most_bytes=10_000), Spool(tmp_path), behind=None, renew=renew, print_wall=None)
    memory.catch_up()
    gate.memory = memory
    yield gate
    database.close()


@pytest.fixture
def sada(at):
    sada = cast.fay(at)
    give_comp(reader=sada, ends_at=None, at=at)
    return sada


def given(sada, at, story="a1", path=DAM):
    return give(reader=sada, story=story, path=path, at=at)


def path_of(gift):
    return link_of(gift).removeprefix(settings.BASE_URL)


def cookies_of(client):
    return {name: morsel.value for name, morsel in client.cookies.items()}


def reads(gate, client, path=DAM):
    gate.memory.catch_up()
    return Browser(gate).get(path, cookies=cookies_of(client)).text.startswith("full")


def test_whoever_opens_one_is_told_that_it_was_given_and_for_how_long(sada, gate, at):
    stranger = cast.vera()
    gift = given(sada, at)

    stranger.get(path_of(gift), headers=OPENS)

    words, _ = arrival_in(cookies_of(stranger))
    assert words == "A subscriber gave you this article. Its link opens it in full until 16 March 2026."


# Giving


def test_the_button_under_an_article_leads_to_a_link(gate, sada, at):
    client = cast.log_in(sada)

    answer = client.post("/gift/", {"path": DAM}, follow=True)

    assert link_of(Gift.objects.get()) in answer.content.decode()
    assert "4 more" in answer.content.decode()


def test_pressed_twice_it_is_one_gift(sada, at):
    assert given(sada, at) == given(sada, at)
    assert left_to_give(sada, at=at) == 4


def test_a_month_has_so_many_and_the_next_has_them_again(sada, at):
    for number in range(5):
        given(sada, at, story=f"b{number}")
    with pytest.raises(AllGiven):
        given(sada, at)

    assert given(sada, at + 31 * DAY)


def test_one_that_was_taken_back_was_given(sada, at):
    take_back(given(sada, at), at=at)

    assert left_to_give(sada, at=at) == 4


def test_who_holds_nothing_gives_nothing_and_is_told_so(gate, at):
    fay = cast.fay(at)
    answer = cast.log_in(fay).post("/gift/", {"path": DAM})

    assert (answer.status_code, Gift.objects.count()) == (403, 0)
    assert "Subscribers give articles away" in answer.content.decode()
    with pytest.raises(NothingToGive):
        given(fay, at)


def test_whoever_is_not_logged_in_is_told_to_log_in(gate):
    answer = cast.vera().post("/gift/", {"path": DAM})

    assert answer.status_code == 403
    assert f"/join/?next=/gift/of{DAM}" in answer.content.decode()


def test_and_goes_on_with_it_on_a_page_of_its_own(gate, sada):
    client = cast.log_in(sada)
    page = client.get(f"/gift/of{DAM}").content.decode()

    assert f'name="path" value="{DAM}"' in page
    assert not Gift.objects.exists()
    assert client.post("/gift/", {"path": DAM}).status_code == 303
    assert client.get("/gift/of/nowhere/").status_code == 404
    assert cast.vera().get(f"/gift/of{DAM}")["Location"].endswith(f"/join/?next=/gift/of{DAM}")


@pytest.mark.parametrize(("path", "status"), [(OPEN, 200), ("/nowhere/", 404), ("https://elsewhere.example/", 404), ("", 404)])
def test_what_is_no_gated_article_is_not_given(gate, sada, path, status):
    assert cast.log_in(sada).post("/gift/", {"path": path}).status_code == status
    assert not Gift.objects.exists()


def test_a_form_of_another_site_gives_nothing(gate, sada):
    client = cast.log_in(sada)

    answer = client.post("/gift/", {"path": DAM}, headers={"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not Gift.objects.exists()


# Opening


def test_a_link_opens_its_article_without_an_account_and_no_other(gate, sada, at):
    vera = cast.vera()
    answer = vera.get(path_of(given(sada, at)), headers=OPENS)

    assert (answer.status_code, answer["Location"]) == (303, DAM)
    assert reads(gate, vera)
    assert not reads(gate, vera, RIVER)


def test_a_members_article_opens_too(gate, sada, at):
    vera = cast.vera()
    vera.get(path_of(given(sada, at, "a2", RIVER)), headers=OPENS)

    assert reads(gate, vera, RIVER)
    assert not reads(gate, vera, DAM)


def test_nothing_of_a_link_is_kept_indexed_or_told_to_others(gate, sada, at):
    for path in (path_of(given(sada, at)), "/gift/wrong/"):
        answer = cast.vera().get(path, headers=OPENS)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"


def test_the_same_browser_counts_once(sada, at):
    gift, vera = given(sada, at), cast.vera()
    for _ in range(3):
        vera.get(path_of(gift), headers=OPENS)
    cast.vera().get(path_of(gift), headers=OPENS)

    gift.refresh_from_db()
    assert gift.opened == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a mail scanner, or an old browser
        {"sec-purpose": "prefetch;prerender", **OPENS},
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    ],
)
def test_what_nobody_looks_at_counts_nothing_and_opens_nothing(gate, sada, at, headers):
    gift, vera = given(sada, at), cast.vera()
    answer = vera.get(path_of(gift), headers=headers)
    vera.head(path_of(gift), headers=OPENS)

    gift.refresh_from_db()
    assert (answer.status_code, gift.opened) == (200, 0)
    assert GIFT_COOKIE not in vera.cookies
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_browser_that_says_nothing_opens_by_a_button(gate, sada, at):
    gift, vera = given(sada, at), cast.vera()
    assert f'action="{path_of(gift)}"' in vera.get(path_of(gift)).content.decode()

    vera.post(path_of(gift))

    gift.refresh_from_db()
    assert gift.opened == 1
    assert reads(gate, vera)


def test_no_other_site_presses_the_button(sada, at):
    gift, vera = given(sada, at), cast.vera()
    elsewhere = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}

    assert vera.post(path_of(gift), headers=elsewhere).status_code == 403
    gift.refresh_from_db()
    assert gift.opened == 0


def test_a_gift_is_read_for_half_a_day_and_opened_again_for_nothing(gate, sada, at, noon):
    gift, vera = given(sada, at), cast.vera()
    vera.get(path_of(gift), headers=OPENS)

    noon.shift(timedelta(hours=13))
    assert not reads(gate, vera)
    vera.get(path_of(gift), headers=OPENS)

    assert reads(gate, vera)
    gift.refresh_from_db()
    assert gift.opened == 1


def test_a_link_ends_with_its_days_even_where_it_was_open(gate, sada, at, noon):
    gift, vera = given(sada, at), cast.vera()
    noon.shift(14 * DAY - timedelta(hours=1))
    vera.get(path_of(gift), headers=OPENS)
    assert reads(gate, vera)

    noon.shift(timedelta(hours=1))

    assert not reads(gate, vera)
    assert vera.get(path_of(gift), headers=OPENS)["Location"] == DAM
    assert not reads(gate, vera)


def test_taken_back_it_closes_where_it_was_open_and_opens_nowhere(gate, sada, at):
    gift, vera, other = given(sada, at), cast.vera(), cast.vera()
    vera.get(path_of(gift), headers=OPENS)
    assert reads(gate, vera)

    cast.log_in(sada).post("/account/gifts/", {"end": gift.pk})

    assert not reads(gate, vera)
    other.get(path_of(gift), headers=OPENS)
    assert not reads(gate, other)


def test_nobody_takes_back_another_s(sada, at):
    gift = given(sada, at)

    cast.log_in(cast.rex(at)).post("/account/gifts/", {"end": gift.pk})

    gift.refresh_from_db()
    assert gift.taken_back_at is None


def test_a_gift_costs_a_reader_nothing_of_the_allowance(gate, sada, at):
    gift, rex = given(sada, at), cast.log_in(cast.rex(at))
    before = Opening.objects.count()
    rex.get(path_of(gift), headers=OPENS)

    assert reads(gate, rex)
    assert Opening.objects.count() == before


def test_whoever_gave_it_uses_nothing_up(sada, at):
    gift = given(sada, at)

    cast.log_in(sada).get(path_of(gift), headers=OPENS)

    gift.refresh_from_db()
    assert gift.opened == 0


@pytest.mark.parametrize("wrong", ["wrong", "1", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "x" * 900])
def test_a_wrong_link_opens_nothing(gate, sada, at, wrong):
    given(sada, at)
    vera = cast.vera()

    assert vera.get(f"/gift/{wrong}/").status_code == 404
    assert GIFT_COOKIE not in vera.cookies


def test_parameters_change_nothing(gate, sada, at):
    vera = cast.vera()
    vera.get(f"/gift/wrong/?token[]={path_of(given(sada, at))}&token={DAM}")
    cast.log_in(sada).get("/account/gifts/?given[]=1&given=x")

    assert not reads(gate, vera)


def test_a_cookie_that_is_not_ours_opens_nothing(gate, sada, at):
    vera = cast.vera()
    vera.get(path_of(given(sada, at)), headers=OPENS)
    vera.cookies[GIFT_COOKIE] = vera.cookies[GIFT_COOKIE].value.replace(short("a1"), short("a2"))

    assert not reads(gate, vera)
    assert not reads(gate, vera, RIVER)


def test_the_last_opening_goes_to_one(sada, at):
    MeterRules.objects.update_or_create(pk=MeterRules.load().pk, defaults={"gift_openings": 3})
    gift = given(sada, at)

    def opened(_):
        try:
            return bool(open_gift(gift.pk, had=False, at=at))
        except GiftOver:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(opened, range(12))) == 3


def test_the_last_gift_of_a_month_is_given_once(sada, at):
    for number in range(4):
        given(sada, at, story=f"b{number}")

    def gave(number):
        try:
            return bool(given(sada, at, story=f"c{number}"))
        except AllGiven:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(gave, range(6))) == 1


def test_gifts_long_over_are_forgotten(sada, at):
    given(sada, at)

    assert forget_gifts(at=at + 50 * DAY) == 0
    assert forget_gifts(at=at + 60 * DAY) == 1
