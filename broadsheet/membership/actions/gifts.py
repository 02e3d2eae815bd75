"""Give an article away by a link, open it, take it back. Whoever gives is locked; the last opening goes to one browser."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from broadsheet.access.passes import Given, short
from broadsheet.membership import policy, queries
from broadsheet.membership.actions.sessions import revoke
from broadsheet.membership.models import Gift, Reader


class NothingToGive(Exception):
    """This reader holds nothing that opens articles to others."""


class AllGiven(Exception):
    """The month's gifts are given."""


class GiftOver(Exception):
    """Too old, opened as often as it may be, or taken back. `path`: where its article stands."""

    def __init__(self, path: str = "") -> None:
        super().__init__(path)
        self.path = path


def give(*, reader: Reader, story: str, path: str, at: datetime) -> Gift:
    """A link for a story. The one that works already is given again, and costs nothing."""
    house = queries.rules()
    if queries.held_by(reader, at=at, grace_days=house.grace_days).entitled_until is None:
        raise NothingToGive
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=reader.pk)
        works = reader.gifts.filter(story=story, taken_back_at=None, expires_at__gt=at, opened__lt=F("openings")).first()
        if works is not None:
            return works
        if not left_to_give(reader, at=at):
            raise AllGiven
        expires_at = at + timedelta(days=house.gift_days)
        return Gift.objects.create(
            reader=reader, story=story, path=path, given_at=at, expires_at=expires_at, openings=house.gift_openings
        )


def left_to_give(reader: Reader, *, at: datetime) -> int:
    """This month. One that was taken back was given."""
    given = reader.gifts.filter(given_at__gte=queries.month_at(at).starts_at).count()
    return max(0, queries.rules().gifts_a_month - given)


def open_gift(number: int, *, had: bool, at: datetime) -> tuple[Gift, Given]:
    """Counted, unless this browser `had` it before."""
    generation = queries.generation()  # before the row is read, or one taken back in between would go on opening
    gift = Gift.objects.filter(pk=number).first()
    if gift is None:
        raise GiftOver
    works = Gift.objects.filter(pk=number, taken_back_at=None, expires_at__gt=at)
    if not (works.exists() if had else works.filter(opened__lt=F("openings")).update(opened=F("opened") + 1)):
        raise GiftOver(gift.path)
    until = min(gift.expires_at, at + policy.GIFT_LIFE)
    return gift, Given(gift.pk, short(gift.story), generation, int(until.timestamp()))


def still_open(number: int, *, at: datetime) -> Gift:
    """A gift that a browser which never had it could open now."""
    gift = Gift.objects.filter(pk=number).first()
    if gift is None or gift.taken_back_at or gift.expires_at <= at or gift.opened >= gift.openings:
        raise GiftOver(gift.path if gift else "")
    return gift


def take_back(gift: Gift, *, at: datetime) -> None:
    """The link opens nothing any more, and in whichever browser it did the article closes within a second."""
    with transaction.atomic():
        Gift.objects.filter(pk=gift.pk, taken_back_at=None).update(taken_back_at=at)
        revoke(-gift.pk, why="gift taken back", at=at)


def forget_gifts(*, at: datetime) -> int:
    return Gift.objects.filter(expires_at__lt=at - policy.GIFTS_KEPT).delete()[0]
