"""What follows from mail that came back: who is written to no more, and that nobody else can bring that about."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.mailroom import heeding, marks
from broadsheet.mailroom.actions import post
from broadsheet.mailroom.envelope import Marks, Posted, Purpose
from broadsheet.mailroom.heeding import Doubt, SoftRule, Why
from broadsheet.mailroom.models import Return, Suppression
from broadsheet.mailroom.numbering import message_id
from broadsheet.mailroom.queries import suppressed_among, whys_of
from broadsheet.mailroom.returning import forget_returns, take_return
from broadsheet.mailroom.status import Kind
from broadsheet.mailroom.suppressing import DESK, lift, say_arrived, suppress
from tests.mailroom.mails import a_complaint, a_reply, a_report
from tests.threads import at_once

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FAY, GUS = "fay@example.org", "gus@example.org"
LISTED = datetime(2026, 3, 2, 6, tzinfo=UTC)


@dataclass
class Newsroom:
    """Who got which delivery, and what it was told of them."""

    went_to: dict = field(default_factory=lambda: {17: FAY, 18: GUS})
    listed_at: datetime = LISTED
    returned: list = field(default_factory=list)
    left: list = field(default_factory=list)

    def posted(self, number):
        return Posted(number, self.went_to[number], self.listed_at) if number in self.went_to else None


@pytest.fixture
def deliveries():
    room = Newsroom()
    take_off = marks.register_marks(
        marks.Deliveries(
            posted=room.posted,
            returned=lambda number, at: room.returned.append(number),
            leave=lambda number, at: room.left.append(number),
            sent_between=lambda since, until: 0,
        )
    )
    yield room
    take_off()


def returns(settings, number=17, purpose=Purpose.BACK):
    posted = Posted(number, GUS if number == 18 else FAY, LISTED)
    return f"returns+{Marks(settings.SECRETS).mark(posted, purpose=purpose)}@review.example"


def a_bounce(settings, number=17, **fields):
    to = returns(settings, number)
    return a_report(to=to, sender=to, **fields)


@pytest.mark.parametrize(
    ("kind", "days", "why"),
    [
        (Kind.HARD, [], Why.HARD),
        (Kind.COMPLAINT, [], Why.COMPLAINT),
        (Kind.ASKED, [], Why.ASKED),
        (Kind.SOFT, [0], None),
        (Kind.SOFT, [0, 1], None),
        (Kind.SOFT, [0, 0, 0, 0], None),
        (Kind.SOFT, [0, 1, 2], Why.SOFT),
        (Kind.DELAYED, [0, 1, 2], None),
        (Kind.AUTO_REPLY, [0, 1, 2], None),
        (Kind.CHALLENGE, [], None),
        (Kind.OTHER, [], None),
    ],
)
def test_what_follows(kind, days, why, at):
    softs = [at - day * DAY for day in days]

    assert heeding.reason(kind, softs=softs, rule=SoftRule(bounces=3, days=10)) is why


@pytest.mark.parametrize(
    ("bulk", "kind", "whys", "goes"),
    [
        (True, "", set(), True),
        *[(True, "", {why}, False) for why in Why],
        *[(False, "code", {why}, True) for why in Why],
        (False, "charge", {Why.COMPLAINT, Why.SOFT, Why.ASKED, Why.DESK}, True),
        (False, "charge", {Why.HARD}, False),
    ],
)
def test_a_code_always_goes_a_receipt_unless_the_mailbox_is_gone_and_bulk_to_nobody_suppressed(bulk, kind, whys, goes):
    assert heeding.may_go(bulk=bulk, kind=kind, whys=whys) is goes


def test_a_hard_bounce_ends_it_at_once(deliveries, settings, at):
    take_return(a_bounce(settings), at=at)

    assert suppressed_among([FAY, GUS, "FAY@Example.ORG"]) == {FAY, "FAY@Example.ORG"}
    assert deliveries.returned == [17]


def test_twice_is_as_once(deliveries, settings, at):
    first, second = take_return(a_bounce(settings), at=at), take_return(a_bounce(settings), at=at + DAY)

    assert (len(first), second, deliveries.returned) == (1, [], [17])
    assert Suppression.objects.get().since == at


def test_soft_bounces_of_as_many_days_as_the_house_says_end_it(deliveries, settings, at):
    full = {"status": "5.2.2", "diagnostic": "smtp; 552 mailbox full"}
    ended = []
    for day in range(5):
        take_return(a_bounce(settings, **full).replace(b"<1@", f"<{day}@".encode()), at=at + day * DAY)
        ended.append(bool(suppressed_among([FAY])))

    assert ended == [False] * 4 + [True]


def test_mail_that_arrived_between_begins_the_count_anew(deliveries, settings, at):
    for day in range(8):
        full = a_bounce(settings, status="5.2.2", diagnostic="full").replace(b"<1@", f"<{day}@".encode())
        take_return(full, at=at + day * DAY)
        if day == 3:
            say_arrived(address=FAY, at=at + day * DAY)

    assert not suppressed_among([FAY])


def test_a_complaint_ends_it_at_once(deliveries, settings, at):
    take_return(a_complaint(sender=returns(settings)), at=at)

    assert whys_of([FAY]) == {FAY: {Why.COMPLAINT}}


def test_whoever_is_away_is_written_to(deliveries, settings, at):
    (row,) = take_return(a_reply(to=returns(settings), Auto_Submitted="auto-replied"), at=at)

    assert (row.kind, row.address, suppressed_among([FAY])) == (Kind.AUTO_REPLY, FAY, set())


def test_a_delay_ends_nothing(deliveries, settings, at):
    take_return(a_bounce(settings, action="delayed", status="4.4.1"), at=at)

    assert not suppressed_among([FAY])


@pytest.mark.parametrize(
    ("to", "doubt"),
    [
        ("post@review.example", Doubt.NO_MARK),
        ("returns+back-17-aaaaaaaaaaaaaaaa@review.example", Doubt.FORGED),
        ("returns+anything@review.example", Doubt.FORGED),
    ],
)
def test_a_forged_bounce_is_seen_and_changes_nothing(deliveries, to, doubt, at):
    (row,) = take_return(a_report(to=to, sender=""), at=at)

    assert (row.address, row.doubt) == (FAY, doubt)
    assert not suppressed_among([FAY])
    assert not deliveries.returned


def test_a_mark_of_a_delivery_that_nobody_knows_is_not_believed(deliveries, settings, at):
    (row,) = take_return(a_bounce(settings, number=99), at=at)

    assert row.doubt == Doubt.FORGED


def test_nobody_can_end_another_s_mail_by_their_own_mark(deliveries, settings, at):
    (row,) = take_return(a_bounce(settings, number=18), at=at)

    assert (row.doubt, row.address) == (Doubt.ELSEWHERE, FAY)
    assert not suppressed_among([FAY, GUS])


def test_a_mailbox_that_sends_on_is_the_one_that_is_gone(deliveries, settings, at):
    take_return(a_bounce(settings, recipient="rfc822; fay.old@elsewhere.example"), at=at)

    assert suppressed_among([FAY, "fay.old@elsewhere.example"]) == {FAY}


def test_a_mark_in_capitals_is_still_ours(deliveries, settings, at):
    to = returns(settings).upper()
    take_return(a_report(to=to, sender=to), at=at)

    assert suppressed_among([FAY])


def test_a_mail_of_the_outbox_is_known_by_its_number(at):
    receipt = post(kind="account-notice", to=FAY, context={"sentence": "Something was changed."}, at=at)
    raw = a_report(to="post@review.example", sender="").replace(b"<17.abc@review.example>", message_id(receipt).encode())

    take_return(raw, at=at)

    assert suppressed_among([FAY])


def test_a_guessed_number_of_the_outbox_proves_nothing(at):
    receipt = post(kind="account-notice", to=FAY, context={"sentence": "Something was changed."}, at=at)
    guessed = f"<{receipt.pk}.{'0' * 16}@localhost>"

    take_return(a_report(to="post@review.example", sender="").replace(b"<17.abc@review.example>", guessed.encode()), at=at)

    assert not suppressed_among([FAY])


def test_mail_to_the_address_of_leaving_leaves(deliveries, settings, at):
    assert take_return(a_reply(to=returns(settings, purpose=Purpose.LEAVE)), at=at) == []
    assert (deliveries.left, Return.objects.count()) == ([17], 0)


@pytest.mark.parametrize("now", [{"went_to": {17: GUS}}, {"listed_at": LISTED + DAY}, {"went_to": {}}])
def test_what_comes_of_a_delivery_that_a_restored_backup_forgot_hits_nobody(deliveries, settings, at, now):
    vars(deliveries).update(now)
    (row,) = take_return(a_bounce(settings), at=at)
    take_return(a_reply(to=returns(settings, purpose=Purpose.LEAVE)), at=at)

    assert row.doubt == Doubt.FORGED
    assert (deliveries.returned, deliveries.left, Suppression.objects.count()) == ([], [], 0)


def test_a_letter_is_kept_as_seen(deliveries, at):
    (row,) = take_return(a_reply(to="post@review.example", subject="A question"), at=at)

    assert (row.kind, row.address, row.doubt) == (Kind.OTHER, "", Doubt.NO_MARK)


def test_what_was_suppressed_holds_without_an_address(settings, at):
    suppress(address="Fäy@Exämple.org", why=Why.HARD, at=at)

    held = [str(value) for row in Suppression.objects.values() for value in row.values()]
    assert not [value for value in held if "@" in value or "mple" in value]
    assert suppressed_among(["fäy@xn--exmple-cua.org"])


def test_a_new_secret_forgets_nobody_while_the_old_one_is_kept(settings, at):
    suppress(address=FAY, why=Why.HARD, at=at)
    settings.SECRETS = ("a new secret that nobody has seen before, ever", *settings.SECRETS)

    suppress(address=FAY, why=Why.HARD, at=at)

    assert suppressed_among([FAY])
    assert Suppression.objects.count() == 1


def test_what_is_lifted_at_the_desk_counts_no_longer_and_may_come_again(deliveries, settings, at):
    take_return(a_bounce(settings), at=at)

    assert lift(address=FAY, by=DESK, at=at + DAY) == 1
    assert not suppressed_among([FAY])
    suppress(address=FAY, why=Why.HARD, at=at + 2 * DAY)
    assert suppressed_among([FAY])


def test_mail_that_arrives_ends_a_bounce_not_a_complaint(at):
    for why in Why:
        suppress(address=FAY, why=why, at=at)

    say_arrived(address=FAY, at=at)

    assert whys_of([FAY]) == {FAY: {Why.COMPLAINT, Why.ASKED, Why.DESK}}


def test_many_are_asked_in_few_questions(at, django_assert_num_queries):
    many = [f"r{number}@example.org" for number in range(1200)]
    suppress(address=many[7], why=Why.HARD, at=at)

    with django_assert_num_queries(3):
        assert suppressed_among(many) == {many[7]}


def test_what_came_back_is_forgotten_after_a_year_and_what_was_doubted_after_a_month(deliveries, settings, at):
    take_return(a_bounce(settings), at=at)
    take_return(a_report(to="post@review.example", sender=""), at=at)

    counts = [(forget_returns(at=at + days * DAY), Return.objects.count())[1] for days in (29, 30, 364, 365)]

    assert counts == [2, 1, 1, 0]
    assert suppressed_among([FAY])


@pytest.mark.postgres
@pytest.mark.parametrize(
    "odd",
    [
        {"diagnostic": "smtp; 550 \0 \x1b[2J \udcff unknown"},
        {"recipient": "rfc822; fa\0y@example.org"},
        {"recipient": f"rfc822; {'x' * 900}@example.org"},
        {"diagnostic": "x" * 5000},
        {"status": "5.999.999999999"},
        {"to": f"returns+{'m' * 500}\0@review.example", "sender": ""},
    ],
)
def test_whatever_stands_in_a_return_can_be_written_down(odd, at):
    raw = a_report(**{"to": "post@review.example", "sender": ""} | odd)

    assert take_return(raw, at=at)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_mail_through_many_doors_at_once_counts_once(deliveries, settings, at):
    raw = a_bounce(settings)

    taken = at_once([lambda: take_return(raw, at=at)] * 8)

    assert sorted(map(len, taken)) == [0] * 7 + [1]
    assert (Return.objects.count(), Suppression.objects.count(), deliveries.returned) == (1, 1, [17])
