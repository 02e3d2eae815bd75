"""How fast bulk mail goes, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from broadsheet.mailroom.pacing import (
    BURST,
    PROVIDERS,
    RESTS,
    WARM_UP,
    BadPace,
    Pace,
    Road,
    closes_road,
    domains_of,
    go_at,
    gone,
    left_today,
    most_on,
    pace_from,
    provider_of,
    said_later,
    take,
    took,
)

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SIXTY = Pace(usual=60)
ROAD = Road("example.org")


@pytest.mark.parametrize(
    ("road", "goes"),
    [
        (ROAD, AT),
        (replace(ROAD, taken_until=AT - 60 * SECOND), AT),
        (replace(ROAD, taken_until=AT + BURST), AT),
        (replace(ROAD, taken_until=AT + BURST + SECOND), AT + SECOND),
        (replace(ROAD, closed_until=AT + 60 * SECOND), AT + 60 * SECOND),
        (replace(ROAD, closed_until=AT - SECOND), AT),
        (replace(ROAD, taken_until=AT + BURST + 90 * SECOND, closed_until=AT + 60 * SECOND), AT + 90 * SECOND),
    ],
)
def test_when_the_next_message_goes(road, goes):
    assert go_at(road, SIXTY, at=AT) == goes


@pytest.mark.parametrize(
    ("pace", "provider", "in_a_minute"),
    [
        (Pace(usual=60), "example.org", 71),  # what was not sent in the ten seconds before goes at once
        (Pace(usual=6), "example.org", 8),
        (Pace(usual=60, by_provider={"gmail.com": 600}), "gmail.com", 701),
        (Pace(usual=60, by_provider={"gmail.com": 600}), "example.org", 71),
        (Pace(usual=0), "example.org", 2),  # a rate of none at all would keep mail for ever
    ],
)
def test_how_many_go_in_the_first_minute(pace, provider, in_a_minute):
    road, now, count = Road(provider), AT, 0
    while now <= AT + 60 * SECOND:
        road, count = gone(road, pace, at=now), count + 1
        now = go_at(road, pace, at=now)

    assert count == in_a_minute


def test_from_then_on_the_rate_is_the_one_that_was_asked_for():
    road, now, moments = ROAD, AT, []
    for _ in range(200):
        now = go_at(road, SIXTY, at=now)
        road = gone(road, SIXTY, at=now)
        moments.append(now)

    assert {later - earlier for earlier, later in pairwise(moments[20:])} == {SECOND}


def test_each_later_in_a_row_closes_the_road_for_longer():
    road, now, rests = ROAD, AT, []
    for _ in range(8):
        road = said_later(road, at=now)
        rests.append(go_at(road, SIXTY, at=now) - now)
        now = go_at(road, SIXTY, at=now)

    assert rests == [*RESTS, RESTS[-1], RESTS[-1]]


def test_answers_to_what_was_on_its_way_already_lengthen_nothing():
    once = said_later(ROAD, at=AT)

    assert said_later(once, at=AT + SECOND) == once


def test_an_answer_opens_the_road_again():
    road = took(said_later(said_later(ROAD, at=AT), at=AT + timedelta(hours=1)))

    assert (road.rests, go_at(road, SIXTY, at=AT)) == (0, AT)


@pytest.mark.parametrize(
    ("code", "words", "closes"),
    [
        (421, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", True),
        (421, "Service not available", True),
        (450, "4.7.1 rate limited", True),
        (452, "4.3.1 Insufficient system storage", True),
        (451, "too many messages, slow down", True),
        (450, "4.2.0 Greylisted, see you in five minutes", False),
        (452, "4.2.2 The email account that you tried to reach is over quota", False),
        (421, "4.2.1 The user you are trying to contact is receiving mail too quickly", False),
        (450, "Greylisted", False),
        (451, "", False),
    ],
)
def test_one_full_mailbox_closes_no_road(code, words, closes):
    assert closes_road(code, words) is closes


@pytest.mark.parametrize(
    ("day", "sent", "left"),
    [
        (0, 0, WARM_UP[0]),
        (0, WARM_UP[0], 0),
        (0, WARM_UP[0] + 1, 0),
        (1, WARM_UP[0], WARM_UP[1] - WARM_UP[0]),
        (len(WARM_UP) - 1, 0, WARM_UP[-1]),
        (len(WARM_UP), 1_000_000, None),
        (-1, 0, None),  # sends for longer than anybody wrote down
    ],
)
def test_what_may_still_go_today(day, sent, left):
    assert left_today(day, sent) == left


def test_without_a_plan_all_may_go():
    assert most_on(0, ()) is None


def test_a_plan_never_shrinks():
    assert list(WARM_UP) == sorted(WARM_UP)


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("fay@GoogleMail.com", "gmail.com"),
        ("fay@gmail.com", "gmail.com"),
        ("fay@hotmail.com", "outlook.com"),
        ("fay@web.de", "gmx.net"),
        ("fay@example.org", "example.org"),
        ("fay@evil-gmail.com", "evil-gmail.com"),
        ("", ""),
    ],
)
def test_domains_of_one_provider_share_its_road(address, provider):
    assert provider_of(address) == provider


def test_no_domain_is_of_two_providers():
    domains = [domain for provider, others in PROVIDERS.items() for domain in (provider, *others)]

    assert len(domains) == len(set(domains))


@pytest.mark.parametrize(
    ("count", "left", "now", "then"),
    [
        (5, None, 5, AT),
        (50, None, 11, AT + SECOND),
        (5, 3, 3, AT + timedelta(days=1)),
        (5, 0, 0, AT + timedelta(days=1)),
        (50, 20, 11, AT + SECOND),
    ],
)
def test_of_many_so_many_go_now_and_the_others_ask_again(count, left, now, then):
    turn = take(ROAD, SIXTY, count, at=AT, left=left)

    assert (turn.now, turn.then) == (now, then)


def test_a_closed_road_takes_nothing():
    turn = take(said_later(ROAD, at=AT), SIXTY, 5, at=AT)

    assert (turn.now, turn.then) == (0, AT + RESTS[0])


def test_rates_are_read_as_the_desk_writes_them():
    pace = pace_from(600, "gmail.com 300\n\nhotmail.com: 60\n web.de = 5 \n")

    assert pace.by_provider == {"gmail.com": 300, "outlook.com": 60, "gmx.net": 5}


@pytest.mark.parametrize("line", ["gmail.com", "gmail.com fast", "gmail.com 0", "300", "gmail.com -3"])
def test_words_that_say_no_pace_are_refused(line):
    with pytest.raises(BadPace):
        pace_from(600, line)


def test_a_provider_s_domains_are_those_that_lead_to_it():
    assert all(provider_of(f"fay@{domain}") == provider for provider in PROVIDERS for domain in domains_of(provider))
