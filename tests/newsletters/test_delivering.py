"""To each once, by standing at the moment of sending; nobody is missed when a sender dies."""

from datetime import timedelta

import pytest

from broadsheet.access.terms import Cut
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.queries import suppressed_among
from broadsheet.mailroom.smtp_lane import Fate, NoServer, Outcome, Step
from broadsheet.mailroom.suppressing import suppress
from broadsheet.membership.models import Reader, Term
from broadsheet.newsletters import delivering, holders
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.delivering import CLAIM_LIFE, release
from broadsheet.newsletters.models import Delivery, Newsletter, Signup
from broadsheet.newsletters.policy import LATE
from tests import cast
from tests.newsletters.office import TAKEN, Office, Postman

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As by kill -9: nothing is tidied up."""


class Slow(Postman):
    """Each letter takes so long."""

    def __init__(self, office, *, takes):
        super().__init__()
        self.office, self.takes = office, takes

    def carry(self, letter, *, at):
        self.office.at += self.takes
        return super().carry(letter, at=at)


@pytest.fixture
def office(daily, at, printed, tmp_path):
    return Office(daily, at, printed, tmp_path)


def test_each_gets_the_cut_that_is_theirs_when_it_is_sent(office, at):
    fay, sada, lena = cast.fay(at), cast.sada(at), cast.lena(at)
    office.sign_up(fay, sada, lena)
    office.begin()
    postman = Postman()

    assert office.deliver(postman) == 3

    assert sorted(postman.bag) == sorted([(fay.email, Cut.PREVIEW), (sada.email, Cut.FULL), (lena.email, Cut.PREVIEW)])
    assert {row.cut for row in Delivery.objects.filter(sent_at=office.at)} == {"full", "preview"}
    assert office.deliver(postman) == 0
    office.edition.refresh_from_db()
    assert office.edition.done_at == office.at


def test_the_house_s_own_people_get_the_whole(office, at):
    edda, fay = cast.edda(at), cast.fay(at)
    office.sign_up(edda, fay)
    office.begin()
    postman = Postman()
    office.deliver(postman)

    assert sorted(postman.bag) == sorted([(edda.email, Cut.FULL), (fay.email, Cut.PREVIEW)])


def test_what_is_for_subscribers_goes_to_nobody_else(office, at):
    office.newsletter.whom = "members"
    office.newsletter.save()
    fay, sada = cast.fay(at), cast.sada(at)
    office.sign_up(fay, sada)
    office.begin()
    postman = Postman()
    office.deliver(postman)

    assert postman.bag == [(sada.email, Cut.FULL)]
    assert office.row(fay).trouble == "It is for subscribers."


@pytest.mark.parametrize(
    ("whom", "then", "cuts"),
    [
        ("free", "two-cuts", {"fay": Cut.PREVIEW, "sada": Cut.PREVIEW}),
        ("two-cuts", "members", {"fay": Cut.PREVIEW, "sada": Cut.FULL}),
        ("members", "free", {"sada": Cut.FULL}),
    ],
)
def test_it_goes_to_whom_it_was_for_when_it_began(office, at, whom, then, cuts):
    office.sign_up(cast.fay(at), cast.sada(at))
    Newsletter.objects.update(whom=whom)
    office.begin()
    Newsletter.objects.update(whom=then)
    postman = Postman()
    office.deliver(postman)

    assert {to.partition("@")[0]: cut for to, cut in postman.bag} == cuts
    assert set(cuts.values()) <= set(postman.cuts)


def test_whoever_left_or_is_suppressed_meanwhile_gets_nothing(office, at):
    fay, rex, sada = cast.fay(at), cast.rex(at), cast.sada(at)
    office.sign_up(fay, rex, sada)
    office.begin()
    Signup.objects.filter(reader=fay).update(ended_at=at)
    suppress(address=rex.email, why=Why.COMPLAINT, at=at)
    postman = Postman()
    office.deliver(postman)

    assert [to for to, _ in postman.bag] == [sada.email]
    assert Delivery.objects.exclude(passed_over_at=None).count() == 2


def test_a_letter_goes_to_where_its_reader_is_now_and_not_to_whoever_has_the_former_address(office, at):
    fay = cast.fay(at)
    office.sign_up(fay)
    office.begin()
    Reader.objects.filter(pk=fay.pk).update(email="fay@Elsewhere.example")
    office.sign_up(Reader.objects.create(email="fay@example.org", joined_at=at))
    postman = Postman()

    assert office.deliver(postman) == 1

    assert [to for to, _ in postman.bag] == ["fay@Elsewhere.example"]
    row = office.row(fay)
    assert (row.to, row.domain) == ("fay@Elsewhere.example", "elsewhere.example")


def test_whoever_moves_to_an_address_that_is_suppressed_gets_nothing(office, at):
    fay = cast.fay(at)
    office.sign_up(fay)
    office.begin()
    Reader.objects.filter(pk=fay.pk).update(email="fay@elsewhere.example")
    suppress(address="fay@elsewhere.example", why=Why.HARD, at=at)

    assert office.deliver(Postman()) == 0
    assert office.row(fay).trouble == "Its address is suppressed."


def test_no_address_gets_an_edition_twice_where_readers_change_places(office, at):
    fay, rex = cast.fay(at), cast.rex(at)
    office.sign_up(fay, rex)
    office.begin()
    taken = rex.email
    Reader.objects.filter(pk=rex.pk).update(email="rex@elsewhere.example", is_active=False)
    Reader.objects.filter(pk=fay.pk).update(email=taken)

    assert office.deliver(Postman()) == 0
    assert "another address" in office.row(fay).trouble


def test_whose_standing_ends_while_a_batch_is_under_way_gets_what_is_theirs_now(office, at):
    sada, lena = cast.sada(at), cast.lena(at)
    Term.objects.filter(reader=lena).update(ends_at=office.at + timedelta(seconds=5))
    office.sign_up(sada, lena)
    office.begin()
    quick = Slow(office, takes=timedelta(seconds=6))

    assert office.deliver(quick) == 2

    assert quick.bag == [(sada.email, Cut.FULL), (lena.email, Cut.PREVIEW)]
    assert {row.tries for row in Delivery.objects.all()} == {1}


def test_whoever_leaves_while_a_slow_batch_is_under_way_gets_nothing(office, at):
    fay, rex = cast.fay(at), cast.rex(at)
    office.sign_up(fay, rex)
    office.begin()

    class Leaving(Slow):
        def carry(self, letter, *, at):
            Signup.objects.filter(reader=rex).update(ended_at=at)
            return super().carry(letter, at=at)

    leaving = Leaving(office, takes=delivering.BATCH_LASTS)
    assert office.deliver(leaving) == 1

    assert [to for to, _ in leaving.bag] == [fay.email]


def test_a_slow_sender_stops_when_it_is_time_and_keeps_nothing(office, at):
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at))
    office.begin()

    assert office.deliver(Slow(office, takes=timedelta(seconds=40)), seconds=60) == 2

    assert [(row.claim, row.tries) for row in Delivery.objects.filter(sent_at=None)] == [("", 0)]


def test_whoever_is_told_to_stop_sends_the_letter_in_hand_and_no_other(office, at):
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at))
    office.begin()
    postman = Postman()

    assert office.deliver(postman, stopping=lambda: bool(postman.bag)) == 1

    assert [(row.claim, row.tries) for row in Delivery.objects.filter(sent_at=None)] == [("", 0)] * 2
    assert not Delivery.objects.exclude(doubted_at=None).exists()


def test_what_is_refused_is_over_and_what_is_put_off_is_tried_again(office, at):
    fay, sada = cast.fay(at), cast.sada(at)
    office.sign_up(fay, sada)
    office.begin()
    later = Outcome(Fate.LATER, Step.RECIPIENT, 451, "4.7.1 Come again")
    office.deliver(Postman(Outcome(Fate.REFUSED, Step.RECIPIENT, 550, "5.1.1 No such user"), later))

    assert office.row(fay).failed_at == office.at
    assert office.row(fay).trouble == "550 5.1.1 No such user"
    assert office.row(sada).due_at > office.at
    office.edition.refresh_from_db()
    assert office.edition.done_at is None
    office.at = office.row(sada).due_at
    assert office.deliver(Postman()) == 1


@pytest.mark.parametrize(
    ("outcome", "suppressed"),
    [
        (Outcome(Fate.REFUSED, Step.RECIPIENT, 550, "5.1.1 No such user"), True),
        (Outcome(Fate.REFUSED, Step.RECIPIENT, 550, "5.7.1 You are blocked"), False),
        (Outcome(Fate.REFUSED, Step.BODY, 550, "5.1.1 No such user"), False),
        (Outcome(Fate.REFUSED, Step.RECIPIENT, words="'x' is not an address that mail can go to."), False),
        (Outcome(Fate.LATER, Step.RECIPIENT, 450, "4.1.1 No such user yet"), False),
    ],
)
def test_whom_a_server_does_not_know_counts_as_having_bounced(office, at, outcome, suppressed):
    fay = cast.fay(at)
    office.sign_up(fay)
    office.begin()
    office.deliver(Postman(outcome))

    assert bool(suppressed_among([fay.email])) == suppressed


def test_where_no_server_answers_nothing_is_lost_and_no_try_is_counted(office, at):
    office.sign_up(cast.fay(at))
    office.begin()

    assert office.deliver(Postman(NoServer("away"))) == 0
    row = Delivery.objects.get()
    assert (row.claim, row.tries, row.sent_at, row.trouble) == ("", 0, None, "away")
    assert office.deliver(Postman()) == 1


def test_of_a_sender_that_died_one_is_in_doubt_and_the_rest_goes_on(office, at):
    readers = [cast.fay(at), cast.rex(at), cast.sada(at), cast.lena(at)]
    office.sign_up(*readers)
    office.begin()
    first = Postman(TAKEN, Killed())
    with pytest.raises(Killed):
        office.deliver(first)
    second = Postman()
    assert office.deliver(second, holder="two") == 0  # all are claimed

    assert release(office.edition.pk, dead=lambda names: set(names), at=office.at) == 3
    assert office.deliver(second, holder="two") == 3

    assert sorted(to for to, _ in first.bag + second.bag) == sorted(reader.email for reader in readers)
    doubted = Delivery.objects.get(doubted_at=office.at)
    assert doubted.sent_at == office.at
    assert doubted.to == second.bag[0][0]


def test_what_a_killed_sender_had_not_come_to_has_not_been_tried(office, at):
    office.sign_up(cast.fay(at), cast.rex(at))
    office.begin()
    for _ in range(6):
        with pytest.raises(Killed):
            office.deliver(Postman(Killed()))
        release(office.edition.pk, dead=set, at=office.at)
    office.deliver(Postman(Outcome(Fate.LATER, Step.RECIPIENT, 451, "4.7.1 Come again")))

    first, second = Delivery.objects.order_by("pk")
    assert (first.tries, second.tries) == (7, 1)
    assert second.failed_at is None


def test_one_that_nobody_answered_for_is_sent_again_and_listed(office, at):
    fay = cast.fay(at)
    office.sign_up(fay)
    office.begin()
    office.deliver(Postman(Outcome(Fate.UNKNOWN, Step.BODY)))

    assert office.row(fay).doubted_at == office.at
    office.at = office.row(fay).due_at
    assert office.deliver(Postman()) == 1


def test_a_claim_of_whoever_lives_is_left_alone(office, at, tmp_path):
    office.sign_up(cast.fay(at))
    office.begin()
    with holders.held(tmp_path) as living:
        Delivery.objects.update(claim=living, claimed_at=office.at)
        assert release(office.edition.pk, dead=lambda names: holders.dead_among(names, tmp_path), at=office.at) == 0
    assert release(office.edition.pk, dead=lambda names: holders.dead_among(names, tmp_path), at=office.at) == 1


def test_a_slow_sender_elsewhere_keeps_what_it_claimed(office, at):
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at), cast.lena(at))
    office.begin()

    class Watched(Slow):
        def carry(self, letter, *, at):
            assert release(office.edition.pk, dead=lambda names: set(), at=at) == 0
            return super().carry(letter, at=at)

    assert office.deliver(Watched(office, takes=CLAIM_LIFE * 0.9), seconds=HOUR.seconds) == 4
    assert not Delivery.objects.exclude(doubted_at=None).exists()


def test_whoever_slept_for_longer_than_claims_live_sends_no_more_of_them(office, at):
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at), cast.lena(at))
    office.begin()
    quick = Postman()

    class Asleep(Slow):
        def carry(self, letter, *, at):
            outcome = super().carry(letter, at=at)
            release(office.edition.pk, dead=lambda names: set(), at=office.at)
            office.deliver(quick, holder="two")
            return outcome

    asleep = Asleep(office, takes=CLAIM_LIFE)
    office.deliver(asleep)

    assert len(asleep.bag) == 1
    assert len(quick.bag) == 4
    assert Delivery.objects.get(doubted_at__isnull=False).to == asleep.bag[0][0]


@pytest.mark.parametrize("stopping", [going_out.pause, going_out.cancel])
def test_it_stops_before_the_next_batch(office, at, monkeypatch, stopping):
    monkeypatch.setattr(delivering, "BATCH", 2)
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at), cast.lena(at))
    office.begin()

    class Stopping(Postman):
        def carry(self, letter, *, at):
            stopping(office.edition, at=at)
            return super().carry(letter, at=at)

    assert office.deliver(Stopping()) == 2
    assert Delivery.objects.filter(sent_at=None).count() == 2


def test_one_that_stood_still_for_hours_waits_for_the_desk(office, at):
    office.sign_up(cast.fay(at), cast.rex(at))
    office.begin()
    office.at += LATE + HOUR

    assert office.deliver(Postman()) == 0
    office.edition.refresh_from_db()
    assert office.edition.paused_at == office.at
    going_out.go_on(office.edition, at=office.at)
    assert office.deliver(Postman()) == 2


def test_the_machine_remembers_that_it_began_before_anything_leaves(office, at):
    office.sign_up(cast.fay(at))
    office.begin()
    assert not office.ledger.last(office.edition)

    class Looking(Postman):
        def carry(self, letter, *, at):
            assert office.ledger.last(office.edition)
            return super().carry(letter, at=at)

    assert office.deliver(Looking()) == 1


def test_two_senders_at_once_send_each_once(office, at):
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at))
    office.begin()
    first, second = Postman(), Postman()

    class Both(Postman):
        def carry(self, letter, *, at):
            office.deliver(second, holder="two")
            return super().carry(letter, at=at)

    both = Both()
    office.deliver(both)
    office.deliver(first)
    assert len(both.bag + first.bag + second.bag) == 3
