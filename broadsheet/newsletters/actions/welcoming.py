"""Welcome whoever signed up, and in the days after say what there is besides: each mail once, none to who has left or lapsed."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from broadsheet.mailroom.actions import NoSuchAddress, post
from broadsheet.mailroom.models import Lane
from broadsheet.membership.queries import rules
from broadsheet.newsletters import links
from broadsheet.newsletters.models import Signup
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
    return sum(welcome(signup, at=at) for signup in list(wanted.select_related("reader", "newsletter")))


def welcome(signup: Signup, *, at: datetime) -> bool:
    """Write the mail that is due. Whether one was. Registering begins a newsletter at the very moment at which it confirms."""
    reader, newsletter = signup.reader, signup.newsletter
    assert signup.confirmed_at is not None
    step = next_step(
        written=signup.welcomed, since=at - signup.confirmed_at, registered=signup.confirmed_at == reader.confirmed_at
    )
    if step is None or not reader.is_active or not is_for(newsletter, reader, at=at):
        return False
    try:
        return _written(signup, step, at=at)
    except NoSuchAddress:
        log.warning("Reader %s could not be welcomed: no mail can go to their address.", reader.pk)
        return False


def _written(signup: Signup, step: int, *, at: datetime) -> bool:
    """False where another worker was quicker, or they have left."""
    leave = links.leave_link(signup.reader_id, signup.newsletter_id)
    told = {
        "newsletter": signup.newsletter.name,
        "promise": signup.newsletter.promise,
        "page": f"{settings.BASE_URL}/newsletters/{signup.newsletter.slug}/",
        "allowance": rules().monthly_allowance,
        "preferences": links.preferences_link(signup.reader_id, at=at),
        "leave": leave,
    }
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with transaction.atomic():
        ours = Signup.objects.filter(pk=signup.pk, welcomed=signup.welcomed, ended_at=None)
        if not ours.update(welcomed=step):
            return False
        kind = STEPS[step - 1].kind
        post(kind=kind, to=signup.reader.email, context=told, at=at, lane=Lane.BULK, headers=headers)
    return True
