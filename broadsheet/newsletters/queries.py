"""Who may have what."""

from datetime import datetime

from broadsheet.membership.models import Reader
from broadsheet.membership.queries import held_by, rules
from broadsheet.newsletters.models import Newsletter
from broadsheet.newsletters.policy import Whom, cut_for


def is_for(newsletter: Newsletter, reader: Reader, *, at: datetime) -> bool:
    """Whether editions would reach them now, if they signed up."""
    return cut_for(Whom(newsletter.whom), entitled=reads_everything(reader, at=at)) is not None


def reads_everything(reader: Reader, *, at: datetime) -> bool:
    until = held_by(reader, at=at, grace_days=rules().grace_days).entitled_until
    return until is not None and at < until
