"""Where one is logged in: a row a session, as many as the house allows, each ended for good."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from broadsheet.access.terms import Audience
from broadsheet.membership.actions import end_sessions
from broadsheet.membership.actions.devices import devices_of, end_device, forget_devices, keep_device
from broadsheet.membership.agents import described
from broadsheet.membership.models import Device, MeterRules, Revocation
from broadsheet.membership.renewal import renew
from tests import cast

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def renewed(key, agent=FIREFOX):
    return renew({"HTTP_COOKIE": f"session={key}", "HTTP_USER_AGENT": agent}, None, Audience.METERED)


def enter(reader, at, count=1):
    """So many browsers, an hour after one another."""
    keys = [cast.session_of(reader) for _ in range(count)]
    for number, key in enumerate(keys):
        keep_device(reader, key, agent=FIREFOX, at=at + number * HOUR)
    return keys


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.9", "A browser"),
        ("<script>" * 99, "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_words_and_no_finer(agent, words):
    assert described(agent) == words


def test_a_session_has_a_row_as_soon_as_a_gate_has_seen_it(at, noon):
    fay = cast.fay(at)
    key = cast.session_of(fay)
    noon.shift(timedelta(minutes=25))

    assert renewed(key).a_pass is not None
    assert renewed(key).a_pass is not None

    device = Device.objects.get()
    assert (device.reader, device.session_key, device.described) == (fay, key, "Firefox on Linux")
    assert device.seen_at.minute == 0


def test_it_was_seen_to_the_hour(at):
    fay = cast.fay(at)
    (key,) = enter(fay, at)

    keep_device(fay, key, agent="another now", at=at + 3 * HOUR + timedelta(minutes=59))

    assert Device.objects.get().seen_at == (at + 3 * HOUR).replace(minute=0)
    assert Device.objects.get().described == "Firefox on Linux"


def test_the_sixth_device_ends_the_one_not_used_the_longest_and_no_other(at):
    fay = cast.fay(at)
    keys = enter(fay, at, 5)
    keep_device(fay, keys[0], agent=FIREFOX, at=at + 9 * HOUR)
    before = Revocation.objects.count()

    (sixth,) = enter(fay, at + 10 * HOUR)

    assert {device.session_key for device in devices_of(fay)} == {keys[0], *keys[2:], sixth}
    assert Revocation.objects.count() == before + 1
    assert renewed(keys[1]).a_pass is None
    assert renewed(keys[0]).a_pass is not None


def test_the_house_says_how_many(at):
    rules = MeterRules.load()
    rules.devices = 0
    rules.save()
    fay = cast.fay(at)

    assert len(enter(fay, at, 9)) == len(devices_of(fay)) == 9


def test_another_reader_s_devices_are_not_counted(at):
    enter(cast.rex(at), at, 5)
    enter(cast.fay(at), at, 1)

    assert not Device.objects.filter(ended_at__isnull=False).exists()


def test_whoever_was_crowded_out_is_told_at_the_next_page(at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)
    keep_device(fay, browser.cookies["session"].value, agent="", at=at - 9 * HOUR)
    enter(fay, at, 5)

    answer = browser.get("/account/", follow=True)

    assert answer.redirect_chain == [("/join/?next=/account/", 302)]
    assert "you logged in on another device" in answer.content.decode()


def test_the_gate_s_answer_says_it_too(at):
    fay = cast.fay(at)
    (key,) = enter(fay, at)
    end_device(Device.objects.get(), why=Device.Why.CROWDED, at=at)

    cookies = renewed(key).cookies

    assert [each for each in cookies if each.startswith("ended=crowded")]


def test_a_reader_ends_another_device_and_stays(at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)
    (other,) = enter(fay, at)
    device = Device.objects.get(session_key=other)

    answer = browser.post("/account/devices/", {"device": device.pk})

    assert (answer.status_code, answer["Location"]) == (303, "/account/devices/")
    assert renewed(other).a_pass is None
    assert browser.get("/account/devices/").status_code == 200
    assert Revocation.objects.latest("change").reader_id == fay.pk


def test_ending_this_one_is_logging_out(at):
    browser = cast.log_in(cast.fay(at))
    browser.get("/account/devices/")

    answer = browser.post("/account/devices/", {"device": Device.objects.get().pk})

    assert answer["Location"] == "/leave/"
    assert not Device.objects.exists()


def test_all_others_end_with_one_press(at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)
    keys = enter(fay, at, 3)
    unseen = cast.session_of(fay)

    browser.post("/account/devices/", {"others": "yes"})

    assert [renewed(key).a_pass for key in [*keys, unseen]] == [None] * 4
    assert browser.get("/account/devices/").status_code == 200
    assert [each.session_key for each in devices_of(fay)] == [browser.cookies["session"].value]


@pytest.mark.parametrize("named", ["", "x", "0", "99999999999999999999999", "-1"])
def test_what_names_no_device_ends_none(at, named):
    fay = cast.fay(at)
    browser = cast.log_in(fay)
    enter(fay, at)

    assert browser.post("/account/devices/", {"device": named}).status_code == 303
    assert len(devices_of(fay)) == 2


def test_nobody_ends_another_s_device(at):
    (key,) = enter(cast.rex(at), at)
    browser = cast.log_in(cast.fay(at))

    browser.post("/account/devices/", {"device": Device.objects.get(session_key=key).pk})

    assert renewed(key).a_pass is not None


def test_what_ends_all_sessions_ends_all_devices(at):
    fay = cast.fay(at)
    enter(fay, at, 2)

    end_sessions(fay, why="closed", at=at)

    assert not Device.objects.filter(ended_at=None).exists()


def test_logging_out_leaves_no_row(at):
    browser = cast.log_in(cast.fay(at))
    browser.get("/account/devices/")

    browser.post("/leave/")

    assert not Device.objects.exists()


def test_ended_devices_are_forgotten_after_a_month(at):
    fay = cast.fay(at)
    enter(fay, at)
    end_device(Device.objects.get(), why=Device.Why.BY_READER, at=at)

    assert forget_devices(at=at + timedelta(days=30)) == 0
    assert forget_devices(at=at + timedelta(days=31)) == 1


def test_the_page_names_each_and_no_key(at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)
    (other,) = enter(fay, timezone.now())

    shown = browser.get("/account/devices/").content.decode()

    assert "Firefox on Linux" in shown
    assert "(this one)" in shown
    assert "five devices at once" in shown
    assert other not in shown
