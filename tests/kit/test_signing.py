import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.signing import NoSecret, Signer

SECRET = "a secret of the house, long enough to be one"
SIGNER = Signer((SECRET,), purpose="links")
without_dots = st.text().filter(lambda text: text.isascii() and "." not in text)


@given(without_dots)
def test_what_we_signed_is_ours(text):
    assert SIGNER.unsign(SIGNER.sign(text)) == text


@given(st.text())
def test_what_we_did_not_sign_is_not(text):
    assert SIGNER.unsign(text) is None


@given(without_dots)
def test_one_use_does_not_stand_in_for_another(text):
    assert Signer((SECRET,), purpose="passes").unsign(SIGNER.sign(text)) is None


def test_an_old_secret_is_accepted_until_it_is_taken_away():
    signed = Signer(("the old one",), purpose="links").sign("text")

    assert Signer(("the new one", "the old one"), purpose="links").unsign(signed) == "text"
    assert Signer(("the new one",), purpose="links").unsign(signed) is None


@pytest.mark.parametrize("secrets", [(), ("",), (SECRET, "")])
def test_nobody_signs_with_nothing(secrets):
    with pytest.raises(NoSecret, match="BROADSHEET_SECRET_KEY"):
        Signer(secrets, purpose="links")
