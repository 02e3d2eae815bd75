"""The table of docs/standing.md, line by line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.billing.policy import Payment, Sold, Status, carried

DAY = timedelta(days=1)
BEGAN = datetime(2026, 1, 10, 12, tzinfo=UTC)
PERIOD = datetime(2026, 3, 10, 12, tzinfo=UTC)
ENDS = datetime(2026, 4, 10, 12, tzinfo=UTC)
TRIAL = BEGAN + 14 * DAY
SOON = datetime(2026, 3, 20, 12, tzinfo=UTC)

TABLE = Path(__file__).resolve().parents[2] / "docs" / "standing.md"

# status, what else holds, until when, how it was paid; in the order of the page
LINES = [
    ("incomplete", {}, None, ""),
    ("incomplete_expired", {}, None, ""),
    ("trialing", {"trial_ends_at": TRIAL}, TRIAL, "paid"),
    ("trialing", {"trial_ends_at": TRIAL, "cancel_at": TRIAL - DAY}, TRIAL - DAY, "paid"),
    ("active", {}, ENDS + DAY, "paid"),
    ("active", {"cancel_at": ENDS}, ENDS, "paid"),
    ("active", {"owed_from": PERIOD}, PERIOD + DAY, "paid"),
    ("active", {"owed_from": PERIOD, "drafted": True}, PERIOD + 4 * DAY, "paid"),
    ("active", {"collection_paused": True, "owed_from": PERIOD}, PERIOD, "paid"),
    ("past_due", {"owed_from": PERIOD}, PERIOD, "past_due"),
    ("unpaid", {"owed_from": PERIOD}, PERIOD, "lapsed"),
    ("paused", {"trial_ends_at": TRIAL}, TRIAL, "paid"),
    ("canceled", {"ended_at": SOON}, SOON, "paid"),
    ("canceled", {"ended_at": SOON, "owed_from": PERIOD}, PERIOD, "paid"),
    ("active", {"refunded_at": SOON}, SOON, "paid"),
    ("past_due", {"owed_from": PERIOD + 20 * DAY, "disputed_at": SOON}, SOON, "paid"),
    ("active", {"refunded_at": SOON, "disputed_at": PERIOD}, PERIOD, "paid"),
]


def sold(status: str, **other: object) -> Sold:
    return Sold(status=Status(status), starts_at=BEGAN, period_ends_at=ENDS, **other)


@pytest.mark.parametrize(("status", "other", "ends_at", "payment"), LINES)
def test_each_status_has_one_rule(status, other, ends_at, payment):
    term = carried(sold(status, **other))

    if ends_at is None:
        assert term is None
    else:
        assert (term.starts_at, term.ends_at, term.payment) == (BEGAN, ends_at, Payment(payment))


def test_the_page_says_the_same():
    rows = [line.split("|")[1:-1] for line in TABLE.read_text().splitlines() if line.startswith("| ")][1:]
    said = [(status.strip(), payment.strip()) for status, _, _, payment in rows]

    assert [payment for _, payment in said] == [payment for *_, payment in LINES]
    assert [status for status, _ in said[:-3]] == [status for status, *_ in LINES[:-3]]
    assert {status for status, _ in said} == {*Status, "any"}


def test_a_refund_after_the_end_changes_nothing():
    ended = sold("canceled", ended_at=SOON, refunded_at=SOON + DAY)

    assert carried(ended).ends_at == SOON


def test_a_dispute_in_the_first_second_leaves_nothing():
    assert carried(sold("active", disputed_at=BEGAN)) is None
