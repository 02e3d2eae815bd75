"""End what a reader carries: passes by a revocation, sessions by a new credential."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from broadsheet.kit.counting import next_number, next_numbers
from broadsheet.membership import policy
from broadsheet.membership.models import Device, Reader, Revocation
from broadsheet.membership.queries import REVOCATIONS


def revoke(reader_id: int, *, why: str, at: datetime) -> Revocation:
    """Passes made so far no longer hold, at any gate, within a second. Sessions stay: each gets a new pass when it next asks."""
    with transaction.atomic():
        return Revocation.objects.create(change=next_number(REVOCATIONS), reader_id=reader_id, why=why[:60], revoked_at=at)


def revoke_all(readers: Iterable[int], *, why: str, at: datetime) -> None:
    """As `revoke`, of many at once."""
    wanted = sorted(set(readers))
    if not wanted:
        return
    with transaction.atomic():
        numbers = next_numbers(REVOCATIONS, count=len(wanted))
        revoked = zip(numbers, wanted, strict=True)
        Revocation.objects.bulk_create(
            Revocation(change=change, reader_id=reader, why=why[:60], revoked_at=at) for change, reader in revoked
        )


def end_sessions(reader: Reader, *, why: str, at: datetime) -> None:
    """Log this reader out everywhere; `reader` then knows the credential under which a new session may begin."""
    with transaction.atomic():
        Reader.objects.filter(pk=reader.pk).update(credential=F("credential") + 1)
        reader.refresh_from_db(fields=["credential"])
        Device.objects.filter(reader=reader, ended_at=None).update(ended_at=at, why=Device.Why.BY_READER)
        revoke(reader.pk, why=why, at=at)


def forget_revocations(*, at: datetime) -> int:
    """Those that no living pass can be older than."""
    forgotten, _ = Revocation.objects.filter(revoked_at__lt=at - policy.REVOCATION_KEPT).delete()
    return forgotten
