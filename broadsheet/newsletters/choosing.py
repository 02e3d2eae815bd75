"""What a reader may choose from, as it stands for them now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from broadsheet.membership.models import Reader
from broadsheet.newsletters.models import Newsletter, Signup
from broadsheet.newsletters.pages import Offer, offer_of
from broadsheet.newsletters.queries import is_for


@dataclass(frozen=True, slots=True)
class Choice:
    """`wanted`: they signed up, and have not left. `reaches`: editions would come to them; else it is for subscribers."""

    offer: Offer
    wanted: bool
    reaches: bool

    @property
    def is_open(self) -> bool:
        """Whether they may say yes or no to it: what rests they may still leave."""
        return self.wanted or self.reaches


def choices_of(reader: Reader, *, at: datetime) -> list[Choice]:
    wanted = set(Signup.objects.filter(reader=reader, ended_at=None).values_list("newsletter_id", flat=True))
    offered = Newsletter.objects.filter(withdrawn_at=None).prefetch_related("regions")
    return [Choice(offer_of(one), one.pk in wanted, is_for(one, reader, at=at)) for one in offered]


def names_wanted(reader_id: int, *, but: Collection[int] = ()) -> list[str]:
    standing = Signup.objects.filter(reader=reader_id, ended_at=None, newsletter__withdrawn_at=None).exclude(newsletter__in=but)
    return list(standing.order_by("newsletter__order", "newsletter__name").values_list("newsletter__name", flat=True))
