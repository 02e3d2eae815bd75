import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.access.passes import (
    MOST_CHARS,
    MOST_GIVEN,
    MOST_OPENED,
    Given,
    Pass,
    Provisional,
    given_signer,
    parse,
    parse_given,
    parse_provisional,
    pass_signer,
    provisional_signer,
    seal,
    seal_given,
    seal_provisional,
    short,
)

SECRETS = ("a secret of the house, long enough to be one",)
SIGNER = pass_signer(SECRETS)
FIRSTS = provisional_signer(SECRETS)

moments = st.integers(min_value=0, max_value=2**40)
hashes = st.text(min_size=1).map(short)
passes = st.builds(
    Pass,
    reader=moments,
    session=hashes,
    generation=moments,
    made_at=moments,
    expires_at=moments,
    confirmed=st.booleans(),
    entitled_until=moments,
    payment_failed=st.booleans(),
    meter_ends_at=moments,
    left=st.integers(min_value=0, max_value=1_000),
    opened=st.frozensets(hashes, max_size=MOST_OPENED),
)


@given(passes)
def test_a_pass_survives_its_seal(a_pass):
    assert parse(seal(a_pass, SIGNER), SIGNER) == a_pass


@given(passes)
def test_a_pass_fits_in_a_cookie(a_pass):
    assert len(seal(a_pass, SIGNER)) <= MOST_CHARS


@given(passes, st.data())
def test_a_pass_with_one_letter_changed_is_no_pass(a_pass, data):
    sealed = seal(a_pass, SIGNER)
    place = data.draw(st.integers(min_value=0, max_value=len(sealed) - 1))
    letter = data.draw(st.characters().filter(lambda other: other != sealed[place]))

    assert parse(sealed[:place] + letter + sealed[place + 1 :], SIGNER) is None


@given(st.text())
def test_whatever_is_not_ours_is_no_pass(text):
    assert parse(text, SIGNER) is None
    assert parse_provisional(text, FIRSTS) is None


@pytest.mark.parametrize("text", ["", ".", "1~7~0", f"{'9' * 5_000}.{'A' * 27}", "pass[]=1", "é" * 40 + "." + "A" * 27, "null"])
def test_an_empty_an_oversized_and_an_odd_cookie_are_no_pass(text):
    assert parse(text, SIGNER) is None


def test_a_pass_under_another_secret_is_no_pass():
    forged = seal(Pass(7, "s", 0, 0, 99), pass_signer(("somebody else's secret, just as long",)))

    assert parse(forged, SIGNER) is None


def test_a_provisional_pass_does_not_stand_in_for_a_pass():
    provisional = seal_provisional(Provisional(short("a1"), short("una@example.org"), 99), FIRSTS)

    assert parse(provisional, SIGNER) is None
    assert parse(provisional, pass_signer(SECRETS)) is None
    assert parse_provisional(seal(Pass(7, "s", 0, 0, 99), SIGNER), FIRSTS) is None


def test_a_pass_under_the_secret_before_still_counts():
    older = seal(Pass(7, "s", 0, 0, 99), pass_signer(("the secret of last year, which was as long",)))

    assert parse(older, pass_signer((*SECRETS, "the secret of last year, which was as long"))) == Pass(7, "s", 0, 0, 99)


@pytest.mark.parametrize(("at", "alive"), [(99, True), (100, False), (101, False)])
def test_a_pass_lives_up_to_its_end_and_not_through_it(at, alive):
    assert Pass(7, "s", 0, 0, expires_at=100).alive(at) is alive
    assert Pass(7, "s", 0, 0, expires_at=1_000, meter_ends_at=100).alive(at) is alive


@pytest.mark.parametrize(("at", "entitled"), [(99.9, True), (100.0, False)])
def test_a_standing_sealed_in_a_pass_ends_at_its_second(at, entitled):
    standing = Pass(7, "s", 0, 0, 1_000, confirmed=True, entitled_until=100, payment_failed=True).standing(at)

    assert standing.entitled is entitled
    assert standing.payment_failed is not entitled


@pytest.mark.parametrize(("at", "story"), [(99, "a1"), (100, "")])
def test_a_first_article_is_open_up_to_the_end_of_its_pass(at, story):
    assert Provisional(story="a1", address="x", expires_at=100).standing(at).first_story == story


GIFTS = given_signer(SECRETS)
given_away = st.lists(st.builds(Given, number=moments, story=hashes, generation=moments, expires_at=moments), max_size=MOST_GIVEN)


@given(given_away.map(tuple))
def test_what_was_given_survives_its_seal_and_fits_in_a_cookie(gifts):
    sealed = seal_given(gifts, GIFTS)

    assert parse_given(sealed, GIFTS) == gifts
    assert len(sealed) <= MOST_CHARS


@pytest.mark.parametrize("sealed", ["", "wrong", SIGNER.sign("1~1-a-1-1"), GIFTS.sign("2~1-a-1-1"), GIFTS.sign("1~1-a-1")])
def test_what_is_not_exactly_ours_gives_nothing(sealed):
    assert parse_given(sealed, GIFTS) == ()
