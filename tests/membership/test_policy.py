"""The rules of membership as tables."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.access.passes import short
from broadsheet.membership.policy import (
    FOREVER,
    NoAddress,
    OpenedStory,
    Payment,
    Term,
    canonical_address,
    entitled_until,
    held,
    is_variant,
    meter,
    month_of,
    tidy_address,
    tidy_code,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WEEK = 7 * DAY


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("fay@example.org", "fay@example.org"),
        (" Fay@Example.ORG ", "fay@example.org"),
        ("fay+news@example.org", "fay@example.org"),
        ("fay+a+b@example.org", "fay@example.org"),
        ("f.a.y@example.org", "f.a.y@example.org"),
        ("f.a.y+x@gmail.com", "fay@gmail.com"),
        ("Fay@GoogleMail.com", "fay@gmail.com"),
        ("fay@Bücher.example", "fay@xn--bcher-kva.example"),
        ("fay@xn--bcher-kva.example", "fay@xn--bcher-kva.example"),
        ("fay@example.org.", "fay@example.org"),
        ("+@example.org", "+@example.org"),
        ("...@gmail.com", "...@gmail.com"),
    ],
)
def test_variants_of_an_address_are_one_person(written, canonical):
    assert canonical_address(written) == canonical


@pytest.mark.parametrize(
    ("address", "variant"),
    [
        ("Fay.Low@Example.org", False),
        ("fay+x@example.org", True),
        ("faylow@gmail.com", False),
        ("fay.low@gmail.com", True),
        ("faylow@googlemail.com", True),
    ],
)
def test_a_variant_is_written_otherwise_than_the_address_behind_it(address, variant):
    assert is_variant(address) is variant


@pytest.mark.parametrize("text", ["", "fay", "@example.org", "fay@", "fay@.", "fay@" + "x" * 64 + ".org"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(NoAddress):
        tidy_address(text)


@pytest.mark.parametrize("typed", ["BCDFGH", "bcd-fgh", " b c d – f g h ", "BCD‑FGH.", "ＢＣＤＦＧＨ"])
def test_a_code_may_be_typed_as_it_comes(typed):
    assert tidy_code(typed) == "BCDFGH"


@pytest.mark.parametrize(
    ("zone", "at", "first"),
    [
        ("Europe/London", datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("Europe/London", datetime(2026, 3, 31, 23, 0, 0, tzinfo=UTC), date(2026, 4, 1)),  # summer time since the 29th
        ("Europe/London", datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), date(2026, 10, 1)),
        ("Europe/London", datetime(2026, 11, 1, tzinfo=UTC), date(2026, 11, 1)),
        ("America/New_York", datetime(2026, 3, 1, 4, 59, 59, tzinfo=UTC), date(2026, 2, 1)),
        ("America/New_York", datetime(2026, 3, 1, 5, tzinfo=UTC), date(2026, 3, 1)),
        ("Pacific/Kiritimati", datetime(2025, 12, 31, 10, tzinfo=UTC), date(2026, 1, 1)),
        ("Asia/Kathmandu", datetime(2028, 2, 29, 18, 14, 59, tzinfo=UTC), date(2028, 2, 1)),
        ("Asia/Kathmandu", datetime(2028, 2, 29, 18, 15, tzinfo=UTC), date(2028, 3, 1)),
    ],
)
def test_a_month_is_the_publication_s_own(zone, at, first):
    month = month_of(at, ZoneInfo(zone))

    assert month.first == first
    assert month.starts_at <= at < month.ends_at


def test_a_month_whose_first_midnight_is_skipped_begins_when_the_day_does():
    paraguay = ZoneInfo("America/Asuncion")  # clocks went from 23:59:59 to 01:00 on 1 October 2017

    october = month_of(datetime(2017, 10, 15, tzinfo=UTC), paraguay)

    assert october.starts_at == datetime(2017, 10, 1, 4, tzinfo=UTC)
    assert month_of(october.starts_at, paraguay) == october
    assert month_of(october.starts_at - SECOND, paraguay).first == date(2017, 9, 1)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Asuncion"])
def test_months_leave_no_gap_and_do_not_overlap(zone):
    month = month_of(datetime(2015, 1, 10, tzinfo=UTC), ZoneInfo(zone))
    for _ in range(150):
        following = month_of(month.ends_at, ZoneInfo(zone))
        assert following.starts_at == month.ends_at
        month = following


@pytest.mark.parametrize(
    ("openings", "left"),
    [
        ([], 3),
        ([OpenedStory("a1")], 2),
        ([OpenedStory("a1"), OpenedStory("a2"), OpenedStory("a3")], 0),
        ([OpenedStory("a1", counted=False), OpenedStory("a2")], 2),
        ([OpenedStory(f"a{n}") for n in range(5)], 0),  # the house rule was lowered in mid-month
    ],
)
def test_what_is_left_of_an_allowance_of_three(openings, left):
    result = meter(3, openings)

    assert result.left == left
    assert result.opened == {short(opening.story) for opening in openings}


def test_a_paid_term_is_half_open():
    term = Term(NOON - DAY, NOON)

    assert entitled_until([term], at=NOON - SECOND, grace=WEEK) == NOON
    assert entitled_until([term], at=NOON, grace=WEEK) is None
    assert entitled_until([Term(NOON, None)], at=NOON - SECOND, grace=WEEK) is None


def test_a_failed_charge_leaves_the_days_of_grace():
    past_due = Term(NOON - 30 * DAY, NOON, Payment.PAST_DUE)

    assert entitled_until([past_due], at=NOON + WEEK - SECOND, grace=WEEK) == NOON + WEEK
    assert entitled_until([past_due], at=NOON + WEEK, grace=WEEK) is None


def test_a_lapsed_term_carries_nobody():
    assert entitled_until([Term(NOON - DAY, NOON + DAY, Payment.LAPSED)], at=NOON, grace=WEEK) is None


def test_the_best_term_counts():
    terms = [Term(NOON - DAY, NOON + DAY), Term(NOON - DAY, NOON + 9 * DAY), Term(NOON - DAY, NOON + 99 * DAY, Payment.LAPSED)]

    assert entitled_until(terms, at=NOON, grace=WEEK) == NOON + 9 * DAY


def test_a_term_without_an_end_carries_for_ever():
    assert entitled_until([Term(NOON - DAY, None)], at=NOON, grace=WEEK) == FOREVER


def test_staff_hold_everything_without_a_term():
    assert held([], at=NOON, grace=WEEK, staff=True).entitled_until == FOREVER


@pytest.mark.parametrize(
    ("terms", "failed"),
    [
        ([], False),
        ([Term(NOON - 9 * DAY, NOON - DAY)], False),
        ([Term(NOON - 9 * DAY, NOON - DAY, Payment.PAST_DUE)], True),
        ([Term(NOON - 99 * DAY, NOON - 50 * DAY, Payment.PAST_DUE)], True),
        ([Term(NOON - 99 * DAY, NOON - 50 * DAY, Payment.PAST_DUE), Term(NOON - 20 * DAY, NOON - DAY)], False),
        ([Term(NOON + DAY, NOON + 9 * DAY, Payment.PAST_DUE)], False),
    ],
)
def test_a_payment_has_failed_where_the_last_term_is_past_due(terms, failed):
    assert held(terms, at=NOON, grace=WEEK, staff=False).payment_failed == failed
