"""Items that tell the same event come to stand in one story, as they arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.wire.grouping import DAYS, Grouper, Telling

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
QUAKE, COUP, SUMMIT = 1, 2, 3  # stories


def telling(id, title, **other):
    given = {"summary": "", "outlet": f"Outlet {id}", "published": MONDAY, "language": "en", "names": frozenset()}
    return Telling(id=id, title=title, **given | {"link_key": "", "vector": None} | other)


def placed(grouper, title, *, id=99, at=MONDAY + AN_HOUR, **other):
    return grouper.place(telling(id, title, published=at, **other), at)


@pytest.fixture
def grouper():
    """Three stories of this morning, told by two outlets each."""
    grouper = Grouper()
    grouper.put(telling(11, "Strong earthquake shakes Oaxaca, hundreds flee their homes"), QUAKE)
    grouper.put(telling(12, "Earthquake in Oaxaca: homes destroyed, hundreds flee"), QUAKE)
    grouper.put(telling(21, "Soldiers seize power in Ruritania, president arrested"), COUP)
    grouper.put(telling(22, "Ruritania coup: soldiers arrest president"), COUP)
    grouper.put(telling(31, "Leaders gather in Geneva for talks on water"), SUMMIT)
    grouper.put(telling(32, "Water talks begin in Geneva"), SUMMIT)
    return grouper


# What joins, and what begins a story


@pytest.mark.parametrize(
    ("title", "story"),
    [
        ("Hundreds homeless after Oaxaca earthquake", QUAKE),
        ("President of Ruritania held by soldiers after coup", COUP),
        ("Geneva: leaders talk about water", SUMMIT),
        ("Central bank leaves rates unchanged", None),
        ("Leaders of the opposition march in Lisbon", None),
        ("", None),
        ("and of the", None),
    ],
)
def test_an_item_joins_the_story_that_it_tells(grouper, title, story):
    assert placed(grouper, title).story == story


def test_where_little_is_told_the_nearest_story_may_be_far_away():
    """Two words in common, and directions a little alike."""
    grouper = Grouper()
    grouper.put(telling(1, "Market bridge reopens between two towns", vector=(1.0, 0.0)), 1)

    assert placed(grouper, "Cable damaged between two islands", vector=(0.2, 0.98)).story is None


def test_what_tells_of_another_country_seldom_tells_the_same():
    grouper, here = Grouper(), {"names": frozenset({"country:SK"})}
    grouper.put(telling(1, "Coalition survives confidence vote in parliament", **here), 1)
    again = "Parliament: coalition survives its vote"

    assert placed(grouper, again, **here).story == 1
    assert placed(grouper, again, names=frozenset({"country:AM"})).score < placed(grouper, again, **here).score - 0.1


def test_one_that_left_is_not_known_any_more(grouper):
    grouper.leave(11)

    assert grouper.story_of(11) is None
    assert grouper.story_of(12) == QUAKE


def test_the_desk_is_told_why(grouper):
    joined = placed(grouper, "Hundreds homeless after Oaxaca earthquake")

    assert set(joined.shared) == {"oaxaca", "earthquake", "hundreds"}
    assert all(word in joined.why for word in joined.shared)


def test_words_are_those_of_the_items_language():
    grouper = Grouper()
    grouper.put(telling(1, "Présidentielle au Sénégal : les électeurs votent", language="fr"), 1)

    assert placed(grouper, "Sénégal : vote des électeurs à la présidentielle", language="fr-SN").story == 1


def test_japanese_needs_no_spaces():
    grouper = Grouper()
    grouper.put(telling(1, "首相が辞任を表明、与党に動揺", language="ja"), 1)

    assert placed(grouper, "首相、辞任を正式に表明", language="ja").story == 1


def test_meaning_joins_what_words_would_not():
    near, far = [0.6, 0.8], [0.6, -0.8]
    grouper = Grouper()
    grouper.put(telling(1, "Soldiers seize power in Ruritania", vector=[0.7, 0.7]), 1)

    assert placed(grouper, "Ruritania: army topples government", vector=near).story == 1
    assert placed(grouper, "Ruritania: orchards in bloom again", vector=far).story is None


def test_a_vector_may_be_missing_on_either_side(grouper):
    grouper.put(telling(23, "Soldiers patrol Ruritania after coup", vector=[1.0, 0.0]), COUP)

    assert placed(grouper, "President of Ruritania held by soldiers after coup").story == COUP
    assert placed(grouper, "Hundreds homeless after Oaxaca earthquake", vector=[0.0, 1.0]).story == QUAKE
    assert placed(grouper, "Soldiers of Ruritania: coup", vector=[0.0, 0.0]).story == COUP


def test_two_quakes_are_two():
    grouper = Grouper()
    grouper.put(telling(1, "Quake of magnitude 7.1 strikes coast", names=frozenset({"mx"})), 1)

    assert placed(grouper, "Quake of 7.1 magnitude strikes the coast", names=frozenset({"mx"})).story == 1
    there = placed(grouper, "Quake of 7.1 strikes coast of Mexico", names=frozenset({"mx"}))
    elsewhere = placed(grouper, "Quake of 6.2 strikes coast of Chile", names=frozenset({"cl"}))
    assert there.score > elsewhere.score + 0.2


def test_the_dead_are_counted_on_within_one_story():
    """Other numbers and the same names: the story goes on."""
    grouper = Grouper()
    grouper.put(telling(1, "12 dead as ferry sinks off Ruritania", names=frozenset({"rr"})), 1)

    assert placed(grouper, "Ferry sinks off Ruritania: 40 dead", names=frozenset({"rr"})).story == 1


# What is certain


def test_the_same_page_is_the_same_story_whatever_it_says(grouper):
    grouper.put(telling(13, "Live: the latest", link_key="outlet.example/quake"), QUAKE)

    assert placed(grouper, "As it happened", link_key="outlet.example/quake").story == QUAKE
    assert placed(grouper, "As it happened", link_key="").story is None


def test_an_agencys_headline_is_one_story_at_whatever_outlet(grouper):
    grouper.put(telling(41, "Parliament of Freedonia passes budget after long night", vector=[1.0, 0.0]), 4)

    again = placed(grouper, "Parliament of Freedonia passes budget after long night", vector=[0.0, 1.0])
    assert (again.story, again.why) == (4, "the same headline, of Outlet 41")


def test_a_heading_that_comes_every_day_is_not_one_story():
    grouper = Grouper()
    grouper.put(telling(1, "The briefing of the day: what you need to know", vector=[1.0, 0.0]), 1)

    tomorrow = placed(
        grouper, "The briefing of the day: what you need to know", vector=[0.0, 1.0], at=MONDAY + A_DAY + timedelta(seconds=1)
    )
    assert tomorrow.story is None


def test_what_stands_in_a_story_already_stays_there(grouper):
    grouper.put(telling(13, "A headline of other words altogether"), QUAKE)

    assert placed(grouper, "Ruritania coup: soldiers arrest president", id=13).story == QUAKE


# Time


def test_a_story_fades():
    grouper = Grouper()
    grouper.put(telling(1, "Talks on water in Geneva go on"), 1)
    scores = [placed(grouper, "Water: Geneva talks resumed", at=MONDAY + days * A_DAY).score for days in (0, 1, 2, 4)]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_only_stories_of_the_last_days_are_joined():
    grouper = Grouper()
    grouper.put(telling(1, "Talks on water in Geneva go on"), 1)

    late = telling(2, "Talks on water in Geneva go on")  # published with the other, met later
    assert grouper.place(late, MONDAY + DAYS).story == 1
    assert placed(grouper, "Water: talks in Geneva", at=MONDAY + DAYS + timedelta(seconds=1)).score == 0


def test_to_place_changes_nothing(grouper):
    before = placed(grouper, "Hundreds homeless after Oaxaca earthquake")
    for title in ("Oaxaca counts its dead", "Ruritania under curfew", "Rates unchanged"):
        placed(grouper, title)

    assert placed(grouper, "Hundreds homeless after Oaxaca earthquake") == before


def test_the_other_way_round_of_time_counts_alike():
    """An item that arrives late tells of the same hour."""
    grouper = Grouper()
    grouper.put(telling(1, "Talks on water in Geneva go on", published=MONDAY + A_DAY), 1)

    assert grouper.place(telling(2, "Geneva water talks", published=MONDAY + 2 * A_DAY), MONDAY + 2 * A_DAY) == grouper.place(
        telling(2, "Geneva water talks", published=MONDAY), MONDAY + 2 * A_DAY
    )


# What the editor did


def test_what_an_editor_merged_stays_together(grouper):
    grouper.merge(into=COUP, other=SUMMIT)

    assert placed(grouper, "Geneva: leaders talk about water").story == COUP
    assert placed(grouper, "President of Ruritania held by soldiers after coup").story == COUP


def test_what_an_editor_split_stays_apart(grouper):
    grouper.put(telling(23, "Markets of Ruritania fall after coup", link_key="outlet.example/markets"), COUP)
    grouper.split([23], 4)

    assert placed(grouper, "Markets fall in Ruritania, shares and bonds").story == 4
    assert placed(grouper, "President of Ruritania held by soldiers after coup").story == COUP
    assert placed(grouper, "Markets of Ruritania fall after coup", id=23).story == 4
    assert placed(grouper, "Live", link_key="outlet.example/markets").story == 4


def test_new_items_join_a_muted_story_for_as_long_as_it_is_told(grouper):
    for day in range(12):
        grouper.put(telling(200 + day, "Leaders in Geneva: talks on water", published=MONDAY + day * A_DAY), SUMMIT)
    at = MONDAY + 12 * A_DAY
    forgotten_by_time = placed(grouper, "Geneva: water talks of leaders drag on", at=at)
    grouper.mute(SUMMIT)

    assert forgotten_by_time.story is None
    assert placed(grouper, "Geneva: water talks of leaders drag on", at=at).story == SUMMIT


def test_a_story_merged_into_a_muted_one_is_muted_and_the_other_way_round_is_not(grouper):
    grouper.mute(SUMMIT)
    long_after = MONDAY + 20 * A_DAY
    grouper.merge(into=SUMMIT, other=QUAKE)
    assert placed(grouper, "Hundreds homeless after Oaxaca earthquake", at=long_after).story == SUMMIT

    grouper.merge(into=COUP, other=SUMMIT)
    assert placed(grouper, "Hundreds homeless after Oaxaca earthquake", at=long_after).story is None


def test_merging_and_splitting_what_is_forgotten_does_nothing(grouper):
    grouper.merge(into=QUAKE, other=77)
    grouper.split([777], 78)

    assert len(grouper) == 6


# Memory


def test_what_is_forgotten_is_gone(grouper):
    grouper.put(telling(13, "Oaxaca buries its dead", published=MONDAY + A_DAY), QUAKE)
    grouper.forget(before=MONDAY + AN_HOUR)

    assert len(grouper) == 1
    assert placed(grouper, "Ruritania coup: soldiers arrest president").story is None
    assert placed(grouper, "Oaxaca buries dead of earthquake", at=MONDAY + A_DAY).shared == ("buries", "dead", "oaxaca")


TITLES = st.lists(
    st.sampled_from(["quake", "coup", "water", "rates", "7.1", "6.2", "Oaxaca", "Geneva", "Ruritania", "soldiers"]),
    min_size=1,
    max_size=6,
)
VECTORS = st.none() | st.tuples(st.integers(1, 9), st.integers(-9, 9)).map(lambda pair: [pair[0] / 7, pair[1] / 7])
TOLD = st.lists(st.tuples(TITLES, st.integers(0, 72), st.integers(1, 4), VECTORS), min_size=1, max_size=25)


def of(told):
    return [
        (telling(id, " ".join(words), published=MONDAY + hours * AN_HOUR, link_key=f"l/{id % 5}", vector=vector), story)
        for id, (words, hours, story, vector) in enumerate(told)
    ]


@given(TOLD, st.integers(0, 72))
def test_made_again_of_what_is_stored_it_decides_alike(told, hours):
    """It has put, moved, merged and forgotten; the other has only read the rows as they stand in the end."""
    before, rows = MONDAY + hours * AN_HOUR, of(told)
    lived, made_again = Grouper(), Grouper()
    for each, _ in rows:
        lived.put(each, 9)
    for each, story in rows:
        lived.split([each.id], story)
    lived.merge(into=1, other=4)
    lived.forget(before=before)
    for each, story in rows:
        if each.published >= before:
            made_again.put(each, 1 if story == 4 else story)

    for words, _, _, vector in told:
        asked = telling(999, " ".join(reversed(words)), published=MONDAY + 72 * AN_HOUR, vector=vector)
        one, other = (grouper.place(asked, MONDAY + 72 * AN_HOUR) for grouper in (lived, made_again))
        assert (one.story, one.shared) == (other.story, other.shared)
        assert one.score == pytest.approx(other.score)
    assert len(lived) == len(made_again)
