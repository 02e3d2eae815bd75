"""What the table of mails says that each is handed is what its post hands in; and a charge's mail carries an editor's words."""

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from broadsheet.billing import actions
from broadsheet.billing.actions import given_years, pausing, writing
from broadsheet.billing.actions.lapsing import tell_whose_grace_is_over
from broadsheet.billing.actions.withdrawing import told_of
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Dispatch, Wording
from broadsheet.membership import partings
from broadsheet.membership.actions import engage, groups, record_group
from broadsheet.membership.actions.erasing import want_erased
from broadsheet.membership.actions.joining import begin
from broadsheet.membership.adapter import AccountAdapter
from broadsheet.membership.seating import Seat
from tests import cast
from tests.billing.counter import BEGAN, DAY
from tests.billing.test_given_years import given
from tests.handed import OF_EVERY_MAIL, listening

pytestmark = pytest.mark.django_db
# tests/library, tests/newsletters
OF_OTHER_ROOMS = {"alert", "dossier", "my-briefing", "newsletter-confirm", "welcome", "welcome-library", "welcome-shelves"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(BEGAN, tick=False):
        yield


def of_an_account(at):
    begin(address="nora@example.org", next_path="/latest/", story="", network="", had_first=True, at=at)
    adapter = AccountAdapter()
    adapter.send_mail("account/email/email_confirmation", "fay@example.org", {"code": "BCDFGH"})
    adapter.send_mail("mfa/email/webauthn_added", "fay@example.org", {})
    want_erased(cast.rex(at), at=at)


def of_a_subscription(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    writing.remind(at=subscription.period_ends_at - DAY)
    actions.use_card(subscription, "pm_card_chargeCustomerFail", at=counter.at)
    writing.of_withdrawal(subscription, told_of(subscription, None), name="", at=counter.at)
    counter.wait(subscription.period_ends_at - counter.at + DAY / 12)
    counter.tell_what_is_new()
    tell_whose_grace_is_over(at=counter.at + 8 * DAY)


def of_an_end(counter, gus):
    held = actions.end_with_its_period(counter.subscribe(gus, counter.price(trial_days=14)), at=counter.at)
    actions.keep(held, at=counter.at)


def of_a_pause(counter, pia):
    held = counter.subscribe(pia, counter.price())
    counter.wait(DAY)
    pausing.pause(held, months=1, at=counter.at)


def of_a_gift(counter, giver):
    given(counter, giver)
    given_years.settle_years(at=counter.at)


def of_a_group(holder, at):
    group = record_group(reference="sub_1", holder=holder, bought=3, starts_at=at, ends_at=at + 30 * DAY, payment="paid", at=at)
    groups.invite(group, pasted="nobody@example.org", by=holder, at=at)
    seat = Seat.objects.create(group=group, reader=engage(address="uma@example.org", at=at), taken_at=at)
    groups.make_manager(seat, at=at)
    groups.end_seat(seat, removed=True, at=at)
    for errand in DBTaskResult.objects.filter(task_path=partings.write.module_path):
        partings.write.call(*errand.args_kwargs["args"])


def test_the_table_says_what_each_post_hands_in(counter):
    with listening() as handed:
        of_a_gift(counter, cast.sada(BEGAN))
        of_a_group(cast.pasha(BEGAN), BEGAN)
        of_an_account(BEGAN)
        of_an_end(counter, cast.gus(BEGAN))
        of_a_pause(counter, engage(address="pia@example.org", at=BEGAN))
        of_a_subscription(counter, cast.fay(BEGAN))

    said = {
        name: {frozenset(each.key for each in kind.handed) - OF_EVERY_MAIL}
        for name, kind in KINDS.items()
        if name not in OF_OTHER_ROOMS
    }
    assert handed == said


def test_the_mail_of_a_charge_carries_an_editors_words(counter):
    Wording.objects.create(kind="charge", subject="Paid: {sum}", before="Thank you, and good reading.", after="The editors")
    fay = cast.fay(BEGAN)

    counter.subscribe(fay, counter.price())

    mail = Dispatch.objects.get(kind="charge")
    assert (mail.to, mail.subject) == (fay.email, "Paid: €9")
    assert mail.text.startswith("Thank you, and good reading.\n\n€9 was charged for your subscription to The Test Review")
    assert "withdraw/" in mail.text.partition("The editors")[0]
    assert mail.html.index("good reading") < mail.html.index("€9 was charged") < mail.html.index("The editors")
