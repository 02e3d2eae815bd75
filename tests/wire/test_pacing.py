"""When a source is asked again, and what the desk is told of how it fares."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.wire.pacing import DOZES_OFF_AFTER, LATEST, SOONEST, SPREAD, History, Level, dozes_off_at, health, next_at

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def publishing(every, *, times=30, last=timedelta(), **about):
    """The newest came out `last` ago."""
    return History(tried_at=NOW, published=tuple(NOW - last - every * number for number in range(times)), **about)


@pytest.mark.parametrize(
    ("history", "least", "most"),
    [
        (publishing(MINUTE), 5 * MINUTE, 5 * MINUTE),
        (publishing(HOUR), 8 * MINUTE, 11 * MINUTE),
        (publishing(HOUR, last=12 * HOUR), 15 * MINUTE, 16 * MINUTE),
        (publishing(DAY), 3 * HOUR, 4 * HOUR),
        (publishing(DAY / 10, times=10, last=DAY / 2), 33 * MINUTE, 34 * MINUTE),
        (publishing(7 * DAY), DAY, DAY),
        (publishing(HOUR, last=400 * DAY), DAY, DAY),
        (publishing(-DAY, times=3, last=-DAY), HOUR, HOUR),
        (History(tried_at=NOW), HOUR, HOUR),
        (publishing(MINUTE, says_unchanged=False), 15 * MINUTE, 15 * MINUTE),
        (publishing(MINUTE, max_age=1_800), 30 * MINUTE, 30 * MINUTE),
        (publishing(MINUTE, max_age=31_536_000), HOUR, HOUR),
        (publishing(MINUTE, retry_after=7_200), 2 * HOUR, 2 * HOUR),
        (publishing(MINUTE, retry_after=1e30), DAY, DAY),
        (publishing(MINUTE, failures=1), 10 * MINUTE, 10 * MINUTE),
        (publishing(MINUTE, failures=4), 80 * MINUTE, 80 * MINUTE),
        (publishing(MINUTE, failures=4, retry_after=7_200), 2 * HOUR, 2 * HOUR),
        (publishing(MINUTE, failures=4_000), DAY, DAY),
        (publishing(DAY, failures=1), 3 * HOUR, 4 * HOUR),
    ],
)
def test_a_pause_is_as_long_as_the_source_makes_it(history, least, most):
    assert least <= next_at(history, at=NOW, jitter=0) - NOW <= most


def test_a_source_that_was_never_asked_is_asked_now():
    assert next_at(History(), at=NOW, jitter=0.9) == NOW


def test_a_source_that_is_gone_is_asked_no_more():
    assert next_at(publishing(HOUR, gone_at=NOW, failures=1), at=NOW, jitter=0) is None


def test_chance_parts_what_began_together():
    weekly = publishing(7 * DAY)
    moments = [next_at(weekly, at=NOW, jitter=jitter) for jitter in (0, 0.3, 0.6, 0.9)]

    assert moments == sorted(set(moments))
    assert moments[-1] - NOW <= (moments[0] - NOW) * 1.1


@given(
    every=st.timedeltas(timedelta(seconds=1), timedelta(days=4_000)),
    times=st.integers(0, 40),
    failures=st.integers(0, 10_000),
    asked_for=st.one_of(st.none(), st.floats(-1e9, 1e15)),
    jitter=st.floats(0, 0.999),
)
def test_no_pause_is_shorter_than_minutes_or_longer_than_a_day_by_much(every, times, failures, asked_for, jitter):
    told = publishing(min(every, timedelta(days=1_000)), times=times, failures=failures, retry_after=asked_for, max_age=asked_for)

    assert SOONEST <= next_at(told, at=NOW, jitter=jitter) - NOW <= LATEST * (1 + SPREAD)


@pytest.mark.parametrize(
    ("history", "level", "sentence"),
    [
        (History(), Level.NEW, "Not asked yet."),
        (History(tried_at=NOW), Level.WELL, "Answers. It has brought nothing yet."),
        (publishing(HOUR / 2), Level.WELL, "Answers. About 51 items a day."),
        (publishing(DAY * 3.5), Level.WELL, "Answers. About 2 items a week."),
        (publishing(DAY * 10, last=DAY), Level.WELL, "Answers. About 3 items a month."),
        (publishing(DAY * 80), Level.WELL, "Answers. About one item a month, or fewer."),
        (publishing(DAY, last=100 * DAY), Level.ASLEEP, "Answers, but has brought nothing new since 22 November 2025."),
        (
            publishing(DAY, failures=1, failing_since=NOW, trouble="It took longer than 20 seconds."),
            Level.FALTERING,
            "Failed the last time. It took longer than 20 seconds.",
        ),
        (
            publishing(DAY, failures=7, failing_since=NOW - DAY, trouble="There is nothing at this address (404)."),
            Level.FAILING,
            "Failed 7 times in a row since 1 March 2026. There is nothing at this address (404).",
        ),
        (
            publishing(DAY, gone_at=NOW, failures=1),
            Level.GONE,
            "Gone for good since 2 March 2026, as its server says. It is not asked any more.",
        ),
    ],
)
def test_health_is_a_sentence(history, level, sentence):
    told = health(history, at=NOW)

    assert (told.level, told.sentence) == (level, sentence)


def test_a_source_dozes_off_at_a_moment_that_one_new_item_puts_off():
    quiet = publishing(DAY, last=DOZES_OFF_AFTER)
    awake = replace(quiet, published=(*quiet.published, NOW))

    assert (dozes_off_at(quiet), health(quiet, at=NOW).level) == (NOW, Level.ASLEEP)
    assert (dozes_off_at(awake), health(awake, at=NOW).level) == (NOW + DOZES_OFF_AFTER, Level.WELL)
    assert dozes_off_at(History(tried_at=NOW)) is None
