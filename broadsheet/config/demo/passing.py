"""The demo's clock moves a day at a time, so that each day's mail is written on its day, as it would be in a house that runs."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet.billing import stripe_api
from broadsheet.billing import tasks as billing
from broadsheet.billing.actions import sweep as compare_with_stripe
from broadsheet.billing.actions.lapsing import tell_whose_grace_is_over
from broadsheet.billing.actions.writing import remind
from broadsheet.config.demo.timetable import mornings
from broadsheet.config.ticks import run_what_is_due, send_what_comes_out
from broadsheet.kit import clock
from broadsheet.membership import tasks as membership
from broadsheet.till.till import Till

log = logging.getLogger(__name__)


def pass_time(to: datetime, *, zone: ZoneInfo, till: Till) -> None:
    for morning in mornings(clock.now(), to, zone=zone):
        if morning > clock.now():  # else somebody else moved it meanwhile
            clock.move_to(morning)
            _see_to_the_day(till, at=morning)
    clock.move_to(to)
    _see_to_the_day(till, at=clock.now())
    run_what_is_due(at=clock.now())


def _see_to_the_day(till: Till, *, at: datetime) -> None:
    """What brings mail. Stripe is asked only where something happened there, or a month would take minutes."""
    try:
        if till.run_due():
            compare_with_stripe(at=at)
        billing.settle_years.call()
    except stripe_api.Unreachable as away:
        log.warning("What happened at the till on %s is written of later: %s", f"{at:%Y-%m-%d}", away)
    membership.sweep.call()
    send_what_comes_out(at=at)
    remind(at=at)
    tell_whose_grace_is_over(at=at)
