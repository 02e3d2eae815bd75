"""What whoever has no account may open: nothing, unless the house says so; then so many a month, counted here."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.db import connections

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience, Reason
from broadsheet.gate.app import Gate
from broadsheet.gate.database import Database
from broadsheet.gate.memory import Memory
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.shelf import Shelf
from broadsheet.gate.spool import Spool
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership import queries
from broadsheet.membership.actions import forget_visitors, open_as_visitor
from broadsheet.membership.models import Allowance, MeterRules, Opening, Reader
from broadsheet.membership.renewal import renew
from tests import cast
from tests.gate.browser import Browser
from tests.gate.pressroom import press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

FIRST, SECOND, THIRD = "/briefings/one/", "/briefings/two/", "/briefings/three/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NETWORK = "198.51.100.0/24"
WALLS = {wall: f"preview, {wall}" for wall in (Reason.REGISTER, Reason.RETURN, Reason.CONFIRM)}


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def house(tmp_path):
    """The gate as it runs, with membership behind it. `asked`: the stories that membership was asked about."""
    for number, path in enumerate((FIRST, SECOND, THIRD), 1):
        press(path, Audience.METERED, story=f"a{number}", previews=WALLS)
    database = Database(settings.DATABASE_URL)
    its = GateSettings(database_url=settings.DATABASE_URL, secrets=(settings.SECRET_KEY,), spool=tmp_path)
    memory, asked = Memory(database), []

    def asking(environ, story, audience):
        asked.append(story)
        return renew(environ, story, audience)

    gate = Gate(its, memory, Shelf(database, most_bytes=10_000), Spool(tmp_path), behind=None, renew=asking, print_wall=None)
    memory.catch_up()
    yield SimpleNamespace(gate=gate, memory=memory, asked=asked)
    database.close()


def allow(house, number, **others):
    """As the desk does it; then the gate looks, which it does five times a second."""
    MeterRules.objects.update_or_create(pk=1, defaults={"anonymous_allowance": number, **others})
    house.memory.catch_up()


class Vera:
    """A browser that keeps its cookies."""

    def __init__(self, house):
        self.cookies, self._browser = {}, Browser(house.gate)

    def get(self, path, **more):
        answer = self._browser.get(path, cookies=self.cookies, **{"HTTP_USER_AGENT": FIREFOX, **more})
        for name, value in answer.headers:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer

    def reads(self, path, **more):
        return self.get(path, **more).text == "full"


def test_without_the_rule_a_stranger_meets_the_wall_as_fast_as_ever(house):
    answer = Vera(house).get(FIRST)

    assert answer.text == "preview, register"
    assert house.asked == []
    assert answer["Set-Cookie"] == ""


def test_a_stranger_opens_as_many_as_the_house_says_and_reads_them_again(house):
    allow(house, 2)
    vera = Vera(house)

    assert [vera.reads(path) for path in (FIRST, SECOND, THIRD, FIRST, THIRD)] == [True, True, False, True, False]
    assert house.asked == ["a1", "a2"]  # once a story; what is open or spent is known by the cookie
    assert vera.get(THIRD).text == "preview, register"


def test_the_visitor_s_pass_is_no_script_s_and_ends_with_the_month(house, noon):
    allow(house, 1)
    vera = Vera(house)
    sent = [value for name, value in vera.get(FIRST).headers if name == "Set-Cookie" and value.startswith("visitor=")]

    assert "HttpOnly" in sent[0]
    assert "SameSite=Lax" in sent[0]
    noon.shift(timedelta(days=31))
    assert vera.reads(SECOND)
    assert not vera.reads(FIRST)


@pytest.mark.parametrize(
    "request_of",
    [
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"HTTP_USER_AGENT": "curl/8.5"},
        {"HTTP_USER_AGENT": ""},
        {"method": "HEAD"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_FETCH_DEST": "image"},
    ],
)
def test_robots_and_whoever_only_asks_ahead_spend_nothing(house, request_of):
    allow(house, 1)

    assert "visitor=" not in Vera(house).get(FIRST, **request_of)["Set-Cookie"]
    assert house.asked == []
    assert not Allowance.objects.exists()


def test_cookies_thrown_away_gain_no_more_than_a_network_has_a_day(house, noon):
    allow(house, 1, first_articles_a_network=2)

    assert [Vera(house).reads(FIRST) for _ in range(4)] == [True, True, False, False]
    assert Vera(house).reads(FIRST, REMOTE_ADDR="203.0.113.7")
    noon.shift(timedelta(days=1))
    assert Vera(house).reads(FIRST)


def test_a_browser_refused_for_its_network_is_not_looked_up_at_each_page(house):
    allow(house, 1, first_articles_a_network=0)
    vera = Vera(house)
    vera.get(FIRST)
    vera.get(SECOND)

    assert house.asked == ["a1"]


def test_a_forged_pass_opens_nothing_and_names_nobody(house):
    allow(house, 1)
    vera = Vera(house)
    vera.reads(FIRST)
    vera.cookies["visitor"] = vera.cookies["visitor"].replace(short("a1"), short("a2"))

    assert vera.reads(SECOND)  # as somebody who was never seen before
    assert Allowance.objects.count() == 2


def test_an_old_pass_played_again_spends_no_more_than_there_is(house):
    allow(house, 2)
    vera = Vera(house)
    vera.reads(FIRST)
    old = dict(vera.cookies)
    vera.reads(SECOND)
    vera.cookies = old

    assert not vera.reads(THIRD)


def test_the_rule_changed_at_the_desk_counts_at_once(house):
    vera = Vera(house)
    allow(house, 1)
    before = [vera.reads(FIRST), vera.reads(SECOND)]
    allow(house, 2)
    raised = vera.reads(SECOND)
    allow(house, 0)

    assert (before, raised, vera.reads(FIRST)) == ([True, False], True, False)


def test_what_only_members_read_no_visitor_opens(house):
    allow(house, 5)
    press("/reports/delta/", Audience.MEMBERS, previews={"subscribe": "preview, subscribe"}, story="a9")
    house.memory.catch_up()

    assert Vera(house).get("/reports/delta/").text == "preview, subscribe"
    assert house.asked == []


def test_two_requests_at_once_open_one_where_there_is_one(at):
    MeterRules.objects.create(pk=1, anonymous_allowance=2)
    visitor, _ = open_as_visitor(visitor=0, story="a1", network=NETWORK, at=at)

    def ask(story):
        try:
            return open_as_visitor(visitor=visitor, story=story, network=NETWORK, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as many:
        list(many.map(ask, ["a2", "a3", "a4"]))

    assert Opening.objects.count() == 2


# Registering


def register(vera, *, confirmed_in=None):
    """Sends an address from this browser, and follows the mail's link in this one or another."""
    sender = cast.browser()
    sender.cookies.load(vera.cookies)
    sender.post("/join/", {"email": "vera@example.org", "next": THIRD})
    link = re.search(r"/join/link/[^/\s]+/", Dispatch.objects.order_by("pk").last().text)[0]
    browser = confirmed_in or sender
    browser.post(link)
    vera.cookies = {name: morsel.value for name, morsel in browser.cookies.items() if morsel.value}
    return Reader.objects.get(email="vera@example.org")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_was_opened_before_registering_counts_against_the_three_and_stays_open(house, at, elsewhere):
    allow(house, 2)
    vera = Vera(house)
    vera.reads(FIRST)
    vera.reads(SECOND)

    reader = register(vera, confirmed_in=cast.browser() if elsewhere else None)

    meter = queries.holding_of(reader, at=at, generation=0).meter
    assert meter.left == 1
    assert meter.opened == {short("a1"), short("a2"), short("a3")}  # the third for nothing, as everybody's first
    assert Allowance.objects.count() == 1
    assert all(vera.reads(path) for path in (FIRST, SECOND, THIRD))


