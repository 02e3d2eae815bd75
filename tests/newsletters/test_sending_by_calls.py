"""An edition through providers that take many letters in one call."""

from zoneinfo import ZoneInfo

import pytest

from broadsheet.mailroom import marks
from broadsheet.mailroom.returning import Notice, take_notice
from broadsheet.mailroom.status import Kind
from broadsheet.newsletters import running
from broadsheet.newsletters.delivering import NotTogether, release
from broadsheet.newsletters.models import Delivery, Edition, Signup
from tests import cast
from tests.newsletters.office import TAKEN, Office, Postman
from tests.provider import Brevo, Mailgun, SparkPost, on_loopback

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As by kill -9: nothing is tidied up."""


@pytest.fixture(params=[Brevo, Mailgun, SparkPost])
def api(request, settings, tmp_path):
    settings.STATE = tmp_path
    with on_loopback(settings, request.param) as api:
        yield api


@pytest.fixture
def mailgun(settings, tmp_path):
    settings.STATE = tmp_path
    with on_loopback(settings, Mailgun) as api:
        yield api


@pytest.fixture
def sent(daily, printed, at, settings):
    """What goes out to these readers in one go."""

    def sent(*readers, headline="In it"):
        printed(headline=headline)
        for reader in readers:
            Signup.objects.create(reader=reader, newsletter=daily, text_shown="x", asked_at=at, confirmed_at=at)
        running.make_editions(at=at, zone=ZoneInfo("Europe/London"))
        due = Edition.objects.order_by("due_at").first().due_at
        return running.send_editions(state=settings.STATE, clock=lambda: due, until=due.replace(year=2027))

    return sent


def test_many_go_in_one_call_each_with_what_is_their_own(api, sent, at):
    assert sent(cast.fay(at), cast.rex(at), cast.lena(at)) == 3

    (call,) = api.calls
    assert len(call) == 3
    arrived = {mail.to: mail for mail in api.taken}
    for own, mail in arrived.items():
        number = marks.read(mail.mark).posted.number
        assert Delivery.objects.get(pk=number).to == own
        whole = mail.text + mail.html
        assert own in whole
        assert mail.headers["List-Unsubscribe"].split(">")[0].lstrip("<") in whole
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert not any(other in whole + f"{mail.headers}" for other in arrived if other != own)
        assert "own_" not in whole
        assert "\ue000" not in whole
    assert len({mail.headers["List-Unsubscribe"] for mail in api.taken}) == 3
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_each_cut_is_a_call_of_its_own(api, sent, at):
    assert sent(cast.fay(at), cast.rex(at), cast.sada(at), cast.gus(at)) == 4

    assert sorted(map(len, api.calls)) == [2, 2]


@pytest.mark.parametrize("odd", [False, True], ids=["together", "alone"])
def test_words_that_look_like_a_place_arrive_as_they_are(api, sent, at, odd):
    written = "{{own_leave}}, {{params.own_leave}}, %recipient.own_leave%"
    assert sent(cast.fay(at), cast.reader("o'hara", at) if odd else cast.rex(at), headline=written) == 2

    assert all(written in mail.text and written in mail.html for mail in api.taken)
    assert {mail.subject for mail in api.taken} == {written}


def test_at_mailgun_they_go_a_letter_a_call(mailgun, sent, at):
    assert sent(cast.fay(at), cast.rex(at), headline="Write %recipient.own_leave% there") == 2

    assert sorted(map(len, mailgun.calls)) == [1, 1]


def test_an_address_with_signs_of_its_own_goes_by_itself(mailgun, sent, at):
    odd = cast.reader("o'hara", at)
    assert sent(cast.fay(at), cast.rex(at), odd) == 3

    assert sorted(map(len, mailgun.calls)) == [1, 2]


def test_one_that_is_refused_holds_up_no_other(api, sent, at):
    nobody = cast.reader("nobody", at)
    assert sent(cast.fay(at), nobody, cast.rex(at)) == 2

    assert sorted(map(len, api.calls)) == [1, 1, 1, 3]
    left = Delivery.objects.get(sent_at=None)
    assert (left.to, left.claim, left.tries, left.doubted_at) == (nobody.email, "", 1, None)
    assert "400" in left.trouble


def test_whom_a_provider_refuses_by_name_is_given_up(settings, tmp_path, sent, at):
    settings.STATE = tmp_path
    with on_loopback(settings, SparkPost) as api:
        api.mood = "wary"
        assert sent(cast.fay(at), cast.rex(at)) == 0

    assert [row.trouble for row in Delivery.objects.exclude(failed_at=None)] == ["550 The mail provider calls it rejected."] * 2


def test_a_call_that_was_not_answered_is_in_doubt_and_made_again(mailgun, sent, at):
    mailgun.mood = "gone"
    assert sent(cast.fay(at), cast.rex(at)) == 0

    rows = Delivery.objects.filter(sent_at=None, failed_at=None, claim="", due_at__gt=at)
    assert [row.tries for row in rows.exclude(doubted_at=None)] == [1, 1]


@pytest.mark.parametrize("mood", ["busy", "unknown to it", "hurried"])
def test_what_a_provider_says_of_us_counts_against_no_reader(api, sent, at, mood):
    api.mood = mood
    assert sent(cast.fay(at), cast.rex(at), cast.reader("o'hara", at)) == 0

    assert len(api.calls) == 1  # and nobody else is tried
    rows = Delivery.objects.filter(sent_at=None, failed_at=None, doubted_at=None, claim="")
    assert [row.tries for row in rows] == [0, 0, 0]


def test_what_may_be_about_one_letter_does_not_hold_up_all(mailgun, sent, at):
    mailgun.mood = "broken"
    assert sent(cast.fay(at), cast.rex(at), cast.reader("o'hara", at)) == 0

    assert [row.tries for row in Delivery.objects.filter(claim="", doubted_at=None)] == [1, 1, 1]


def test_a_provider_that_is_not_there_counts_against_no_reader(settings, tmp_path, sent, at):
    settings.STATE = tmp_path
    with on_loopback(settings, Mailgun):
        pass
    assert sent(cast.fay(at), cast.rex(at)) == 0

    assert [(row.tries, row.claim) for row in Delivery.objects.all()] == [(0, ""), (0, "")]


def test_a_notice_finds_the_delivery_by_its_mark(mailgun, sent, at):
    sent(cast.fay(at), cast.rex(at))
    one, other = mailgun.taken
    take_notice(Notice("1", "mailgun", one.to, Kind.HARD, mark=one.mark), at=at)
    take_notice(Notice("2", "mailgun", one.to, Kind.HARD, mark=other.mark), at=at)
    take_notice(Notice("3", "mailgun", other.to, Kind.AUTO_REPLY, mark=other.mark), at=at)

    assert [row.to for row in Delivery.objects.exclude(returned_at=None)] == [one.to]


class Van(Postman):
    """Takes all in one call, as its `answers` say of each."""

    def calls(self, letters):
        yield list(letters)

    def carry_many(self, letters, *, at):
        return [self.carry(letter, at=at) for letter in letters]


@pytest.fixture
def office(daily, at, printed, tmp_path):
    office = Office(daily, at, printed, tmp_path)
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at))
    office.begin()
    return office


def test_a_killed_sender_leaves_all_of_its_call_in_doubt_and_says_so(office):
    with pytest.raises(Killed):
        office.deliver(Van(TAKEN, Killed()))

    assert release(office.edition.pk, dead=set, at=office.at) == 3
    assert Delivery.objects.filter(doubted_at=office.at, claim="").count() == 3
    assert office.deliver(Van(), holder="two") == 3


def test_those_that_go_by_themselves_are_in_doubt_by_themselves(office):
    class Refusing(Van):
        def carry_many(self, letters, *, at):
            raise NotTogether

    with pytest.raises(Killed):
        office.deliver(Refusing(TAKEN, Killed()))

    assert release(office.edition.pk, dead=set, at=office.at) == 2
    assert Delivery.objects.filter(doubted_at=office.at).count() == 1


def test_whoever_lost_its_claims_calls_nobody(office):
    class Slept(Van):
        def calls(self, letters):
            Delivery.objects.update(claim="two")
            return super().calls(letters)

    slept = Slept()
    assert office.deliver(slept) == 0
    assert slept.bag == []
