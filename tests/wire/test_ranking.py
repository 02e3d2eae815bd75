"""Which stories stand first, and that nothing that speaks for a story puts it lower."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.wire.policy import Told
from broadsheet.wire.ranking import NOVELTY, OURS, OUTLETS, SPEED, Candidate, rank

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
OUR_SUBJECTS = ("country:RR", "issue:water", "issue:debt")


def told(hours_ago, standing=2):
    moment = AT - timedelta(hours=hours_ago)
    return Told(standing, moment, moment)


def candidate(*told, story=1, subjects=()):
    return Candidate(story, tuple(told), frozenset(subjects))


def score(story):
    (ranked,) = rank([story], AT, OUR_SUBJECTS)
    return ranked.score


def order(*stories):
    return [ranked.story for ranked in rank(stories, AT, OUR_SUBJECTS)]


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        (candidate(told(5), told(5)), candidate(told(5))),
        (candidate(told(5, standing=3)), candidate(told(5, standing=1))),
        (candidate(told(5), told(2)), candidate(told(5), told(4))),  # speed
        (candidate(told(4)), candidate(told(30))),  # novelty
        (candidate(told(5), subjects=["issue:water"]), candidate(told(5), subjects=["issue:chess"])),
        (candidate(told(5), subjects=["issue:water", "country:RR"]), candidate(told(5), subjects=["issue:water"])),
    ],
)
def test_what_speaks_for_a_story_puts_it_first(higher, lower):
    assert order(replace(lower, story=2), higher) == [1, 2]


STORIES = st.builds(
    lambda hours, standings, subjects: candidate(*map(told, hours, standings), subjects=subjects),
    st.lists(st.floats(0, 100), min_size=1, max_size=30),
    st.lists(st.integers(1, 3), min_size=30, max_size=30),
    st.sets(st.sampled_from((*OUR_SUBJECTS, "issue:chess"))),
)


@given(STORIES, st.floats(0, 100), st.integers(1, 3))
def test_another_outlet_never_puts_a_story_lower_if_it_was_not_the_first(story, hours, standing):
    last = max((AT - one.first_at) / timedelta(hours=1) for one in story.told)
    later = replace(story, told=(*story.told, told(min(hours, last), standing)))

    assert score(later) >= score(story)


@given(STORIES, st.data())
def test_a_higher_standing_never_puts_a_story_lower(story, data):
    which = data.draw(st.integers(0, len(story.told) - 1))
    raised = tuple(replace(one, standing=3) if n == which else one for n, one in enumerate(story.told))

    assert score(replace(story, told=raised)) >= score(story)


@given(STORIES, st.floats(0, 50))
def test_what_was_told_later_never_stands_lower(story, hours):
    later = tuple(replace(one, first_at=min(AT, one.first_at + timedelta(hours=hours))) for one in story.told)

    assert score(replace(story, told=later)) >= score(story)


@given(STORIES, st.sampled_from(OUR_SUBJECTS))
def test_another_subject_of_ours_never_puts_a_story_lower(story, subject):
    assert score(replace(story, subjects=story.subjects | {subject})) >= score(story)


@given(STORIES)
def test_a_score_is_the_sum_of_its_parts(story):
    (one,) = rank([story], AT, OUR_SUBJECTS)

    assert one.score == OUTLETS * one.outlets + SPEED * one.speed + OURS * one.ours + NOVELTY * one.novelty
    assert 0 <= one.score <= 1


def test_what_is_told_only_later_is_not_known_yet():
    known, unknown = candidate(told(1), story=1), candidate(told(-1), story=2)

    assert order(known, unknown) == [1]


def test_of_two_alike_the_newer_number_stands_first():
    assert order(candidate(told(1), story=1), candidate(told(1), story=2)) == [2, 1]
