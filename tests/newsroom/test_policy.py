"""Where the wall falls, and what may be printed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.newsroom.policy import Manuscript, Neighbour, is_printable, nearest, pause_after, warnings, where_to_cut

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("paragraphs", "free"),
    [
        ([60, 60, 60], 2),
        ([100, 60, 60], 1),
        ([250, 60], 1),
        ([20, 20, 20], 2),
        ([20, 20], 1),
        ([100], 0),
        ([], 0),
        ([401, 60], 0),
        ([400, 60], 1),
        ([60, 20, 200, 60], 2),
        ([40, 200, 60], 2),
    ],
)
def test_the_wall_falls_at_the_end_of_a_paragraph_near_a_hundred_words_and_never_after_the_last(paragraphs, free):
    assert where_to_cut(paragraphs, least=100) == free


def test_an_embargoed_article_is_printable_from_the_very_moment(at):
    def printable(**more):
        return is_printable(**({"live": True, "embargoed_until": None, "withdrawn_at": None, "at": at} | more))

    assert printable()
    assert printable(embargoed_until=at)
    assert not printable(embargoed_until=at + HOUR)
    assert not printable(withdrawn_at=at - HOUR)
    assert not printable(live=False)


def test_what_shares_most_stands_nearest_and_of_equals_the_newest(at):
    old, new = Neighbour(1, at - HOUR, 3), Neighbour(2, at, 3)

    assert nearest([old, new, Neighbour(3, at - HOUR, 6)], most=2) == [3, 2]


def test_what_says_the_like_counts_as_much_as_what_shares_most(at):
    shares, says, both = Neighbour(1, at, 6), Neighbour(2, at, 0, alike=0.8), Neighbour(3, at, 3, alike=0.7)

    assert nearest([shares, says, both], most=3) == [3, 2, 1]


SOUND = Manuscript(
    standfirst="Why.",
    countries=1,
    regions=1,
    bylines=1,
    free_words=100,
    rest_words=500,
    gated=True,
    wall_at_the_end=False,
    pictures_without_alt=0,
    longest_paragraph=90,
    embargoed_until=None,
    withdrawn_at=None,
)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"standfirst": " "}, "standfirst"),
        ({"countries": 0, "regions": 0}, "No country"),
        ({"bylines": 0}, "author"),
        ({"pictures_without_alt": 2}, "cannot see"),
        ({"rest_words": 0}, "beyond the wall"),
        ({"free_words": 0}, "only the standfirst"),
        ({"wall_at_the_end": True}, "falls by the rule"),
        ({"longest_paragraph": 300}, "300 words"),
        ({"dead_links": ("/notes/gone/",)}, "Nothing stands on our site at /notes/gone/"),
    ],
)
def test_each_fault_of_a_manuscript_is_named(at, fault, said):
    [warning] = warnings(replace(SOUND, **fault), at=at)

    assert said in warning


def test_a_sound_manuscript_is_let_pass_and_an_embargo_is_named(at):
    assert warnings(SOUND, at=at) == []
    assert "Embargoed" in warnings(replace(SOUND, embargoed_until=at + HOUR), at=at)[0]
    assert warnings(replace(SOUND, embargoed_until=at), at=at) == []


@pytest.mark.parametrize(("failures", "seconds"), [(1, 20), (2, 40), (3, 80), (8, 2560), (9, 3600), (5000, 3600)])
def test_what_failed_is_tried_again_ever_more_seldom(failures, seconds):
    assert pause_after(failures).total_seconds() == seconds
