"""The demo's newsletters: the cast has signed up to the Daily, and a week of editions has gone out before the first day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from broadsheet.config.demo.members import CAST
from broadsheet.membership.actions.joining import CONSENT, DAILY
from broadsheet.membership.models import Consent, Reader
from broadsheet.newsletters.actions.making import assemble
from broadsheet.newsletters.actions.signing_up import take_up_consents
from broadsheet.newsletters.models import Delivery, Edition, Newsletter
from broadsheet.newsletters.pages import keys_of
from broadsheet.newsletters.running import make_editions
from broadsheet.press.actions import print_due, stale

WEEK = timedelta(days=7)


def lay_out_editions(*, at: datetime) -> None:
    """Once: what is there already stays as it is."""
    zone = ZoneInfo(settings.TIME_ZONE)
    _sign_up_the_cast(at)
    if not Edition.objects.exists():
        _lay_out_a_week(zone, at=at)
    make_editions(at=at, zone=zone)


def _lay_out_a_week(zone: ZoneInfo, *, at: datetime) -> None:
    for newsletter in Newsletter.objects.all():
        timetable, today = newsletter.timetable(), at.astimezone(zone).date()
        for day in timetable.next_days(after=today - WEEK, upto=today):
            if (due := timetable.moment_on(day, zone)) <= at:
                _went_out(newsletter, due, zone)
        stale(keys_of(newsletter.pk), at=at)
    print_due(at=at)


def _sign_up_the_cast(at: datetime) -> None:
    """As registering does."""
    cast = Reader.objects.filter(email__in=[member.address for member in CAST if member.address])
    for reader in cast.exclude(confirmed_at=None):
        Consent.objects.get_or_create(reader=reader, what=DAILY, defaults={"text_shown": CONSENT, "given_at": at})
    take_up_consents(at=at)


def _went_out(newsletter: Newsletter, due: datetime, zone: ZoneInfo) -> None:
    """Before anybody had signed up: so nobody has it, and it stands on the web."""
    day = due.astimezone(zone).date()
    edition = Edition.objects.create(newsletter=newsletter, goes_on=day, due_at=due, opened_at=due - timedelta(days=1))
    assemble(edition, at=due)
    if edition.items.exists():
        Edition.objects.filter(pk=edition.pk).update(begun_at=due, listed_at=due, done_at=due)
    else:
        edition.delete()


def letters() -> QuerySet[Delivery]:
    """Editions that went to somebody, the newest first."""
    sent = Delivery.objects.exclude(sent_at=None).select_related("edition__newsletter")
    return sent.order_by("-sent_at", "-pk")
