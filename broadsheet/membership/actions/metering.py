"""Spend the month's allowance: counted in one transaction, with the allowance locked."""

from datetime import datetime
from hashlib import blake2b

from django.db import transaction
from django.db.models import F

from broadsheet.access.passes import short
from broadsheet.access.terms import Meter
from broadsheet.membership import policy, queries
from broadsheet.membership.models import Allowance, NetworkDay, Opening, Reader


def open_story(*, reader: Reader, story: str, at: datetime) -> Meter:
    """The meter after this story was asked for: it is open if it is in `opened`. Asking again costs nothing."""
    month = queries.month_at(at)
    monthly = queries.rules().monthly_allowance
    with transaction.atomic():
        allowance = Allowance.objects.select_for_update().get(pk=allowance_of(reader).pk)
        meter = queries.meter_of(allowance, month=month, monthly_allowance=monthly)
        if short(story) in meter.opened or not meter.left:
            return meter
        Opening.objects.create(allowance=allowance, month=month.first, story=story, opened_at=at)
        return Meter(left=meter.left - 1, opened=meter.opened | {short(story)})


def allowance_of(reader: Reader) -> Allowance:
    """What this reader's addresses share. It stays theirs when they change their address."""
    if reader.allowance is None:
        reader.allowance, _ = Allowance.objects.get_or_create(address_key=address_key(reader.email))
        reader.save(update_fields=["allowance"])
    return reader.allowance


def open_first_article(*, reader: Reader, story: str, at: datetime) -> None:
    """Keep the article open that brought this reader here, uncounted; once for all variants of an address."""
    allowance = allowance_of(reader)
    with transaction.atomic():
        Allowance.objects.select_for_update().get(pk=allowance.pk)
        if not allowance.openings.filter(counted=False).exists():
            Opening.objects.get_or_create(
                allowance=allowance,
                month=queries.month_at(at).first,
                story=story,
                defaults={"counted": False, "opened_at": at},
            )


def takes_from_network(network: str, *, at: datetime) -> bool:
    """A network opens so many articles a day without a confirmed address, so that cookies thrown away gain nothing."""
    day = at.astimezone(queries.zone()).date()
    NetworkDay.objects.get_or_create(network=network, day=day)
    most = queries.rules().first_articles_a_network
    return bool(NetworkDay.objects.filter(network=network, day=day, opened__lt=most).update(opened=F("opened") + 1))


def address_key(address: str) -> str:
    """Under which all variants of an address are one."""
    return blake2b(policy.canonical_address(address).encode(), digest_size=32).hexdigest()
