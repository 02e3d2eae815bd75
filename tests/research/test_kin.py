import pytest

from broadsheet.research.kin import roots, weights, words_like

ALIKE = (
    ("withdraw", "withdrew"),
    ("withdraw", "withdrawal"),
    ("fight", "fought"),
    ("leave", "left"),
    ("defence", "defense"),
    ("organise", "organization"),
    ("troops", "soldiers"),
    ("relations", "ties"),
    ("invade", "invasion"),
    ("Germany", "German"),
    ("France", "French"),
    ("Britain", "British"),
)
UNLIKE = (
    ("Niger", "Nigeria"),
    ("Austria", "Australia"),
    ("Guinea", "Guyana"),
    ("Germany", "Berlin"),
    ("success", "successor"),
    ("flight", "fled"),
    ("agreement", "treaty"),
)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_words_that_mean_the_same_have_one_root(one: str, other: str) -> None:
    assert roots(one) == roots(other) != ()


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_words_that_mean_another_thing_do_not(one: str, other: str) -> None:
    assert roots(one) != roots(other)


def test_roots_stand_in_the_order_of_their_words_without_those_that_say_nothing() -> None:
    assert roots("The soldiers of Velland left") == (*roots("troops"), *roots("Velland"), *roots("leave"))


def test_a_root_is_as_rare_as_its_most_usual_word() -> None:
    rarity = {"withdraw": 4.0, "withdrew": 3.0, "pullout": 9.0}
    assert weights(roots("withdrawal"), lambda stems: [rarity.get(stem, 12.0) for stem in stems]) == {"withdraw": 3.0}


def test_it_is_looked_for_in_other_words_but_not_in_a_countrys_others() -> None:
    assert "withdrew" in words_like("withdraw")
    assert words_like("defence") == ("defense",)
    assert words_like("Germany") == words_like("Velland") == ()
