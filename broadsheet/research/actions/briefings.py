"""Briefings of readers: set, brought at their hour, each item once. What was brought and its mail are one transaction."""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from broadsheet.library.actions.rounds import Trouble
from broadsheet.library.alerts import sight_of_reader
from broadsheet.mailroom.actions import NoSuchAddress, post
from broadsheet.mailroom.models import Lane
from broadsheet.membership.models import Reader
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.research import bringing
from broadsheet.research.briefings_shown import PAGE, SETTINGS, Item, items_of
from broadsheet.research.ends import headers_of, path_that_ends
from broadsheet.research.models import Briefing, Brought, Choice, Morning
from broadsheet.research.week import Offered, Week

log = logging.getLogger(__name__)
MOST_CHOICES = 30


class NothingChosen(Exception):
    """A briefing looks at one thing at least."""


class NotANumber(ValueError):
    """An hour, a day or a number of items that there is not."""


@transaction.atomic
def set_briefing(
    reader: Reader,
    *,
    choices: Iterable[tuple[str, int]],
    days: Collection[int],
    hour: int,
    most: int,
    by_mail: bool,
    at: datetime,
) -> Briefing:
    """In the place of what was set before. What is not on the desk is left out. A new hour that has passed brings none."""
    if hour not in bringing.HOURS or not bringing.LEAST <= most <= bringing.MOST or not set(days) <= set(range(7)):
        raise NotANumber
    wanted = _on_the_desk(choices)[:MOST_CHOICES]
    if not wanted:
        raise NothingChosen
    Reader.objects.select_for_update().get(pk=reader.pk)
    said = {"days": "".join(map(str, sorted(set(days)))), "hour": hour, "most": most, "by_mail": by_mail}
    as_before = Briefing.objects.filter(reader=reader, days=said["days"], hour=hour).exists()
    briefing, _ = Briefing.objects.update_or_create(reader=reader, defaults=said if as_before else {**said, "wanted_since": at})
    briefing.choices.all().delete()
    Choice.objects.bulk_create(Choice(briefing=briefing, kind=kind, row=row) for kind, row in wanted)
    return briefing


