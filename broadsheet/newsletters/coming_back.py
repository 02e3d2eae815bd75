"""What the mailroom asks or tells of deliveries, by the marks on their envelopes."""

from datetime import datetime

from broadsheet.mailroom.envelope import Posted
from broadsheet.mailroom.marks import Deliveries, register_marks
from broadsheet.newsletters.actions.signing_up import How, end
from broadsheet.newsletters.actions.tallying import count_returned
from broadsheet.newsletters.models import Delivery, Signup


def register() -> None:
    register_marks(Deliveries(posted=posted, returned=returned, leave=leave, sent_between=sent_between))


def posted(number: int) -> Posted | None:
    delivery = Delivery.objects.filter(pk=number).first()
    return Posted(number, delivery.to, delivery.listed_at) if delivery else None


def returned(number: int, at: datetime) -> None:
    count_returned(number, at=at)


def leave(number: int, at: datetime) -> None:
    """By mail to the address that List-Unsubscribe names."""
    delivery = Delivery.objects.select_related("edition").filter(pk=number).first()
    if delivery is not None:
        for signup in Signup.objects.filter(reader=delivery.reader_id, newsletter=delivery.edition.newsletter_id):
            end(signup, how=How.MAIL, at=at)


def sent_between(since: datetime, until: datetime) -> int:
    return Delivery.objects.filter(sent_at__gte=since, sent_at__lt=until).count()
