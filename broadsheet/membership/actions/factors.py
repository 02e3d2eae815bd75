"""Seal what second factors are made of under the newest secret, so that an old one may be taken away."""

import logging

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from broadsheet.membership.sealing import is_fresh, seal, unseal

KEPT_AS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}

log = logging.getLogger(__name__)


def seal_factors() -> int:
    """How many were sealed anew."""
    numbers = Authenticator.objects.filter(type__in=KEPT_AS).values_list("pk", flat=True)
    return sum(_sealed(number) for number in list(numbers))


def _sealed(number: int) -> bool:
    with transaction.atomic():
        factor = Authenticator.objects.select_for_update().filter(pk=number).first()
        name = KEPT_AS[Authenticator.Type(factor.type)] if factor else ""
        if factor is None or name not in factor.data or is_fresh(factor.data[name]):
            return False
        try:
            factor.data[name] = seal(unseal(factor.data[name]))
        except InvalidToken:
            log.error("Factor %s was sealed under a secret that is gone: its reader needs a new one.", number)
            return False
        factor.save(update_fields=["data"])
        return True
