"""Sign up and leave. An address that nobody has confirmed gets one mail, whose link asks for a button to be pressed.

Nothing here looks up whether an address is known before its link was answered, so that nobody can find out by asking, in text or
in time.
"""

import secrets
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.suppressing import lift, say_arrived
from broadsheet.membership.actions import confirm_address
from broadsheet.membership.actions.joining import DAILY, token_hash
from broadsheet.membership.models import Consent, Reader
from broadsheet.membership.policy import tidy_address
from broadsheet.membership.queries import reader_at
from broadsheet.newsletters.actions.welcoming import welcome
from broadsheet.newsletters.models import Newsletter, Signup, Wish
from broadsheet.newsletters.policy import Whom
from broadsheet.newsletters.queries import is_for

WISH_LIFE = timedelta(days=1)
UNDO = timedelta(days=1)  # for which whoever left by a link may take that back by it
AT_ONCE = 1_000
SIGNED_UP = "signed up"  # by which a suppression was lifted
CONFIRM = "/newsletters/confirm/"


class How(StrEnum):
    """By which way somebody left."""

    PAGE = "page"
    LINK = "link"
    ONE_CLICK = "one-click"  # by the mail program itself
    MAIL = "mail"


class WishSpent(Exception):
    """The link is used, too old, or none of ours."""


class ForSubscribers(Exception):
    """It goes to subscribers, and whoever asks for it is none."""


class NotOffered(Exception):
    """This newsletter is sent no more."""


def words_shown(newsletter: Newsletter) -> str:
    """What whoever signs up agrees to: it stands where they do."""
    return f"{newsletter.name}, by mail: {newsletter.promise} Each one carries a link that ends it."


# Whoever is not logged in


def ask(newsletter: Newsletter, *, address: str, text_shown: str, at: datetime) -> None:
    tidy, token = tidy_address(address), secrets.token_urlsafe(24)
    with transaction.atomic():
        wish = Wish.objects.create(
            newsletter=newsletter, address=tidy, text_shown=text_shown, link_hash=token_hash(token), asked_at=at
        )
        told = {
            "newsletter": newsletter.name,
            "shown": text_shown,
            "link": f"{settings.BASE_URL}{CONFIRM}{token}/",
            "hours": int(WISH_LIFE.total_seconds() // 3600),
        }
        post(kind="newsletter-confirm", to=tidy, context=told, at=at, key=f"wish-{wish.link_hash}")


def wish_of(token: str, *, at: datetime) -> Wish | None:
    """One that can still be answered."""
    return _waiting(at).filter(link_hash=token_hash(token)).first()


def answer(token: str, *, at: datetime) -> Signup:
    """The address is theirs. Raises WishSpent; or AccountClosed, ForSubscribers or NotOffered, which use nothing up."""
    with transaction.atomic():
        wish = wish_of(token, at=at)
        if wish is None or not _waiting(at).filter(pk=wish.pk).update(answered_at=at):
            raise WishSpent
        known = reader_at(wish.address)
        if known is None and wish.newsletter.whom == Whom.MEMBERS:
            raise ForSubscribers
        reader = confirm_address(wish.address, agreed="", at=at)
        say_arrived(address=wish.address, at=at)
        return sign_up(reader, wish.newsletter, text_shown=wish.text_shown, at=at)


def _waiting(at: datetime) -> QuerySet[Wish]:
    return Wish.objects.select_related("newsletter").filter(answered_at=None, asked_at__gt=at - WISH_LIFE)


def forget_wishes(*, at: datetime) -> int:
    forgotten, _ = Wish.objects.filter(asked_at__lte=at - WISH_LIFE).delete()
    return forgotten


# Readers


def sign_up(reader: Reader, newsletter: Newsletter, *, text_shown: str, at: datetime) -> Signup:
    """Twice is as once; after an end it begins anew. An older wish to be left alone is over with it.

    Raises NotOffered or ForSubscribers.
    """
    if newsletter.withdrawn_at is not None:
        raise NotOffered
    if not is_for(newsletter, reader, at=at):
        raise ForSubscribers
    wanted = {"text_shown": text_shown, "asked_at": at, "confirmed_at": at}
    with transaction.atomic():
        signup, fresh = Signup.objects.select_for_update().get_or_create(reader=reader, newsletter=newsletter, defaults=wanted)
        if not fresh and signup.ended_at is not None:
            Signup.objects.filter(pk=signup.pk).update(**wanted, ended_at=None, ended_how="")
            signup.refresh_from_db()
        lift(address=reader.email, by=SIGNED_UP, at=at, whys=[Why.ASKED])
        welcome(signup, at=at)
    return signup


def end(signup: Signup, *, how: How, at: datetime) -> bool:
    """Whether it stood until now."""
    return bool(Signup.objects.filter(pk=signup.pk, ended_at=None).update(ended_at=at, ended_how=how))


def choose(reader: Reader, *, shown: Iterable[str], wanted: Collection[str], at: datetime) -> None:
    """Of the newsletters that were shown to them, by slug: those wanted and no others. What is not for them is passed over."""
    theirs = {signup.newsletter_id: signup for signup in Signup.objects.filter(reader=reader, ended_at=None)}
    with transaction.atomic():
        for newsletter in Newsletter.objects.filter(slug__in=[slug for slug in shown if slug.isprintable()], withdrawn_at=None):
            standing = theirs.get(newsletter.pk)
            if standing and newsletter.slug not in wanted:
                end(standing, how=How.PAGE, at=at)
            elif not standing and newsletter.slug in wanted:
                with suppress(ForSubscribers):
                    sign_up(reader, newsletter, text_shown=words_shown(newsletter), at=at)


def begin_again(signup: Signup, *, at: datetime) -> bool:
    """Take an end back, as if it had not been. Only shortly after it: later one signs up again."""
    ended = Signup.objects.filter(pk=signup.pk, ended_at__gt=at - UNDO, newsletter__withdrawn_at=None)
    return bool(ended.update(ended_at=None, ended_how=""))


# What came with registering


def take_up_consents(*, at: datetime, reader_id: int | None = None) -> int:
    """Sign up whoever agreed, when they registered, to the newsletter that begins with it; each agreement once. How many were."""
    newsletter = Newsletter.objects.filter(at_registration=True, withdrawn_at=None).first()
    if newsletter is None:
        return 0
    taken = Signup.objects.filter(Q(newsletter=newsletter) | Q(asked_at=OuterRef("given_at")), reader=OuterRef("reader"))
    due = Consent.objects.filter(~Exists(taken), what=DAILY, reader__is_active=True)
    if reader_id is not None:
        due = due.filter(reader=reader_id)
    made = 0
    while some := list(due.order_by("pk")[:AT_ONCE]):
        Signup.objects.bulk_create([_taken_up(consent, newsletter) for consent in some], ignore_conflicts=True)
        made += len(some)
    if reader_id is not None and made:
        welcome(Signup.objects.get(reader=reader_id, newsletter=newsletter), at=at)
    return made


def _taken_up(consent: Consent, newsletter: Newsletter) -> Signup:
    return Signup(
        reader_id=consent.reader_id,
        newsletter=newsletter,
        text_shown=consent.text_shown,
        asked_at=consent.given_at,
        confirmed_at=consent.given_at,
    )
