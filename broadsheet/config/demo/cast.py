"""Puts the cast into the database: accounts, terms, a campus, second factors. Twice equals once.

Only the demo and the tests know these secrets; a publication of one's own has none of this.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.models import Group

from broadsheet.membership.actions import begin, engage, open_story, record_group, record_institution, record_term
from broadsheet.membership.models import Institution, Knock, Reader, Term
from broadsheet.membership.queries import rules

DAY = timedelta(days=1)
LONG_AGO = datetime(2006, 1, 1, tzinfo=UTC)
GROUP = "the cast"  # the reference of what pays for Gus
CAMPUS = "The University of Fenwick"
SECOND_FACTORS = {  # base32, as an authenticator app takes them
    "edda": "EDDAEDDAEDDAEDDAEDDAEDDAEDDAEDDA",
    "carlo": "CARLOCARLOCARLOCARLOCARLOCARLOCA",
    "petra": "PETRAPETRAPETRAPETRAPETRAPETRAPE",
}


def assemble_cast(at: datetime, *, opened_by_rex: Iterable[str] = ("r1", "r2", "r3")) -> dict[str, Reader]:
    """Whoever has an account, by slug. `opened_by_rex`: the stories that his allowance went into."""
    campus()
    return {
        "fay": fay(at),
        "rex": rex(at, opened_by_rex),
        "sada": sada(at),
        "pasha": pasha(at),
        "lena": lena(at),
        "gus": gus(at),
        "edda": staff("edda", "Editors", at),
        "carlo": staff("carlo", "Curators", at),
        "petra": staff("petra", "Publishers", at),
    }


def reader(slug: str, at: datetime) -> Reader:
    return engage(address=f"{slug}@example.org", at=at, first_name=slug.capitalize())


def fay(at: datetime) -> Reader:
    return reader("fay", at)


def rex(at: datetime, opened: Iterable[str] = ("r1", "r2", "r3")) -> Reader:
    """Opens what he is given; where that is less than the allowance, it is not spent."""
    spent = reader("rex", at)
    for story in opened:
        open_story(reader=spent, story=story, at=at)
    return spent


def una(at: datetime, *, story: str, path: str) -> Knock:
    """She has no account: an address at the door, and the one article that came with it."""
    return begin(address="una@example.org", next_path=path, story=story, network="una", had_first=False, at=at).knock


def sada(at: datetime) -> Reader:
    return _subscriber("sada", at, starts_at=at - 40 * DAY, ends_at=at + 325 * DAY)


def pasha(at: datetime) -> Reader:
    """Day three of grace."""
    return _subscriber("pasha", at, starts_at=at - 368 * DAY, ends_at=at - 3 * DAY, payment=Term.Payment.PAST_DUE)


def past_grace(at: datetime) -> Reader:
    """Pasha, had he waited too long."""
    ended = at - (rules().grace_days + 1) * DAY
    return _subscriber("pasha", at, starts_at=ended - 365 * DAY, ends_at=ended, payment=Term.Payment.PAST_DUE)


def lena(at: datetime) -> Reader:
    return _subscriber("lena", at, starts_at=at - 395 * DAY, ends_at=at - 30 * DAY)


def gus(at: datetime) -> Reader:
    """The first of three seats."""
    sits = reader("gus", at)
    if not sits.seats.exists():
        starts_at, ends_at = at - 20 * DAY, at + 345 * DAY
        record_group(
            reference=GROUP, holder=sits, bought=3, starts_at=starts_at, ends_at=ends_at, payment=Term.Payment.PAID, at=at
        )
    return sits


def campus(network: str = "203.0.113.0/24") -> Institution:
    """Where Ines reads, whose address is `members.CAMPUS_ADDRESS`; the contract has no end."""
    known = Institution.objects.filter(name=CAMPUS).first()
    return known or record_institution(name=CAMPUS, starts_at=LONG_AGO, ends_at=None, networks=network)


def staff(slug: str, group: str, at: datetime) -> Reader:
    """A desk right and a second factor. The group is the newsroom's; where that laid none out, it is an empty one."""
    member = reader(slug, at)
    member.groups.add(Group.objects.get_or_create(name=group)[0])
    Authenticator.objects.get_or_create(
        user=member, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(SECOND_FACTORS[slug])}}
    )
    return member


def _subscriber(slug: str, at: datetime, *, starts_at: datetime, ends_at: datetime, payment: str = Term.Payment.PAID) -> Reader:
    known = reader(slug, at)
    if not known.terms.exists():
        record_term(reader=known, source=Term.Source.SUBSCRIPTION, starts_at=starts_at, ends_at=ends_at, payment=payment, at=at)
    return known
