"""Whoever has no account, where a house rule lets them open a few stories a month: counted here, taken over by registering."""

import secrets
from datetime import datetime

from django.db import transaction

from broadsheet.access.passes import short
from broadsheet.access.terms import NO_METER, Meter
from broadsheet.membership import queries
from broadsheet.membership.actions.metering import allowance_of, takes_from_network
from broadsheet.membership.models import Allowance, Opening, Reader

VISITOR = "visitor-"  # begins the key of a visitor's allowance; that of a reader's is hexadecimal


def open_as_visitor(*, visitor: int, story: str, network: str, at: datetime) -> tuple[int, Meter]:
    """Who the visitor is and has open after this story was asked for. `visitor` 0 asks for one not seen before; an answer of 0
    opens nothing: the network's day is spent, or a reader has taken over what this visitor had."""
    month = queries.month_at(at)
    monthly = queries.rules().anonymous_allowance
    with transaction.atomic():
        allowance = Allowance.objects.select_for_update().filter(pk=visitor, address_key__startswith=VISITOR).first()
        if visitor and allowance is None:
            return 0, NO_METER
        meter = queries.meter_of(allowance, month=month, monthly_allowance=monthly) if allowance else Meter(left=monthly)
        if short(story) in meter.opened or not meter.left or not takes_from_network(network, at=at):
            return visitor, meter
        allowance = allowance or Allowance.objects.create(address_key=f"{VISITOR}{secrets.token_hex(20)}")
        Opening.objects.create(allowance=allowance, month=month.first, story=story, opened_at=at)
        return allowance.pk, Meter(left=meter.left - 1, opened=meter.opened | {short(story)})


def merge_visitor(*, visitor: int, reader: Reader, at: datetime) -> None:
    """What was opened this month before registering stays open, and counts as the reader's. The visitor is no more."""
    month = queries.month_at(at).first
    with transaction.atomic():
        own = allowance_of(reader)
        locked = Allowance.objects.select_for_update().filter(pk__in=(visitor, own.pk)).order_by("pk")
        theirs = next((each for each in locked if each.address_key.startswith(VISITOR)), None)
        if theirs is None:
            return
        opened = theirs.openings.filter(month=month)
        Opening.objects.bulk_create(
            (Opening(allowance=own, month=month, story=each.story, opened_at=each.opened_at) for each in opened),
            ignore_conflicts=True,  # the first article, say, which the reader has already and for nothing
        )
        theirs.delete()


def forget_visitors(*, at: datetime) -> int:
    """Visitors of past months, whose passes have ended."""
    past = Allowance.objects.filter(address_key__startswith=VISITOR).exclude(openings__month=queries.month_at(at).first)
    return past.delete()[1].get("membership.Allowance", 0)
