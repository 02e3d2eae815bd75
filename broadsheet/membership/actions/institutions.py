"""Institutions and their networks. Gates follow the number `networks`, so every change gives one out."""

from datetime import datetime

from django.db import transaction

from broadsheet.kit.counting import next_number
from broadsheet.membership.models import Institution, Network
from broadsheet.membership.networks import ranges_from
from broadsheet.membership.queries import NETWORKS


def record_institution(
    *, name: str, starts_at: datetime, ends_at: datetime | None, networks: str, institution: Institution | None = None
) -> Institution:
    """An institution as its contract says; `networks` as pasted. Raises BadNetwork before anything is written."""
    ranges_from(networks)
    with transaction.atomic():
        institution = institution or Institution()
        institution.name, institution.starts_at, institution.ends_at = name, starts_at, ends_at
        institution.save()
        record_networks(institution=institution, pasted=networks)
    return institution


def record_networks(*, institution: Institution, pasted: str) -> list[Network]:
    """These and no others are the institution's networks from now on."""
    ranges = ranges_from(pasted)
    with transaction.atomic():
        institution.networks.all().delete()
        networks = Network.objects.bulk_create(
            Network(institution=institution, as_written=each.as_written[:120], first_address=each.first, last_address=each.last)
            for each in ranges
        )
        next_number(NETWORKS)
    return networks


def remove_institution(institution: Institution) -> None:
    with transaction.atomic():
        institution.delete()
        next_number(NETWORKS)