def _on_the_desk(choices: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    wanted = [one for one in dict.fromkeys(choices) if one[0] in Choice.Kind.values]
    rows = {kind: {row for of, row in wanted if of == kind} for kind in Choice.Kind.values}
    there = {
        (kind, pk) for kind in rows for pk in AXIS_MODELS[kind].objects.filter(pk__in=rows[kind]).values_list("pk", flat=True)
    }
    return [one for one in wanted if one in there]


def end_briefing(reader: Reader) -> None:
    """What was brought stays: nothing of it comes again if they begin anew."""
    Briefing.objects.filter(reader=reader).delete()


def end_mails(briefing: int) -> None:
    """For whoever holds a mail of it: the page goes on."""
    Briefing.objects.filter(pk=briefing).update(by_mail=False)


# Bringing


def send_briefings(*, at: datetime, most: int | None = None) -> int:
    """Whatever is due, each once; how many came, the empty ones too."""
    week, trouble, brought = Week(at=at), Trouble(), 0
    for days, hour in list(Briefing.objects.order_by().values_list("days", "hour").distinct()):
        moment = bringing.last_due(set(map(int, days)), hour, at=at, zone=timezone.get_default_timezone())
        if moment is None:
            continue
        for pk in _due(days, hour, moment, at=at)[:most]:
            with trouble.of(f"Briefing {pk}"):
                brought += _bring(pk, moment, week)
    trouble.raise_all()
    return brought


def _due(days: str, hour: int, moment: datetime, *, at: datetime) -> list[int]:
    if at - moment > bringing.LATE:
        return []
    rows = Briefing.objects.filter(
        days=days, hour=hour, wanted_since__lt=moment, reader__is_active=True, reader__confirmed_at__isnull=False
    )
    return list(rows.exclude(reader__mornings__due_at__gte=moment).order_by("pk").values_list("pk", flat=True))


def can_be_asked_for(briefing: Briefing) -> bool:
    """The first one, and any where no day was chosen."""
    return not briefing.days or not Morning.objects.filter(reader=briefing.reader_id).exists()


def bring_now(reader: Reader, *, at: datetime) -> bool:
    """On the page alone."""
    briefing = Briefing.objects.filter(reader=reader).first()
    if briefing is None or not can_be_asked_for(briefing):
        return False
    return _bring(briefing.pk, at, Week(at=at), mail=False)


def _bring(pk: int, moment: datetime, week: Week, *, mail: bool = True) -> bool:
    """Looking holds no transaction; whoever brings it meanwhile has the hour."""
    briefing = Briefing.objects.select_related("reader").filter(pk=pk).first()
    if briefing is None:
        return False
    last = Morning.objects.filter(reader=briefing.reader).first()
    since = bringing.since(last.brought_at if last else None, at=week.at)
    sight = sight_of_reader(briefing.reader, at=week.at)
    offered, names = week.offered(briefing.choices.all(), sight=sight, since=since)
    rows = _chosen(briefing, offered, names, since=since)
    items = items_of(rows, sight=sight)
    morning = Morning(reader=briefing.reader, due_at=moment, brought_at=week.at, since=since)
    try:
        return _write(briefing, morning, rows, items if mail and briefing.by_mail else [])
    except NoSuchAddress:
        log.warning("A briefing of reader %s stands on its page alone: no mail can go to their address.", briefing.reader_id)
        return _write(briefing, morning, rows, [])


def _chosen(briefing: Briefing, offered: Sequence[Offered], names: dict[str, str], *, since: datetime) -> list[Brought]:
    brought = set(Brought.objects.filter(reader=briefing.reader_id).values_list("key", flat=True))
    by_key = {one.candidate.key: one for one in offered}
    found = bringing.chosen([one.candidate for one in offered], subjects=tuple(names), brought=brought, most=briefing.most)
    zone = timezone.get_default_timezone()
    return [
        Brought(
            reader_id=briefing.reader_id,
            place=place,
            key=one.key,
            sort=one.sort,
            article_id=by_key[one.key].article,
            url=by_key[one.key].url,
            why=bringing.why([names[subject] for subject in one.subjects], since=since, zone=zone)[:400],
            freely=by_key[one.key].freely,
        )
        for place, one in enumerate(found)
    ]


@transaction.atomic
def _write(briefing: Briefing, morning: Morning, rows: Sequence[Brought], items: Sequence[Item]) -> bool:
    """A kill leaves all of it or nothing; of two workers the second finds the hour taken."""
    Reader.objects.select_for_update().get(pk=briefing.reader_id)
    if Morning.objects.filter(reader=briefing.reader_id, due_at__gte=morning.due_at).exists():
        return False
    if not Briefing.objects.filter(pk=briefing.pk).exists():
        return False
    morning.pk = None
    morning.save()
    for row in rows:
        row.morning = morning
    Brought.objects.bulk_create(rows)
    if items:
        _post(briefing, morning, items)
    return True


def _post(briefing: Briefing, morning: Morning, items: Sequence[Item]) -> None:
    end = f"{settings.BASE_URL}{path_that_ends(briefing)}"
    day = morning.due_at.astimezone(timezone.get_default_timezone()).date()
    context = {"items": items, "day": day, "path": PAGE, "account": SETTINGS, "end": end}
    to, at = briefing.reader.email, morning.brought_at
    post(kind="my-briefing", to=to, context=context, at=at, lane=Lane.BULK, headers=headers_of(end))


def forget_brought(*, at: datetime) -> int:
    """What is so old that it cannot come again; until then it can be opened."""
    gone, _ = Morning.objects.filter(brought_at__lte=at - bringing.REMEMBERED).delete()
    return gone
