"""What lies in the outbox, what editors have mails say, and who is written to no more."""

from collections.abc import Iterable

from django.db.models import QuerySet

from broadsheet.mailroom.folding import seals
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Dispatch, Suppression, Wording

A_BATCH = 500


def outbox() -> QuerySet[Dispatch]:
    """Every mail posted, newest first, sent or not yet; none that will never be."""
    return Dispatch.objects.filter(failed_at=None).order_by("-posted_at", "-pk")


def posted_among(keys: Iterable[str]) -> set[str]:
    """Of these occasions, those of which a mail was posted, as far as it is not forgotten yet."""
    return {key for key in Dispatch.objects.filter(key__in=list(keys)).values_list("key", flat=True) if key}


def wording_of(kind: str) -> Wording | None:
    """None where nobody has changed the house's words."""
    return Wording.objects.filter(kind=kind).first()


def worded_kinds() -> set[str]:
    """Of which mails an editor has changed something."""
    return set(Wording.objects.exclude(subject="", before="", after="").values_list("kind", flat=True))


def suppressed_among(addresses: Iterable[str]) -> set[str]:
    """Of these, as they are written here, those that get nothing that comes by the thousand. Thousands may be asked at once."""
    return set(whys_of(addresses))


def whys_of(addresses: Iterable[str]) -> dict[str, set[Why]]:
    """Of those that are suppressed, why."""
    sealed: dict[str, list[str]] = {}
    for address in addresses:
        for mark in seals(address):
            sealed.setdefault(mark, []).append(address)
    found: dict[str, set[Why]] = {}
    known = list(sealed)
    for first in range(0, len(known), A_BATCH):
        standing = Suppression.objects.filter(address_seal__in=known[first : first + A_BATCH], lifted_at=None)
        for mark, why in standing.values_list("address_seal", "why"):
            for address in sealed[mark]:
                found.setdefault(address, set()).add(Why(why))
    return found
