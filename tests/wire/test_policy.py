"""In what order the desk shows stories, and when a dropped one comes back."""

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.wire import policy
from broadsheet.wire.policy import Reading, Told

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(*, standing=2, before=timedelta(), for_=timedelta()):
    """An outlet told it last so long before noon, and first so much earlier still."""
    return Told(standing, NOON - before - for_, NOON - before)


def spread(outlets, over, *, standing=2):
    """The last of so many at noon, the others evenly before."""
    return [told(standing=standing, before=over * n / (outlets - 1)) for n in range(outlets)]


@pytest.mark.parametrize(
    ("hotter", "cooler"),
    [
        ([told()] * 3, [told()] * 2),
        ([told(standing=3)], [told(standing=2)]),
        ([told()], [told(before=HOUR)]),
        (spread(6, HOUR), spread(6, 2 * DAY)),
        (spread(6, 2 * DAY), spread(3, 2 * DAY)),
        ([told()], [told(for_=DAY)]),
        ([told()], []),
        ([told(standing=2)], [told(standing=0)]),
        ([told(standing=3)] * 4, [told(standing=1)] * 8),
    ],
    ids=["outlets", "standing", "recency", "speed", "outlets again", "novelty", "anything", "some standing", "standing of many"],
)
def test_a_story_stands_above_another(hotter, cooler):
    assert policy.heat(hotter, ours=0) > policy.heat(cooler, ours=0)


def test_what_is_ours_stands_as_high_as_what_twice_as_many_tell():
    assert policy.heat([told()], ours=1) == pytest.approx(policy.heat([told()] * 2, ours=0))


def test_only_two_subjects_of_ours_count():
    assert policy.heat([told()], ours=2) == policy.heat([told()], ours=9) > policy.heat([told()], ours=1)


def test_after_a_half_life_twice_as_many_are_needed():
    earlier = [told(before=policy.HALF_LIFE)] * 4

    assert policy.heat(earlier, ours=0) == pytest.approx(policy.heat([told()] * 2, ours=0))


def test_what_an_outlet_adds_never_cools():
    story = [told(standing=3)]
    for before in (timedelta(), HOUR, DAY, 300 * DAY):
        assert policy.heat([*story, told(standing=1, before=before)], ours=0) >= policy.heat(story, ours=0)


@pytest.mark.parametrize(
    ("outlets", "dropped_with", "comes"), [(1, 1, False), (2, 1, True), (5, 3, False), (6, 3, True), (7, 3, True), (1, 0, False)]
)
def test_a_dropped_story_comes_back_when_twice_as_many_tell_it(outlets, dropped_with, comes):
    assert policy.comes_back(outlets=outlets, dropped_with=dropped_with) is comes


def reading(**fields):
    """Of an ordinary outlet, in our language, that says neither who wrote it nor how long it is."""
    return Reading(**({"standing": 2, "signed": False, "words": None, "foreign": False, "paywalled": None} | fields))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (reading(signed=True), reading()),
        (reading(words=1_400), reading(words=250)),
        (reading(words=600), reading()),
        (reading(standing=3), reading(standing=2)),
        (reading(), reading(foreign=True)),
        (reading(), reading(paywalled=True)),
        (reading(paywalled=False), reading(paywalled=True)),
        (reading(signed=True, words=1_400), reading(standing=3, words=300)),
        (reading(signed=True, words=900), reading(signed=True, words=3_000, standing=3, foreign=True, paywalled=True)),
    ],
    ids=["signed", "longer", "of known length", "standing", "ours to read", "open", "known open", "than an agency", "in sum"],
)
def test_a_reading_is_rather_picked_than_another(better, worse):
    assert policy.merit(better) > policy.merit(worse)


def test_a_book_is_worth_no_more_than_a_long_read():
    assert policy.merit(reading(words=100_000)) == policy.merit(reading(words=5_000))


@pytest.mark.parametrize(
    ("authors", "outlet", "signed"),
    [
        (["Ada Plume"], "The Gazette", True),
        (["Gazette staff", "Ada Plume"], "The Gazette", True),
        ([], "The Gazette", False),
        (["The Gazette"], "The Gazette", False),
        (["GAZETTE"], "The Gazette", False),
        (["Agence France-Presse"], "The Gazette", False),
        (["Reuters"], "The Gazette", False),
        (["Newsroom"], "The Gazette", False),
        (["Gazette staff"], "The Gazette", False),
    ],
)
def test_a_piece_is_signed_by_somebody_and_not_by_a_house(authors, outlet, signed):
    assert policy.is_signed(authors, outlet=outlet) is signed
