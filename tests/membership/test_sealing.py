"""Secrets of second factors: sealed where they lie, opened under any secret that holds, sealed anew under the newest."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken

from broadsheet.membership.actions.factors import seal_factors
from broadsheet.membership.sealing import seal, unseal
from tests import cast

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "another secret of the house, long enough to be one, and new"


@pytest.fixture
def fay(at):
    return cast.fay(at)


def row():
    return Authenticator.objects.get().data


def test_a_row_shows_no_secret_of_an_app(fay):
    TOTP.activate(fay, SECRET)

    assert SECRET not in json.dumps(row())
    assert unseal(row()["secret"]) == SECRET


def test_a_row_shows_no_seed_of_recovery_codes(fay, monkeypatch):
    monkeypatch.setattr(RecoveryCodes, "generate_seed", staticmethod(lambda: "c0ffee" * 10))
    codes = RecoveryCodes.activate(fay)

    assert "c0ffee" not in json.dumps(row())
    assert codes.validate_code(codes.generate_codes()[0])


def test_the_sweep_seals_anew_so_that_an_old_secret_may_go(fay, settings):
    TOTP.activate(fay, SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]

    assert [seal_factors(), seal_factors()] == [1, 0]

    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(row()["secret"]) == SECRET


def test_what_was_written_in_clear_is_sealed_by_the_sweep(fay):
    Authenticator.objects.create(user=fay, type="totp", data={"secret": SECRET})
    assert unseal(row()["secret"]) == SECRET

    seal_factors()

    assert SECRET not in json.dumps(row())


def test_what_was_sealed_under_a_lost_secret_lets_nobody_in(fay, settings):
    factor = TOTP.activate(fay, SECRET)
    settings.SECRET_KEY = NEW

    with pytest.raises(InvalidToken):
        factor.validate_code("000000")
    assert seal_factors() == 0


def test_the_same_is_never_sealed_alike():
    assert seal(SECRET) != seal(SECRET)
