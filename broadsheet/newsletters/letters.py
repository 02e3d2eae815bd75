"""What is to go of a batch: to whom, and in which cut, by what stands of each reader now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from broadsheet.access.terms import Cut
from broadsheet.mailroom.envelope import domain_of
from broadsheet.mailroom.queries import suppressed_among
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import held_by, rules, staff_among
from broadsheet.newsletters.links import Whose
from broadsheet.newsletters.models import Delivery, Edition, Signup
from broadsheet.newsletters.policy import Whom, cut_for, cuts_of


@dataclass(frozen=True, slots=True)
class Letter:
    """`number`: of its delivery. `listed_at`: when it was written down, which its Message-ID seals. `ends_at`: when the standing
    ends by which it has this cut; None: it needs none."""

    number: int
    to: str
    cut: Cut
    whose: Whose
    listed_at: datetime
    ends_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        return self.ends_at is None or at < self.ends_at


def letters_of(rows: Sequence[Delivery], edition: Edition, *, at: datetime) -> list[Letter]:
    """Those of a batch that are to go, each with its cut; the others are passed over, and say why."""
    whom, grace = _began_for(edition), rules().grace_days
    readers = Reader.objects.filter(pk__in=[row.reader_id for row in rows]).prefetch_related("terms").in_bulk()
    signups = Signup.objects.filter(newsletter=edition.newsletter_id, reader_id__in=readers, ended_at=None)
    wanted = set(signups.exclude(confirmed_at=None).values_list("reader_id", flat=True))
    suppressed, staff = suppressed_among(reader.email for reader in readers.values()), staff_among(readers)
    letters: list[Letter] = []
    for row in rows:
        reader = readers.get(row.reader_id or 0)
        if reader is None or not reader.is_active or reader.pk not in wanted:
            _pass_over(row, "It is not wanted any more.", at=at)
        elif reader.email in suppressed:
            _pass_over(row, "Its address is suppressed.", at=at)
        elif row.to != reader.email and not _readdressed(row, to=reader.email):
            _pass_over(row, "Its reader has another address now, and to that one this edition goes already.", at=at)
        else:
            until = held_by(reader, at=at, grace_days=grace, staff=reader.pk in staff).entitled_until
            cut = cut_for(whom, entitled=until is not None and at < until)
            if cut:
                ends_at = until if cut is Cut.FULL else None
                letters.append(Letter(row.pk, row.to, cut, Whose.of(reader), row.listed_at, ends_at))
            else:
                _pass_over(row, "It is for subscribers.", at=at)
    return letters


def _began_for(edition: Edition) -> Whom:
    """For whom it was when it began, as its cuts show: the newsletter may be for others by now."""
    cuts = set(edition.cuts.values_list("cut", flat=True))
    return next(whom for whom in Whom if cuts == set(cuts_of(whom)))


def _readdressed(row: Delivery, *, to: str) -> bool:
    """To where its reader is now: whoever has the former address may be somebody else, and would get this one's links."""
    row.to, row.domain = to, domain_of(to).lower()
    try:
        with transaction.atomic():
            row.save(update_fields=["to", "domain"])
    except IntegrityError:
        return False
    return True


def _pass_over(row: Delivery, why: str, *, at: datetime) -> None:
    Delivery.objects.filter(pk=row.pk).update(passed_over_at=at, trouble=why, claim="")
