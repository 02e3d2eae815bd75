"""Take mail that came back: keep what was seen, believe it where its mark is ours, and do what follows. Twice is as once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from broadsheet.mailroom import heeding, marks
from broadsheet.mailroom.bounced import Returned, Said, parse, scrubbed
from broadsheet.mailroom.envelope import Purpose
from broadsheet.mailroom.folding import folded
from broadsheet.mailroom.heeding import Doubt
from broadsheet.mailroom.letterbox import look_into
from broadsheet.mailroom.models import Dispatch, MailRules, Return
from broadsheet.mailroom.numbering import message_id
from broadsheet.mailroom.status import Kind, kind_of, telling, written
from broadsheet.mailroom.suppressing import suppress

MOST_ADDRESS, MOST_MARK = 320, 120
MAILBOX, SERVER = "mailbox", "server"
CAME_BACK = frozenset({Kind.HARD, Kind.SOFT, Kind.COMPLAINT})
OF_A_DISPATCH = re.compile(r"<([1-9]\d{0,17})\.[0-9a-z]{16}@[^>]+>")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail provider told of one address, in our words. `mark`: of the delivery; "": it is about another mail."""

    key: str
    source: str
    address: str
    kind: Kind
    status: str = ""
    words: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`went_to`: the address that the mail went to, as far as that is proved. `number`: of its delivery."""

    mark: str = ""
    number: int | None = None
    went_to: str = ""
    doubt: Doubt | None = None


def take_return(raw: bytes, *, at: datetime) -> list[Return]:
    """The rows made; none where this mail was taken before, or was a reader's wish to get no more."""
    return _take(parse(raw), at)


def takes_out(raw: bytes, *, at: datetime) -> bool:
    """The same, for whoever empties a mailbox: a letter that somebody wrote is to be left there."""
    came = parse(raw)
    _take(came, at)
    return came.kind is not Kind.OTHER or any(marks.read(mark) for mark in came.marks)


def _take(came: Returned, at: datetime) -> list[Return]:
    if _wishes_to_leave(came, at):
        return []
    told = _proved(came)
    with transaction.atomic():
        taken = [row for said in _concerned(came, told) if (row := _keep(came, told, said, at))]
        if taken and told.number is not None and came.kind in CAME_BACK:
            marks.say_returned(told.number, at=at)
    return taken


def empty_letterbox(address: str, *, at: datetime) -> int:
    """How many mails were taken out of it."""
    return look_into(address, lambda raw: takes_out(raw, at=at))


def take_notice(notice: Notice, *, at: datetime) -> Return | None:
    """What a provider tells is believed: its door asked for our secret. None where it was told before."""
    row = Return(
        key=notice.key,
        source=notice.source,
        address=folded(notice.address)[:MOST_ADDRESS],
        kind=notice.kind,
        status=notice.status,
        words=notice.words,
        mark=notice.mark[:MOST_MARK],
        came_at=at,
    )
    with transaction.atomic():
        if not _is_new(row):
            return None
        marked = marks.read(notice.mark) if notice.kind in CAME_BACK else None
        if marked and folded(marked.posted.to) == row.address:
            marks.say_returned(marked.posted.number, at=at)
        return _heed(row)


def take_refusal(*, key: str, address: str, words: str, at: datetime) -> Return | None:
    """A server would not have a mail at all: that is a bounce which nobody had to send back. `key` names the mail."""
    said: dict[str, Any] = {
        "kind": kind_of(status="", words=words),
        "status": written(telling("", words)),
        "words": scrubbed(words),
    }
    number = sha256(f"refused {key}".encode()).hexdigest()
    return take_notice(Notice(key=number, source=SERVER, address=address, **said), at=at)


def forget_returns(*, at: datetime) -> int:
    doubted, _ = Return.objects.exclude(doubt="").filter(came_at__lte=at - heeding.DOUBTED_KEPT).delete()
    old, _ = Return.objects.filter(came_at__lte=at - heeding.KEPT).delete()
    return doubted + old


def _wishes_to_leave(came: Returned, at: datetime) -> bool:
    """By mail to the address that List-Unsubscribe named: its mark is all that counts."""
    found = (marked for mark in came.marks if (marked := marks.read(mark)))
    for marked in found:
        if marked.purpose is Purpose.LEAVE:
            marks.say_left(marked.posted.number, at=at)
            return True
    return False


def _proved(came: Returned) -> Told:
    """By the mark of a delivery, or by the Message-ID of a mail of the outbox: both hold what only its receiver knows."""
    mark, number, went_to = _delivery(came) or ("", None, _dispatch(came.original))
    if went_to:
        meant = {folded(address) for address in came.meant}
        doubt = Doubt.ELSEWHERE if meant and folded(went_to) not in meant else None
        return Told(mark, number, folded(went_to), doubt)
    return Told(came.marks[0][:MOST_MARK] if came.marks else "", None, "", Doubt.FORGED if came.marks else Doubt.NO_MARK)


def _delivery(came: Returned) -> tuple[str, int, str] | None:
    for mark in came.marks:
        marked = marks.read(mark)
        if marked and marked.purpose is Purpose.BACK:
            return mark, marked.posted.number, marked.posted.to
    return None


def _dispatch(original: str) -> str:
    found = OF_A_DISPATCH.fullmatch(original)
    dispatch = Dispatch.objects.filter(pk=int(found[1])).first() if found else None
    return dispatch.to if dispatch and message_id(dispatch) == original else ""


def _concerned(came: Returned, told: Told) -> Iterator[Said]:
    """Where it is proved whom the mail went to, that address alone; else whomever it names, and nobody where it names nobody."""
    if told.doubt is None:
        about = next((said for said in came.said if folded(said.address) == told.went_to), None)
        gravest = next((said for said in came.said if said.kind is came.kind), None)
        yield replace(about or gravest or Said("", came.kind, words=came.words), address=told.went_to)
    else:
        yield from came.said or (Said("", came.kind, words=came.words),)


def _keep(came: Returned, told: Told, said: Said, at: datetime) -> Return | None:
    row = Return(
        key=came.key,
        source=MAILBOX,
        address=folded(said.address)[:MOST_ADDRESS] if said.address else "",
        kind=said.kind,
        status=said.status,
        words=said.words,
        mark=told.mark,
        doubt=told.doubt or "",
        came_at=at,
    )
    if not _is_new(row):
        return None
    return row if told.doubt else _heed(row)


def _is_new(row: Return) -> bool:
    """Written down, unless it is there: the constraint decides between two who take the same mail at once."""
    values = {field.attname: getattr(row, field.attname) for field in Return._meta.concrete_fields if not field.primary_key}
    kept, fresh = Return.objects.get_or_create(key=row.key, address=row.address, defaults=values)
    row.pk = kept.pk
    return fresh


def _heed(row: Return) -> Return:
    rules = MailRules.load()
    rule = heeding.SoftRule(bounces=rules.soft_bounces, days=rules.soft_days)
    softs = Return.objects.filter(
        address=row.address, kind=Kind.SOFT, doubt="", overtaken_at=None, came_at__gt=rule.since(row.came_at)
    )
    why = heeding.reason(Kind(row.kind), softs=list(softs.values_list("came_at", flat=True)), rule=rule)
    if why and row.address:
        suppress(address=row.address, why=why, at=row.came_at)
    return row
