"""Tell Stripe the address that a reader has now, to which it sends its own mail."""

import logging

from broadsheet.billing import stripe_api
from broadsheet.billing.models import Customer
from broadsheet.membership.models import Reader

log = logging.getLogger(__name__)


def tell_addresses() -> int:
    """How many had changed. Whoever is erased, or is being, is told of no more."""
    if not stripe_api.is_configured():
        return 0
    stay = Reader.objects.filter(erasure__isnull=True)
    known = Customer.objects.filter(live=stripe_api.is_live(), reader__in=stay).values_list("reference", "reader__email")
    now = dict(known)
    return sum(_told(said["id"], now[said["id"]]) for said in stripe_api.customers() if _differs(said, now.get(said["id"])))


def _differs(said: stripe_api.Doc, address: str | None) -> bool:
    return address is not None and (said.get("email") or "").casefold() != address.casefold()


def _told(reference: str, address: str) -> bool:
    try:
        stripe_api.change_address(reference, address)
    except stripe_api.Refused as trouble:
        log.error("Customer %s: %s", reference, trouble)
        return False
    return True