def test_whoever_leaves_after_registering_begins_no_second_allowance(house):
    allow(house, 2)
    vera = Vera(house)
    vera.reads(FIRST)
    register(vera)
    del vera.cookies["session"]
    press("/briefings/four/", Audience.METERED, story="a4", previews=WALLS)
    house.memory.catch_up()

    assert not vera.reads("/briefings/four/")
    assert vera.reads(FIRST)
    assert Allowance.objects.count() == 1


def test_an_address_on_its_way_opens_no_more_as_a_visitor(house):
    allow(house, 2)
    vera = Vera(house)
    vera.reads(FIRST)
    sender = cast.browser()
    sender.cookies.load(vera.cookies)
    sender.post("/join/", {"email": "vera@example.org", "next": SECOND})
    vera.cookies["first"] = sender.cookies["first"].value

    assert [vera.reads(path) for path in (FIRST, SECOND)] == [True, True]
    assert vera.get(THIRD).text == "preview, confirm"


def test_visitors_of_past_months_are_forgotten_and_readers_are_not(at):
    MeterRules.objects.create(pk=1, anonymous_allowance=1)
    fay = cast.fay(at)
    open_as_visitor(visitor=0, story="a1", network=NETWORK, at=at)

    assert forget_visitors(at=at) == 0
    assert forget_visitors(at=at + timedelta(days=31)) == 1
    assert Allowance.objects.get() == fay.allowance
