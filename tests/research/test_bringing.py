"""What a briefing brings: nothing twice, so many at most, only what was chosen, and the same of the same."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.research.bringing import (
    MOST,
    Candidate,
    Sort,
    chosen,
    last_due,
    next_due,
    since,
    why,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
SUBJECTS = ("country:1", "country:2", "issue:1", "region:1")

candidates = st.lists(
    st.builds(
        Candidate,
        key=st.integers(0, 30).map("article:{}".format),
        sort=st.sampled_from(Sort),
        subjects=st.lists(st.sampled_from((*SUBJECTS, "country:9")), max_size=3, unique=True).map(tuple),
        came_out_at=st.integers(0, 500).map(lambda hours: NOON - hours * HOUR),
    ),
    max_size=40,
)
wanted = st.lists(st.sampled_from(SUBJECTS), min_size=1, unique=True).map(tuple)
keys = st.sets(st.integers(0, 30).map("article:{}".format))


def an(number, sort=Sort.ARTICLE, *, of=("country:1",), hours=0):
    return Candidate(f"{sort}:{number}", sort, of, NOON - hours * HOUR)


@given(candidates, wanted, keys, st.integers(3, 15))
def test_nothing_comes_twice_nor_more_than_asked_nor_what_was_not_chosen(offered, subjects, brought, most):
    found = chosen(offered, subjects=subjects, brought=brought, most=most)

    assert len(found) <= min(most, MOST)
    assert len({one.key for one in found}) == len(found)
    assert not {one.key for one in found} & brought
    assert all(set(one.subjects) & set(subjects) for one in found)


@given(candidates, wanted, keys, st.integers(3, 12), st.randoms(use_true_random=False))
def test_the_order_in_which_they_were_found_changes_nothing(offered, subjects, brought, most, random):
    distinct = list({one.key: one for one in offered}.values())
    shuffled = random.sample(distinct, len(distinct))

    said = {"subjects": subjects, "brought": brought, "most": most}
    assert chosen(distinct, **said) == chosen(shuffled, **said)


@given(candidates, wanted, keys, st.integers(3, 12))
def test_no_place_stays_empty_while_something_is_left(offered, subjects, brought, most):
    left = {one.key for one in offered if set(one.subjects) & set(subjects)} - brought

    assert len(chosen(offered, subjects=subjects, brought=brought, most=most)) == min(most, len(left))


def test_each_subject_has_its_turn():
    busy = [an(number, hours=number) for number in range(9)]
    quiet = an(10, of=("issue:1",), hours=90)

    found = chosen([*busy, quiet], subjects=("country:1", "issue:1"), brought=(), most=3)

    assert found == [busy[0], quiet, busy[1]]


def test_a_report_comes_before_newer_articles_of_its_subject():
    report, article = an(1, Sort.REPORT, hours=50), an(2)

    assert chosen([article, report], subjects=SUBJECTS, brought=(), most=3) == [report, article]


def test_links_fill_a_third_and_more_only_where_there_is_too_little_else():
    links, ours = [an(n, Sort.LINK) for n in range(9)], [an(n) for n in range(9)]
    few = ours[:2]

    sorts = [one.sort for one in chosen([*links, *ours], subjects=SUBJECTS, brought=(), most=6)]
    assert sorts == [Sort.ARTICLE] * 4 + [Sort.LINK] * 2
    assert [one.sort for one in chosen([*links, *few], subjects=SUBJECTS, brought=(), most=6)].count(Sort.LINK) == 4


# When


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 4, 5, 59, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC)),  # Wednesday, before seven in Berlin
        (datetime(2026, 3, 4, 6, 0, tzinfo=UTC), datetime(2026, 3, 4, 6, tzinfo=UTC)),
        (datetime(2026, 3, 8, 6, 0, tzinfo=UTC), datetime(2026, 3, 4, 6, tzinfo=UTC)),
        (datetime(2026, 3, 30, 5, 0, tzinfo=UTC), datetime(2026, 3, 30, 5, tzinfo=UTC)),  # the clocks went forward
    ],
)
def test_a_briefing_comes_on_its_days_at_the_publications_own_hour(at, expected):
    assert last_due({0, 2}, 7, at=at, zone=BERLIN) == expected


def test_the_next_one_follows_the_last():
    last, following = (due({0, 2}, 7, at=NOON, zone=BERLIN) for due in (last_due, next_due))

    assert (last, following) == (datetime(2026, 3, 4, 6, tzinfo=UTC), datetime(2026, 3, 9, 6, tzinfo=UTC))


def test_of_no_days_none_comes():
    assert last_due((), 7, at=NOON, zone=UTC) is next_due((), 7, at=NOON, zone=UTC) is None


def test_new_is_what_came_out_since_the_last_one_and_of_a_week_at_most():
    assert since(None, at=NOON) == since(NOON - 30 * DAY, at=NOON) == NOON - 7 * DAY
    assert since(NOON - DAY, at=NOON) == NOON - DAY


@pytest.mark.parametrize(
    ("names", "days", "expected"),
    [
        (("Kenya",), 0, "You follow Kenya; new since 4 March"),
        (("Kenya", "Debt"), 1, "You follow Kenya and Debt; new since 3 March"),
        (("Kenya", "Mali", "Debt"), 7, "You follow Kenya, Mali and Debt; new since 25 February"),
    ],
)
def test_each_says_in_a_line_why_it_is_there_on_whichever_day_it_is_read(names, days, expected):
    assert why(names, since=NOON - days * DAY, zone=UTC) == expected
