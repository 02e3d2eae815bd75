"""What a dossier quotes of what is said of its subject, and what it tells to have changed."""

from datetime import date

import pytest

from broadsheet.library.gazetteer import shipped
from broadsheet.research.keeping_up import Kind, marked, may_answer, place_in, told_of, turns, words_of
from tests.research import make

TODAY = date(2026, 3, 2)
OLD = "Kenya signed a water treaty with Ethiopia in the capital on Monday. The weather was fine all day long in the hills."
SECOND = "Kenya withdrew its ambassador from Ethiopia after talks on the border collapsed this week."


def told(*articles, actors=("country:KE",)):
    passages = [passage for article in articles for passage in article]
    return told_of(passages, actors=actors, names=shipped().find, at=TODAY)


def test_only_sentences_that_name_the_subject_are_quoted():
    found = told(make.passages(OLD, on=TODAY))

    assert [one.text for one in found] == [OLD.partition(". ")[0] + "."]


def test_of_two_countries_a_sentence_names_both():
    alone = make.passages("Kenya elected a new parliament on Tuesday, as observers from the continent looked on.", on=TODAY)

    assert [one.text for one in told(alone, make.passages(SECOND, on=TODAY), actors=("country:KE", "country:ET"))] == [SECOND]


def test_what_two_articles_say_alike_is_quoted_once_and_every_quotation_stands_in_its_paragraph():
    again = make.passages(OLD.replace("on Monday", "this Monday"), on=TODAY)
    found = told(make.passages(OLD, on=TODAY), again, make.passages(SECOND, on=TODAY))

    assert len(found) == 2
    texts = {OLD, OLD.replace("on Monday", "this Monday"), SECOND}
    assert all(any(text[one.begin : one.end] == one.verbatim for text in texts) for one in found)


def test_newer_sentences_come_before_older_ones_that_weigh_the_same():
    old, new = (make.passages(SECOND.replace("this week", when), on=on) for when, on in PAIR)
    found = told(old, new)

    assert found[0].dated_on == TODAY


PAIR = (("in spring", date(2011, 3, 2)), ("in winter", TODAY))

PROFILE = "Kenya elected its president in August, and the commission announced the result five days afterwards."


def of_article(text, **said):
    return make.passages(text, **({"on": date(2020, 1, 1)} | said))


def test_a_countrys_own_profile_comes_first_then_articles_about_it_the_newest_first():
    other = of_article(
        "Eritrean forces shelled two villages in Kenya, where hundreds fled their burning homes that night.",
        headline="Eritrea: Country Profile",
        on=TODAY,
        countries=("Eritrea", "Kenya"),
    )
    told_elsewhere = of_article(SECOND, headline="World Events", on=TODAY, countries=("Ukraine", "Kenya"))
    older = of_article(OLD, headline="President Biden on a treaty", countries=("Kenya", "Ethiopia"))
    newer = of_article(FOUR, headline="Soldiers in Kenya", on=date(2024, 1, 1), countries=("Ethiopia",))
    own = of_article(PROFILE, headline="Kenya: Country Profile", on=date(2019, 1, 1), countries=("Kenya",))

    reef = of_article("Kenya seized the reef in an offensive in 1974.", headline="Coral Reef: Profile", countries=("Kenya",))

    found = told(other, reef, told_elsewhere, older, newer, own)

    assert [one.source for one in found] == [each[0].source for each in (own, newer, older, told_elsewhere, other, reef)]


def test_of_two_actors_one_may_be_left_out_where_the_headline_names_both():
    text = "Kenya withdrew its ambassador after talks on the border collapsed this week."
    both, neither = (of_article(text, headline=headline) for headline in ("Kenya and Ethiopia at odds", "Kenya at odds"))

    assert [one.source for one in told(neither, both, actors=("country:KE", "country:ET"))] == [both[0].source]


def test_a_list_of_many_countries_tells_nothing_of_two_of_them():
    text = "The airline signed an accord on flights to Kenya, Uganda, Somalia, Sudan and Ethiopia in the summer of that year."

    assert told(of_article(text, headline="Flights"), actors=("country:KE", "country:ET")) == []
    assert told(of_article(text, headline="Kenya and Ethiopia"), actors=("country:KE", "country:ET"))


def test_a_notice_that_is_given_every_year_is_quoted_once():
    begins = "The situation in northern Kenya, which has been marked by activities that threaten the peace of the border"
    years = (
        of_article(begins + more) for more in (" continues.", ", among them robberies, raids and the burning of farms, goes on.")
    )

    assert len(told(*years)) == 1


# What changed


def one(text, *, on=TODAY):
    return next(iter(told(make.passages(text, on=on))))


FOUR = "Kenya has sent 4,000 soldiers to guard the border with its northern neighbour since the talks collapsed."
SIX = "Kenya has sent 6,000 soldiers to guard the border with its northern neighbour since the talks collapsed."


def test_what_was_not_there_before_is_new():
    held, fresh = one(FOUR, on=date(2025, 1, 1)), one(SECOND)

    assert [(turn.kind, turn.newer, turn.older) for turn in turns([held], [held, fresh])] == [(Kind.NEW, fresh, None)]


def test_another_figure_years_later_replaces_the_older():
    held, fresh = one(FOUR, on=date(2024, 1, 1)), one(SIX)

    assert [(turn.kind, turn.older) for turn in turns([held], [fresh])] == [(Kind.REPLACED, held)]


def test_another_figure_in_the_same_weeks_is_a_contradiction():
    held, fresh = one(FOUR, on=date(2026, 2, 27)), one(SIX)

    assert [(turn.kind, turn.older) for turn in turns([held], [held, fresh])] == [(Kind.DISAGREE, held)]


def test_what_is_found_again_is_no_change():
    held = one(FOUR)

    assert turns([held], [held]) == []


# By an editor's hand


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("signed a water treaty", "… signed a water treaty …"),
        ("… signed a water treaty …", "… signed a water treaty …"),
        ("Kenya signed", "Kenya signed …"),
        ("Kenya tore up a water treaty", None),
        ("…", None),
    ],
)
def test_an_editor_may_quote_less_and_nothing_else(typed, expected):
    place = place_in([OLD], words_of(typed))

    assert (marked(OLD, *place[1:]) if place else None) == expected


LINES = ["He sent 14,000 men, and 4,000 men more.", "Of 4,000 men none came back."]


@pytest.mark.parametrize(
    ("words", "near", "taken", "expected"),
    [
        ("4,000 men", (0, 0), (), (0, 24, 33)),
        ("4,000 men", (1, 9), (), (1, 3, 12)),
        ("4,000 men", (0, 0), {(0, 24)}, (1, 3, 12)),
        ("000 men", (0, 0), (), None),
        ("He sent 14", (0, 0), (), None),
        ("Of 4,000 me", (0, 0), (), None),
    ],
)
def test_words_are_found_where_they_stand_by_themselves_nearest_to_where_they_stood(words, near, taken, expected):
    assert place_in(LINES, words, near=near, taken=taken) == expected


@pytest.mark.parametrize(
    ("terms", "said", "expected"),
    [
        (("water", "dam", "nile"), {"dam", "nile"}, True),
        (("water", "dam"), {"dam", "river"}, False),
        (("water", "dam"), {"dam", "water"}, True),
        (("dam",), {"dam"}, True),
        (("water", "dam", "nile"), {"dam"}, False),
        ((), {"dam"}, False),
    ],
)
def test_an_article_that_has_half_of_a_questions_words_and_two_of_them_may_answer_it(terms, said, expected):
    assert may_answer(terms, said) is expected
