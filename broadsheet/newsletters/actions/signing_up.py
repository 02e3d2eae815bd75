"""Sign up and leave. An address that nobody has confirmed gets one mail, whose link asks for a button to be pressed.

Nothing here looks up whether an address is known before its link was answered, so that nobody can find out by asking, in text or
in time.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from broadsheet.newsletters.naming import named
from broadsheet.newsletters.policy import Whom
from broadsheet.newsletters.queries import is_for

WISH_LIFE = timedelta(days=1)
UNDO = timedelta(days=1)  # for which whoever left by a link may take that back by it
AT_ONCE = 1_000
SIGNED_UP = "signed up"  # by which a suppression was lifted
CONFIRM = "/newsletters/confirm/"
ENDS = "Each one carries a link that ends it."


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
    return f"{newsletter.name}, by mail: {newsletter.promise} {ENDS}"


# Whoever is not logged in


def ask(newsletters: Sequence[Newsletter], *, address: str, at: datetime) -> None:
    """One mail, whose link is for all of them."""
    tidy, token = tidy_address(address), secrets.token_urlsafe(24)
    link_hash, shown = token_hash(token), [words_shown(one) for one in newsletters]
    wanted = zip(newsletters, shown, strict=True)
    with transaction.atomic():
        Wish.objects.bulk_create(
            Wish(newsletter=one, address=tidy, text_shown=text, link_hash=link_hash, asked_at=at) for one, text in wanted
        )
        told = {
            "newsletter": named(one.name for one in newsletters),
            "shown": shown,
            "walled": named(one.name for one in newsletters if one.whom == Whom.MEMBERS),
            "link": f"{settings.BASE_URL}{CONFIRM}{token}/",
            "hours": int(WISH_LIFE.total_seconds() // 3600),
        }
        post(kind="newsletter-confirm", to=tidy, context=told, at=at, key=f"wish-{link_hash}")


def wishes_of(token: str, *, at: datetime) -> list[Wish]:
    """Those for which a link went out, while it can still be answered."""
    return list(_waiting(at).filter(link_hash=token_hash(token)).order_by("newsletter__order", "newsletter__name"))


def answer(token: str, *, at: datetime) -> list[Signup]:
    """The address is theirs. Raises WishSpent; or AccountClosed, ForSubscribers or NotOffered, which use nothing up."""
    with transaction.atomic():
        wishes = wishes_of(token, at=at)
        if not _waiting(at).filter(pk__in=[wish.pk for wish in wishes]).update(answered_at=at):
            raise WishSpent
        address = wishes[0].address
        if reader_at(address) is None and all(wish.newsletter.whom == Whom.MEMBERS for wish in wishes):
            raise ForSubscribers
        reader = confirm_address(address, agreed="", at=at)
        say_arrived(address=address, at=at)
        return sign_up_for(reader, {wish.newsletter: wish.text_shown for wish in wishes}, at=at)


def _waiting(at: datetime) -> QuerySet[Wish]:
    return Wish.objects.select_related("newsletter").filter(answered_at=None, asked_at__gt=at - WISH_LIFE)


def forget_wishes(*, at: datetime) -> int:
    forgotten, _ = Wish.objects.filter(asked_at__lte=at - WISH_LIFE).delete()
    return forgotten


# Readers


def sign_up(reader: Reader, newsletter: Newsletter, *, text_shown: str, at: datetime) -> Signup:
    """Raises NotOffered or ForSubscribers."""
    (signup,) = sign_up_for(reader, {newsletter: text_shown}, at=at)
    return signup


def sign_up_for(reader: Reader, wanted: Mapping[Newsletter, str], *, at: datetime) -> list[Signup]:
    """For each in the words that were shown, with one welcome to all. What is not for them, or is sent no more, is passed over;
    raises NotOffered or ForSubscribers where nothing is left. An older wish to be left alone is over with it."""
    offered = [newsletter for newsletter in wanted if newsletter.withdrawn_at is None]
    if not offered:
        raise NotOffered
    theirs = [newsletter for newsletter in offered if is_for(newsletter, reader, at=at)]
    if not theirs:
        raise ForSubscribers
    with transaction.atomic():
        signups = [_signed_up(reader, newsletter, text_shown=wanted[newsletter], at=at) for newsletter in theirs]
        lift(address=reader.email, by=SIGNED_UP, at=at, whys=[Why.ASKED])
        welcome(signups, at=at)
    return signups


def _signed_up(reader: Reader, newsletter: Newsletter, *, text_shown: str, at: datetime) -> Signup:
    """Twice is as once; after an end it begins anew."""
    wanted = {"text_shown": text_shown, "asked_at": at, "confirmed_at": at}
    signup, fresh = Signup.objects.select_for_update().get_or_create(reader=reader, newsletter=newsletter, defaults=wanted)
    if not fresh and signup.ended_at is not None:
        Signup.objects.filter(pk=signup.pk).update(**wanted, ended_at=None, ended_how="")
        signup.refresh_from_db()
    return signup


def end(signup: Signup, *, how: How, at: datetime) -> bool:
    """Whether it stood until now."""
    return bool(Signup.objects.filter(pk=signup.pk, ended_at=None).update(ended_at=at, ended_how=how))


def choose(reader: Reader, *, shown: Iterable[str], wanted: Collection[str], at: datetime) -> None:
    """Of the newsletters that were shown to them, by slug: those wanted and no others. What is not for them is passed over."""
    theirs = {signup.newsletter_id: signup for signup in Signup.objects.filter(reader=reader, ended_at=None)}
    offered = Newsletter.objects.filter(slug__in=[slug for slug in shown if slug.isprintable()], withdrawn_at=None)
    fresh = {one: words_shown(one) for one in offered if one.pk not in theirs and one.slug in wanted}
    with transaction.atomic():
        for newsletter in offered:
            if newsletter.pk in theirs and newsletter.slug not in wanted:
                end(theirs[newsletter.pk], how=How.PAGE, at=at)
        if fresh:
            with suppress(ForSubscribers):
                sign_up_for(reader, fresh, at=at)


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
        welcome([Signup.objects.get(reader=reader_id, newsletter=newsletter)], at=at)
    return made


def _taken_up(consent: Consent, newsletter: Newsletter) -> Signup:
    return Signup(
        reader_id=consent.reader_id,
        newsletter=newsletter,
        text_shown=consent.text_shown,
        asked_at=consent.given_at,
        confirmed_at=consent.given_at,
    )
