"""Sentences that tell of a day, and what is a turning point among what they tell."""

from datetime import date

import pytest

from broadsheet.library import turning
from broadsheet.library.tellings import likeness, tellings_in, words_of
from broadsheet.library.turning import Told, weight_of

ON = date(2022, 3, 10)


def days(text: str, **told) -> list[str]:
    return [telling.on.isoformat() for telling in tellings_in(text, on=ON, **told)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On 24 February 2022 the columns crossed the border from three sides.", ["2022-02-24"]),
        ("The columns crossed the border on February 24, before dawn, from three sides.", ["2022-02-24"]),
        ("The treaty was signed in the old capital on the 3rd of December by all of them.", ["2021-12-03"]),
        ("The treaty will be signed in the old capital on 3 April by all who can come.", []),
        ("The old treaty lapses in the capital on 12 April, as everybody had known it would.", []),
        ("Between 3 March and 5 March the line moved twice, and then it stood where it was.", []),
        ("May 15 people read this sentence, they would find no day in it at all, would they.", []),
        ("On 31 February 2020 nothing happened that anybody could have written down here.", []),
        ("Too short, 3 March.", []),
    ],
)
def test_a_sentence_tells_of_the_one_day_that_it_names(text, found):
    assert days(text) == found


def test_the_items_of_a_digest_are_of_its_day_and_lose_topic_and_sources():
    text = "War in the hills: Troops of the two countries exchanged fire along the river. (Reuters) (AP)"

    told = list(tellings_in(text, on=ON, whole_day=ON))

    assert [(one.on, one.sentence) for one in told] == [(ON, "Troops of the two countries exchanged fire along the river.")]


def test_an_item_behind_its_day_is_of_that_day():
    assert days("2 March: Troops of the two countries exchanged fire along the river.") == ["2022-03-02"]


def test_an_abbreviation_ends_no_sentence():
    text = "On 2 March 2022 Mr. Adams of the U.S. Embassy met Gen. Brown in the hills. Nothing came of it."

    assert [one.sentence for one in tellings_in(text, on=ON)] == [text.removesuffix(" Nothing came of it.")]


def test_the_same_event_is_known_by_its_words():
    one, same, other = map(
        words_of,
        (
            "Kenya and Ethiopia signed a treaty on the waters of the lake.",
            "A treaty on the lake's waters was signed by Ethiopia and Kenya.",
            "Ethiopia's airline ordered twenty aircraft.",
        ),
    )

    assert likeness(one, same) > 0.5
    assert likeness(one, other) == 0


def told(number: int, *, event: int, article: int, weight: float = 2.0, free_event: int = 0) -> Told:
    return Told(number, event, article, ON, weight, later=False, free_event=free_event)


def test_what_one_article_tells_twice_is_no_turning_point():
    assert turning.events([told(1, event=1, article=7), told(2, event=1, article=7)], freely=False, most=5) == []


def test_what_two_articles_tell_is_one_and_the_best_sentence_stands_first():
    both = [told(1, event=1, article=7, weight=1.5), told(2, event=1, article=8, weight=3)]
    found = turning.events(both, freely=False, most=5)

    assert [(event.on, event.articles, event.tellings) for event in found] == [(ON, 2, (2, 1))]


def test_strangers_are_told_of_events_as_what_stands_before_the_walls_tells_them():
    rows = [
        *(told(number, event=1, article=number, free_event=number) for number in (1, 2)),
        *(told(number, event=2, article=number, free_event=9) for number in (3, 4)),
        *(told(number, event=3, article=number) for number in (5, 6)),
    ]

    assert [event.tellings for event in turning.events(rows, freely=True, most=5)] == [(3, 4)]
    assert len(turning.events(rows, freely=False, most=5)) == 3


def test_war_and_treaties_weigh_more_than_sport_and_case_counts():
    treaty = weight_of("Both signed the treaty and recognised the border.")
    match = weight_of("Both reached the final of the football cup.")

    assert treaty > 0 > match


def test_a_month_stands_out_at_three_times_its_years_mean():
    counts = {f"2011-{month:02}": 2 for month in range(1, 13)} | {"2011-03": 9}

    assert [(month.month, month.articles) for month in turning.months(counts)] == [("2011-03", 9)]


def test_a_few_articles_in_a_thin_year_are_no_month_that_stands_out():
    assert turning.months({"2011-03": 4}) == []
