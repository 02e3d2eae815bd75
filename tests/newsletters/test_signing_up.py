"""Signing up and leaving: by a mail for whoever is not logged in, at once for readers, and with registering."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.queries import suppressed_among
from broadsheet.mailroom.sending import send_due
from broadsheet.mailroom.suppressing import suppress
from broadsheet.membership.actions import AccountClosed, begin, confirm
from broadsheet.membership.models import Consent, Reader
from broadsheet.newsletters import tasks
from broadsheet.newsletters.actions import signing_up
from broadsheet.newsletters.actions.signing_up import ForSubscribers, How, NotOffered, WishSpent
from broadsheet.newsletters.actions.welcoming import welcome_all
from broadsheet.newsletters.models import Signup, Wish
from tests import cast
from tests.handed import listening
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SHOWN = "The Daily, by mail: The day. Each one carries a link that ends it."


@pytest.fixture
def africa(db):
    return made.newsletter("Africa", slug="africa", whom="members", rhythm="weekly")


@pytest.fixture
def begins(daily):
    """The Daily, which begins with registering."""
    daily.at_registration = True
    daily.save()
    return daily


def asked(newsletter, at, address="new@example.org", *, also=()):
    """The token of the mail that came."""
    signing_up.ask([newsletter, *also], address=address, at=at)
    return re.search(r"/newsletters/confirm/([^/\s]+)/", Dispatch.objects.latest("pk").text)[1]


def registered(at, address="new@example.org"):
    knock = begin(address=address, next_path="/", story="", network="n", had_first=True, at=at).knock
    return confirm(knock, at=at)


def kinds_to(address):
    return list(Dispatch.objects.filter(to=address, lane=Lane.BULK).order_by("pk").values_list("kind", flat=True))


# By mail


def test_an_address_gets_a_mail_and_nothing_else(daily, at):
    asked(daily, at, "New@Example.org")

    mail = Dispatch.objects.get()
    assert (mail.kind, mail.to, mail.lane, mail.headers) == ("newsletter-confirm", "new@example.org", "transactional", {})
    assert not Reader.objects.exists()
    assert not Signup.objects.exists()


def test_a_known_address_gets_the_same_mail(daily, at):
    cast.sada(at)

    asked(daily, at, "new@example.org")
    asked(daily, at, "sada@example.org")

    link = re.compile(r"confirm/[^/\s\"]+/")
    one, other = Dispatch.objects.filter(kind="newsletter-confirm").order_by("pk")
    assert (link.sub("", one.text), link.sub("", one.html)) == (link.sub("", other.text), link.sub("", other.html))
    assert one.subject == other.subject


def test_whether_an_address_is_known_costs_no_query(daily, at):
    cast.sada(at)
    asked(daily, at, "before@example.org")

    queries = []
    for address in ("new@example.org", "sada@example.org"):
        with CaptureQueriesContext(connection) as captured:
            asked(daily, at, address)
        queries.append(len(captured))

    assert queries[0] == queries[1]


def test_answering_registers_and_signs_up_but_begins_nothing_else(begins, at):
    weekly = made.newsletter("The Weekly", slug="weekly", rhythm="weekly")

    (signup,) = signing_up.answer(asked(weekly, at - timedelta(hours=1)), at=at)

    reader = Reader.objects.get(email="new@example.org")
    assert (reader.confirmed_at, reader.joined_at, reader.allowance is not None) == (at, at, True)
    assert (signup.reader, signup.newsletter, signup.text_shown, signup.confirmed_at) == (
        reader,
        weekly,
        signing_up.words_shown(weekly),
        at,
    )
    assert not Consent.objects.exists()
    assert signing_up.take_up_consents(at=at) == 0
    assert Signup.objects.count() == 1


def test_a_reader_who_was_not_logged_in_is_found(daily, at):
    fay = cast.fay(at)

    (signup,) = signing_up.answer(asked(daily, at, "fay@example.org"), at=at)

    assert signup.reader == fay
    assert Reader.objects.count() == 1


def test_a_link_works_once(daily, at):
    token = asked(daily, at)
    signing_up.answer(token, at=at)

    with pytest.raises(WishSpent):
        signing_up.answer(token, at=at)


def test_a_link_works_for_a_day(daily, at):
    token = asked(daily, at - DAY)

    assert signing_up.wishes_of(token, at=at) == []
    with pytest.raises(WishSpent):
        signing_up.answer(token, at=at)


def test_what_was_asked_is_forgotten_after_a_day(daily, at):
    asked(daily, at - DAY)
    asked(daily, at)

    assert signing_up.forget_wishes(at=at) == 1
    assert Wish.objects.get().asked_at == at


def test_a_closed_account_stays_closed(daily, at):
    fay = cast.fay(at)
    token = asked(daily, at, "fay@example.org")
    Reader.objects.filter(pk=fay.pk).update(is_active=False)

    with pytest.raises(AccountClosed):
        signing_up.answer(token, at=at)
    assert not Signup.objects.exists()


def test_the_link_lies_nowhere_once_it_is_mailed(daily, at):
    token = asked(daily, at)

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    mail = Dispatch.objects.get()
    assert mail.sent_at == at
    assert token not in mail.text + mail.html
    assert not Wish.objects.filter(link_hash=token).exists()


def test_answering_shows_that_mail_arrives_there(daily, at):
    suppress(address="new@example.org", why=Why.HARD, at=at - 9 * DAY)

    signing_up.answer(asked(daily, at), at=at)

    assert not suppressed_among(["new@example.org"])


@pytest.mark.parametrize(("why", "stays"), [(Why.ASKED, False), (Why.COMPLAINT, True), (Why.DESK, True)])
def test_a_new_wish_ends_an_old_one_to_be_left_alone_but_no_complaint(daily, at, why, stays):
    fay = cast.fay(at)
    suppress(address=fay.email, why=why, at=at - 9 * DAY)

    signing_up.sign_up(fay, daily, text_shown=SHOWN, at=at)

    assert bool(suppressed_among([fay.email])) == stays


# Several together


def test_one_link_confirms_all_that_were_chosen(daily, at):
    weekly = made.newsletter("The Weekly", slug="weekly", rhythm="weekly")
    token = asked(daily, at, also=[weekly])

    signups = signing_up.answer(token, at=at)

    assert {signup.newsletter: signup.text_shown for signup in signups} == {
        one: signing_up.words_shown(one) for one in (daily, weekly)
    }
    assert Dispatch.objects.filter(kind="newsletter-confirm").count() == 1
    with pytest.raises(WishSpent):
        signing_up.answer(token, at=at)


def test_what_is_not_for_them_or_has_ended_meanwhile_holds_up_nothing_else(daily, africa, at):
    gone = made.newsletter("Gone", slug="gone")
    token = asked(daily, at, also=[africa, gone])
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=at)

    assert [signup.newsletter for signup in signing_up.answer(token, at=at)] == [daily]


def test_what_is_chosen_together_is_welcomed_by_one_mail_that_names_it_all(daily, at):
    weekly, asia = (made.newsletter(name, slug=name.lower(), promise=f"{name} news.") for name in ("Weekly", "Asia"))

    signing_up.answer(asked(daily, at, also=[weekly, asia]), at=at)
    for day in range(9):
        welcome_all(at=at + day * DAY)

    assert kinds_to("new@example.org") == ["welcome", "welcome-library", "welcome-shelves"]
    mail = Dispatch.objects.get(kind="welcome")
    assert mail.subject == "Welcome to Asia, The Daily and Weekly"
    assert all(words in mail.text for words in ("Asia news.", "The day.", "Weekly news."))


def test_one_click_in_that_mail_ends_all_that_it_names(daily, at):
    weekly = made.newsletter("The Weekly", slug="weekly", rhythm="weekly")
    signing_up.choose(cast.fay(at), shown=["daily", "weekly"], wanted=["daily", "weekly"], at=at)
    leave = urlsplit(Dispatch.objects.get(kind="welcome").headers["List-Unsubscribe"].strip("<>")).path

    with time_machine.travel(at, tick=False):
        Client().post(leave, {"List-Unsubscribe": "One-Click"})

    assert set(Signup.objects.values_list("newsletter", "ended_at")) == {(daily.pk, at), (weekly.pk, at)}


def test_what_was_welcomed_already_is_not_named_again(daily, at):
    fay = cast.fay(at)
    signing_up.sign_up(fay, daily, text_shown=SHOWN, at=at)
    made.newsletter("The Weekly", slug="weekly", rhythm="weekly")

    signing_up.choose(fay, shown=["daily", "weekly"], wanted=["daily", "weekly"], at=at + DAY)

    assert list(Dispatch.objects.order_by("pk").values_list("subject", flat=True)) == [
        "Welcome to The Daily",
        "Welcome to The Weekly",
    ]


# For subscribers


@pytest.mark.parametrize("whose", ["new@example.org", "fay@example.org", "lena@example.org"])
def test_one_for_subscribers_is_for_nobody_else_and_the_link_still_works_after(africa, whose, at):
    cast.fay(at)
    cast.lena(at)
    token = asked(africa, at, whose)

    with pytest.raises(ForSubscribers):
        signing_up.answer(token, at=at)

    assert not Signup.objects.exists()
    assert not Reader.objects.filter(email="new@example.org").exists()
    assert signing_up.wishes_of(token, at=at)


@pytest.mark.parametrize("who", [cast.sada, cast.pasha, cast.gus])
def test_whoever_reads_everything_signs_up_for_it(africa, who, at):
    assert signing_up.sign_up(who(at), africa, text_shown=SHOWN, at=at).confirmed_at == at


# At once


def test_a_reader_signs_up_at_once_and_twice_is_as_once(daily, at):
    fay = cast.fay(at)

    one = signing_up.sign_up(fay, daily, text_shown=SHOWN, at=at)
    other = signing_up.sign_up(fay, daily, text_shown="Other words", at=at + DAY)

    assert one == other
    assert (other.text_shown, other.asked_at, other.confirmed_at) == (SHOWN, at, at)


def test_what_is_no_longer_sent_is_signed_up_for_by_nobody(daily, at):
    daily.withdrawn_at = at
    daily.save()

    with pytest.raises(NotOffered):
        signing_up.sign_up(cast.sada(at), daily, text_shown=SHOWN, at=at)


def test_ended_it_is_ended_once(daily, at):
    signup = signing_up.sign_up(cast.fay(at), daily, text_shown=SHOWN, at=at)

    assert signing_up.end(signup, how=How.LINK, at=at + DAY)
    assert not signing_up.end(signup, how=How.MAIL, at=at + 2 * DAY)

    signup.refresh_from_db()
    assert (signup.ended_at, signup.ended_how) == (at + DAY, "link")


def test_an_end_is_taken_back_for_a_day_as_if_it_had_not_been(daily, at):
    signup = signing_up.sign_up(cast.fay(at), daily, text_shown=SHOWN, at=at)
    signing_up.end(signup, how=How.LINK, at=at + DAY)

    assert not signing_up.begin_again(signup, at=at + 2 * DAY)
    assert signing_up.begin_again(signup, at=at + 2 * DAY - timedelta(seconds=1))

    signup.refresh_from_db()
    assert (signup.confirmed_at, signup.ended_at, signup.ended_how) == (at, None, "")


def test_whoever_left_signs_up_anew_in_the_words_shown_now(daily, at):
    fay = cast.fay(at)
    signing_up.end(signing_up.sign_up(fay, daily, text_shown=SHOWN, at=at), how=How.PAGE, at=at + DAY)

    again = signing_up.sign_up(fay, daily, text_shown="New words", at=at + 5 * DAY)

    assert (again.text_shown, again.confirmed_at, again.ended_at) == ("New words", at + 5 * DAY, None)
    assert Signup.objects.count() == 1


# With registering


@pytest.mark.django_db(transaction=True)
def test_registering_begins_its_newsletter_at_once(at):
    daily = made.newsletter(at_registration=True)

    with time_machine.travel(at, tick=False):
        reader = registered(at)

    signup, consent = Signup.objects.get(), Consent.objects.get()
    assert (signup.reader, signup.newsletter, signup.confirmed_at) == (reader, daily, at)
    assert signup.text_shown == consent.text_shown
    assert kinds_to("new@example.org") == ["welcome"]


def test_the_sweep_finds_whom_no_nudge_told_of_and_each_once(begins, at):
    registered(at - 90 * DAY)

    assert [signing_up.take_up_consents(at=at) for _ in range(2)] == [1, 0]

    assert Signup.objects.get().asked_at == at - 90 * DAY
    assert welcome_all(at=at) == 0  # so late is no welcome


def test_before_there_is_such_a_newsletter_nothing_is_taken_up(daily, at):
    registered(at)

    assert signing_up.take_up_consents(at=at) == 0


def test_whoever_left_is_not_taken_up_again_nor_into_another(begins, at):
    registered(at)
    signing_up.take_up_consents(at=at)
    signing_up.end(Signup.objects.get(), how=How.LINK, at=at)
    type(begins).objects.update(at_registration=False)
    made.newsletter("The Other", slug="other", at_registration=True)

    assert signing_up.take_up_consents(at=at) == 0


# Welcome


def test_whoever_registers_is_welcomed_and_told_of_the_library_and_of_their_shelves(begins, at):
    registered(at)
    signing_up.take_up_consents(at=at)

    for hour in range(24 * 9):
        welcome_all(at=at + timedelta(hours=hour))

    assert kinds_to("new@example.org") == ["welcome", "welcome-library", "welcome-shelves"]
    posted = Dispatch.objects.filter(lane=Lane.BULK).order_by("pk").values_list("posted_at", flat=True)
    assert list(posted) == [at, at + 2 * DAY, at + 5 * DAY]
    assert Signup.objects.get().welcomed == 3


def test_the_table_of_mails_says_what_each_of_the_rooms_is_handed(begins, at):
    with listening() as handed:
        asked(begins, at)
        registered(at)
        signing_up.take_up_consents(at=at)
        for day in (0, 2, 5):
            welcome_all(at=at + day * DAY)

    rooms = ("newsletter-confirm", "welcome", "welcome-library", "welcome-shelves")
    assert {kind: handed[kind] for kind in rooms} == {
        kind: {frozenset(each.key for each in KINDS[kind].handed)} for kind in rooms
    }


def test_every_one_of_these_mails_can_be_left_by_one_click(begins, at):
    registered(at)
    signing_up.take_up_consents(at=at)
    for day in (0, 2, 5):
        welcome_all(at=at + day * DAY)

    for mail in Dispatch.objects.filter(lane=Lane.BULK):
        leave = mail.headers["List-Unsubscribe"].strip("<>")
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert leave.startswith("http://testserver/newsletters/leave/")
        assert leave in mail.text
        assert leave in mail.html


def test_whoever_has_been_here_gets_the_welcome_alone(daily, at):
    signing_up.sign_up(cast.fay(at - 90 * DAY), daily, text_shown=SHOWN, at=at)

    for day in range(8):
        welcome_all(at=at + day * DAY)

    assert kinds_to("fay@example.org") == ["welcome"]


def test_none_comes_to_whoever_has_left(begins, at):
    registered(at)
    signing_up.take_up_consents(at=at)
    welcome_all(at=at)
    signing_up.end(Signup.objects.get(), how=How.LINK, at=at + DAY)

    assert welcome_all(at=at + 2 * DAY) == 0


def test_none_comes_to_whoever_has_lapsed(africa, at):
    sada = cast.sada(at)
    signup = signing_up.sign_up(sada, africa, text_shown=SHOWN, at=at)
    Signup.objects.filter(pk=signup.pk).update(welcomed=0)
    sada.terms.update(ends_at=at + timedelta(hours=1))

    assert welcome_all(at=at + timedelta(hours=2)) == 0


def test_a_mail_that_was_held_up_is_left_out(begins, at):
    registered(at)
    signing_up.take_up_consents(at=at)
    welcome_all(at=at)

    welcome_all(at=at + 5 * DAY)

    assert kinds_to("new@example.org") == ["welcome", "welcome-shelves"]


def test_whoever_signs_up_again_is_welcomed_once(daily, at):
    fay = cast.fay(at)
    signing_up.end(signing_up.sign_up(fay, daily, text_shown=SHOWN, at=at), how=How.PAGE, at=at)
    signing_up.sign_up(fay, daily, text_shown=SHOWN, at=at + DAY)

    assert kinds_to("fay@example.org") == ["welcome"]


def test_the_clock_finds_whoever_registered_unheard_and_forgets_what_nobody_answered(begins, at):
    registered(at)
    asked(begins, at - DAY, "una@example.org")

    with time_machine.travel(at, tick=False):
        written = tasks.welcome.call()

    assert written == 1
    assert Signup.objects.get().newsletter == begins
    assert not Wish.objects.exists()
