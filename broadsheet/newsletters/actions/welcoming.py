"""Welcome whoever signed up, and in the days after say what there is besides: each mail once, none to who has left or lapsed."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from broadsheet.mailroom.actions import NoSuchAddress, post
from broadsheet.mailroom.models import Lane
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import rules
from broadsheet.newsletters import links
from broadsheet.newsletters.models import Newsletter, Signup
from broadsheet.newsletters.naming import named
from broadsheet.newsletters.queries import is_for
from broadsheet.newsletters.welcome import LONGEST, STEPS, next_step

log = logging.getLogger(__name__)


def welcome_all(*, at: datetime) -> int:
    """How many mails were written."""
    wanted = Signup.objects.filter(
        Q(welcomed=0) | Q(welcomed__lt=len(STEPS), confirmed_at=F("reader__confirmed_at")),
        confirmed_at__gt=at - LONGEST,
        ended_at=None,
        newsletter__withdrawn_at=None,
    )
    ordered = wanted.select_related("reader", "newsletter").order_by("reader", "newsletter__order", "newsletter__name")
    return sum(welcome(list(theirs), at=at) for _, theirs in groupby(list(ordered), key=lambda signup: signup.reader_id))


def welcome(signups: Iterable[Signup], *, at: datetime) -> int:
    """Write to a reader what is due: one mail for all that they signed up for together. How many were written."""
    due: dict[int, list[Signup]] = {}
    for signup in signups:
        if (step := _step_of(signup, at=at)) is not None:
            due.setdefault(step, []).append(signup)
    return sum(_written(together, step, at=at) for step, together in due.items())


def _step_of(signup: Signup, *, at: datetime) -> int | None:
    """The mail that is due. Registering begins a newsletter at the very moment at which it confirms."""
    reader, newsletter = signup.reader, signup.newsletter
    assert signup.confirmed_at is not None
    step = next_step(
        written=signup.welcomed, since=at - signup.confirmed_at, registered=signup.confirmed_at == reader.confirmed_at
    )
    return step if step and reader.is_active and is_for(newsletter, reader, at=at) else None


def _written(signups: Sequence[Signup], step: int, *, at: datetime) -> bool:
    """False where no mail can go there, another worker was quicker, or they have left."""
    reader = signups[0].reader
    try:
        with transaction.atomic():
            ours = [signup for signup in signups if _is_ours(signup, step)]
            if ours:
                _post([signup.newsletter for signup in ours], reader, step, at=at)
    except NoSuchAddress:
        log.warning("Reader %s could not be welcomed: no mail can go to their address.", reader.pk)
        return False
    return bool(ours)


def _is_ours(signup: Signup, step: int) -> bool:
    return bool(Signup.objects.filter(pk=signup.pk, welcomed=signup.welcomed, ended_at=None).update(welcomed=step))


def _post(newsletters: Sequence[Newsletter], reader: Reader, step: int, *, at: datetime) -> None:
    leave = links.leave_link(links.Whose.of(reader), *(one.pk for one in newsletters))
    told = {
        "newsletter": named(one.name for one in newsletters),
        "promise": " ".join(one.promise for one in newsletters),
        "newsletters": [
            {"name": one.name, "promise": one.promise, "page": f"{settings.BASE_URL}/newsletters/{one.slug}/"}
            for one in newsletters
        ],
        "allowance": rules().monthly_allowance,
        "preferences": links.preferences_link(links.Whose.of(reader), at=at),
        "leave": leave,
    }
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    post(kind=STEPS[step - 1].kind, to=reader.email, context=told, at=at, lane=Lane.BULK, headers=headers)
