"""What changed in a dossier, by mail to whoever follows it. The mail and the mark up to where it tells are one transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from broadsheet.library.actions.rounds import Trouble
from broadsheet.library.alerts import sight_of_reader
from broadsheet.library.policy import Often, last_round
from broadsheet.mailroom.actions import NoSuchAddress, post
from broadsheet.mailroom.models import Lane
from broadsheet.membership.models import Reader
from broadsheet.research.dossiers_shown import OWN, Changed, changes_for, path_of
from broadsheet.research.ends import headers_of, path_that_ends
from broadsheet.research.models import Change, Following

log = logging.getLogger(__name__)
MOST_IN_A_MAIL = 20


def tell_of_dossiers(*, at: datetime, most: int | None = None) -> int:
    """How many mails were posted, of at most so many dossiers that are followed."""
    posted, trouble = 0, Trouble()
    for often in Often:
        until = last_round(often, at=at, zone=timezone.get_default_timezone())
        for pk in _due(often, until, most):
            with trouble.of(f"Following {pk}"):
                posted += _tell(pk, often, until=until, at=at)
    trouble.raise_all()
    return posted


def _due(often: Often, until: datetime, most: int | None) -> list[int]:
    within_reach = Q(dossier__reader=F("reader")) | Q(dossier__reader=None, dossier__published_at__isnull=False)
    rows = Following.objects.filter(
        within_reach,
        often=often.value,
        reader__is_active=True,
        reader__confirmed_at__isnull=False,
        dossier__changes__pk__gt=F("told"),
        dossier__changes__at__lte=until,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:most])


def _tell(pk: int, often: Often, *, until: datetime, at: datetime) -> int:
    """0 where nothing is left to tell of that its reader may know. Looking holds no transaction."""
    following = Following.objects.select_related("reader", "dossier").filter(pk=pk, often=often.value).first()
    if following is None:
        return 0
    rows = list(Change.objects.filter(dossier=following.dossier_id, pk__gt=following.told, at__lte=until).order_by("-pk"))
    if not rows:
        return 0
    seen = changes_for(rows, sight=sight_of_reader(following.reader, at=at))
    try:
        return _post(following, seen, upto=rows[0].pk, at=at)
    except NoSuchAddress:
        log.warning("Reader %s could not be told of a dossier: no mail can go to their address.", following.reader_id)
        return _mark(following, upto=rows[0].pk)


def _mark(following: Following, *, upto: int) -> int:
    Following.objects.filter(pk=following.pk, told=following.told).update(told=upto)
    return 0


@transaction.atomic
def _post(following: Following, seen: Sequence[Changed], *, upto: int, at: datetime) -> int:
    """One reader is told by one worker at a time: who comes second finds the mark moved."""
    Reader.objects.select_for_update().get(pk=following.reader_id)
    if not Following.objects.filter(pk=following.pk, told=following.told).update(told=upto) or not seen:
        return 0
    end = f"{settings.BASE_URL}{path_that_ends(following)}"
    context = {
        "title": following.dossier.title,
        "changes": seen[:MOST_IN_A_MAIL],
        "total": len(seen),
        "more": len(seen[MOST_IN_A_MAIL:]),
        "path": path_of(following.dossier),
        "account": OWN,
        "end": end,
    }
    post(kind="dossier", to=following.reader.email, context=context, at=at, lane=Lane.BULK, headers=headers_of(end))
    return 1
