"""One way in, for registering and for logging in: an address is sent, a code and a link go to it, either answers once.

Nothing here looks up whether an address is known before its code is answered, so that nobody can find out by asking, in text or
in time.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.suppressing import say_arrived
from broadsheet.membership import policy, queries
from broadsheet.membership.actions.metering import address_key, allowance_of, open_first_article, takes_from_network
from broadsheet.membership.actions.sessions import revoke
from broadsheet.membership.actions.visiting import merge_visitor
from broadsheet.membership.models import Allowance, Consent, Knock, NetworkDay, Reader
from broadsheet.membership.signals import registered

DAILY = "daily"
CONSENT = "Registering begins the free Daily newsletter; every one of them carries a link that ends it."


@dataclass(frozen=True, slots=True)
class Begun:
    """`opened`: this browser is given the article at once, before any code."""

    knock: Knock
    opened: bool


def begin(*, address: str, next_path: str, story: str, network: str, had_first: bool, at: datetime, visitor: int = 0) -> Begun:
    """`story` is the metered article to return to, or "". `had_first`: this browser has had its first article. `visitor`: whose
    openings in this browser the reader will take over, whichever browser the code is answered in."""
    tidy = policy.tidy_address(address)
    key = address_key(tidy)
    code = "".join(secrets.choice(policy.CODE_LETTERS) for _ in range(policy.CODE_LENGTH))
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        opened = bool(story) and not had_first and _opens_first(key, story, network, at)
        knock = Knock.objects.create(
            address=tidy,
            address_key=key,
            code_hash=_code_hash(token_hash(token), code),
            link_hash=token_hash(token),
            next_path=next_path,
            story=story if opened else "",
            visitor=Allowance.objects.filter(pk=visitor, readers=None).first() if visitor else None,
            knocked_at=at,
            expires_at=at + policy.CODE_LIFE,
        )
        post(kind="code", to=tidy, context=_words(code, token), at=at, key=f"knock-{knock.link_hash}")
    return Begun(knock, opened)


def begin_again(knock: Knock, *, at: datetime) -> Knock:
    """A fresh code for the same address and page; the old one is dead."""
    with transaction.atomic():
        Knock.objects.filter(pk=knock.pk, expires_at__gt=at).update(expires_at=at)
        again = begin(address=knock.address, next_path=knock.next_path, story="", network="", had_first=True, at=at).knock
        again.story, again.visitor_id = knock.story, knock.visitor_id
        again.save(update_fields=["story", "visitor"])
    return again


def answer_by_code(*, knock: Knock, typed: str, at: datetime, counted: bool = True) -> Reader:
    """Raises WrongCode, which counts as a try, or CodeSpent. Not `counted`: whoever calls sees to it that guesses are few."""
    waiting = Knock.objects.filter(pk=knock.pk, answered_at=None, expires_at__gt=at)
    # A try is taken before the code is looked at, so that a hundred guesses at once are still counted one by one.
    if not waiting.filter(tries__lt=policy.CODE_TRIES).update(tries=F("tries") + (1 if counted else 0)):
        raise CodeSpent
    if not constant_time_compare(_code_hash(knock.link_hash, policy.tidy_code(typed)), knock.code_hash):
        raise WrongCode
    return _answered(knock, at)


def answer_by_link(*, token: str, at: datetime) -> tuple[Reader, Knock]:
    """Raises CodeSpent."""
    knock = knock_of_link(token)
    if knock is None:
        raise CodeSpent
    return _answered(knock, at), knock


def knock_of_link(token: str) -> Knock | None:
    return Knock.objects.filter(link_hash=token_hash(token)).first()


def _answered(knock: Knock, at: datetime) -> Reader:
    with transaction.atomic():
        if not Knock.objects.filter(pk=knock.pk, answered_at=None, expires_at__gt=at).update(answered_at=at):
            raise CodeSpent
        return confirm(knock, at=at)


def confirm(knock: Knock, *, at: datetime) -> Reader:
    """The address is theirs: find or make its reader. A new one gets the Daily too."""
    return confirm_address(knock.address, visitor=knock.visitor_id or 0, agreed=CONSENT, at=at)


def confirm_address(address: str, *, at: datetime, agreed: str, visitor: int = 0) -> Reader:
    """The reader of an address that is theirs, found or made. A new one gets an allowance, and keeps their first article.

    `agreed`: the words in which the Daily was shown to them; "": it was not, and does not begin.
    """
    with transaction.atomic():
        reader = queries.reader_at(address) or _new_reader(address, at)
        if not reader.is_active:
            raise AccountClosed
        if not EmailAddress.objects.filter(user=reader, email=address, verified=True).exists():
            EmailAddress.objects.update_or_create(user=reader, email=reader.email, defaults={"verified": True, "primary": True})
        say_arrived(address=address, at=at)  # the mail in which the code or the link stood
        if reader.confirmed_at is None:
            _confirm_first_time(reader, address, agreed, at)
            if visitor:
                merge_visitor(visitor=visitor, reader=reader, at=at)
            revoke(reader.pk, why="confirmed", at=at)
            transaction.on_commit(lambda: registered.send(sender=Reader, reader_id=reader.pk))
    return reader


def _confirm_first_time(reader: Reader, address: str, agreed: str, at: datetime) -> None:
    reader.confirmed_at = at
    reader.joined_at = reader.joined_at or at
    reader.save(update_fields=["confirmed_at", "joined_at"])
    allowance_of(reader)
    if agreed:
        Consent.objects.get_or_create(reader=reader, what=DAILY, defaults={"text_shown": agreed, "given_at": at})
    if first := _remembered(address_key(address), at).order_by("-knocked_at").first():
        open_first_article(reader=reader, story=first.story, at=at)


def _new_reader(address: str, at: datetime) -> Reader:
    try:
        with transaction.atomic():
            return Reader.objects.create(email=address, joined_at=at)
    except IntegrityError:  # the link was followed while the code was typed
        return Reader.objects.get(email__iexact=address)


def _opens_first(key: str, story: str, network: str, at: datetime) -> bool:
    """An address has one first article while it is remembered, whatever browser sends it; a network has so many a day."""
    if _remembered(key, at).exclude(story=story).exists():
        return False
    return takes_from_network(network, at=at)


def _remembered(key: str, at: datetime) -> QuerySet[Knock]:
    """The knocks of an address that were given an article."""
    return Knock.objects.filter(address_key=key, knocked_at__gt=at - policy.KNOCK_KEPT).exclude(story="")


def waiting_at(address: str, *, at: datetime) -> Knock | None:
    """The newest knock of exactly this address whose code may still be answered."""
    waiting = Knock.objects.filter(address_key=address_key(address), address=address, answered_at=None, expires_at__gt=at)
    return waiting.filter(tries__lt=policy.CODE_TRIES).order_by("-knocked_at", "-pk").first()


def forget_knocks(*, at: datetime) -> int:
    """Addresses that were sent and never confirmed are not kept longer than a day; nor are the counts of past days."""
    forgotten, _ = Knock.objects.filter(knocked_at__lte=at - policy.KNOCK_KEPT).delete()
    NetworkDay.objects.filter(day__lt=(at - policy.KNOCK_KEPT).date()).delete()
    return forgotten


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hash(link_hash: str, code: str) -> str:
    """Under our secret, since six letters alone would be found again from their hash."""
    return salted_hmac("broadsheet.membership.code", f"{link_hash}/{code}", algorithm="sha256").hexdigest()


def _words(code: str, token: str) -> dict[str, object]:
    half = policy.CODE_LENGTH // 2
    return {
        "code": f"{code[:half]}-{code[half:]}",
        "link": f"{settings.BASE_URL}/join/link/{token}/",
        "minutes": int(policy.CODE_LIFE.total_seconds() // 60),
    }


class WrongCode(Exception):
    """These are not the letters that were mailed."""


class CodeSpent(Exception):
    """The code and its link are used, too old, or were tried too often: only a new one helps."""


class AccountClosed(Exception):
    """The reader's account was closed by staff."""
