"""An edition begins once it is due, for whoever has signed up, and not again."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from broadsheet.access.terms import Cut
from broadsheet.newsletters.actions import going_out, making
from broadsheet.newsletters.house_style import typesetter
from broadsheet.newsletters.ledger import Ledger
from broadsheet.newsletters.models import Delivery, Edition, Rest, Signup
from broadsheet.newsletters.policy import LATE, Wait
from broadsheet.newsletters.progress import NOBODY, said_of, standings
from broadsheet.newsletters.typesetting import Printed
from tests import cast
from tests.newsletters import make as made

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def plainly(composed, cut):
    return Printed(composed.subject, composed.preheader, f"<p>{cut}</p>", str(cut), 1, ())


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def edition(daily, at, printed):
    making.open_editions(at=at, zone=ZoneInfo("Europe/London"))
    printed(headline="In it")
    return Edition.objects.get(goes_on=date(2026, 3, 3))


def begin(ledger, at, typeset=plainly):
    troubles = going_out.Troubles()
    begun = going_out.begin_due(typeset=typeset, ledger=ledger, troubles=troubles, at=at)
    troubles.raise_all()
    return len(begun)


def signed_up(reader, newsletter, at):
    return Signup.objects.create(reader=reader, newsletter=newsletter, text_shown="x", asked_at=at, confirmed_at=at)


def test_it_begins_when_it_is_due_once_in_both_cuts(edition, ledger):
    assert begin(ledger, edition.due_at - HOUR / 60) == 0
    assert begin(ledger, edition.due_at) == 1
    assert begin(ledger, edition.due_at) == 0

    edition.refresh_from_db()
    assert edition.begun_at == edition.due_at
    assert {cut.cut for cut in edition.cuts.all()} == {Cut.FULL, Cut.PREVIEW}


def test_one_that_nobody_looked_at_waits_where_the_newsletter_wants_that(edition, ledger):
    edition.newsletter.unseen = False
    edition.newsletter.save()

    assert begin(ledger, edition.due_at) == 0
    assert going_out.let_go(edition, due_at=edition.due_at, at=edition.due_at - HOUR)
    assert begin(ledger, edition.due_at) == 1


def test_one_that_a_hand_began_for_a_day_without_waits_until_somebody_lets_it_go(edition, ledger):
    making.write(edition, note="Half made.")
    Rest.objects.create(first_on=edition.goes_on, last_on=edition.goes_on)

    assert begin(ledger, edition.due_at) == 0
    assert said_of(edition, NOBODY, at=edition.due_at).startswith("It is made for a day without an edition")
    assert going_out.let_go(edition, due_at=edition.due_at, at=edition.due_at - HOUR)
    assert begin(ledger, edition.due_at) == 1


def test_a_breaking_note_goes_out_on_any_day(printed, ledger, at):
    note = made.newsletter("Breaking", slug="breaking", rhythm="by-hand")
    edition, _ = making.open_by_hand(note, due_at=at + HOUR, at=at, zone=ZoneInfo("Europe/London"))
    making.put_in(edition, slot="top", article=printed(headline="It broke").pk)
    Rest.objects.create(first_on=edition.goes_on, last_on=edition.goes_on)

    assert begin(ledger, edition.due_at) == 1


def test_one_that_is_late_waits_until_somebody_lets_it_go_though_it_was_let_go_the_day_before(edition, ledger):
    late = edition.due_at + LATE + HOUR
    going_out.let_go(edition, due_at=edition.due_at, at=edition.due_at - HOUR)

    assert begin(ledger, late) == 0
    edition.refresh_from_db()
    assert going_out.waits(edition, ledger=ledger, at=late) == Wait.LATE
    going_out.let_go(edition, due_at=late, at=late)
    assert begin(ledger, late) == 1


def test_one_that_this_machine_sent_before_the_database_was_restored_is_not_sent_again(edition, ledger):
    ledger.write(edition, at=edition.due_at)

    assert begin(ledger, edition.due_at) == 0
    assert going_out.waits(edition, ledger=ledger, at=edition.due_at) == Wait.SENT_BEFORE
    going_out.let_go(edition, due_at=edition.due_at + HOUR, at=edition.due_at + HOUR)
    assert begin(ledger, edition.due_at + HOUR) == 1


def test_one_that_is_paused_or_cancelled_does_not_begin(edition, ledger):
    going_out.pause(edition, at=edition.due_at)
    assert begin(ledger, edition.due_at) == 0
    going_out.go_on(edition, at=edition.due_at)
    going_out.cancel(edition, at=edition.due_at)

    assert begin(ledger, edition.due_at) == 0


def test_one_that_cannot_be_set_is_paused_and_holds_up_no_other(edition, printed, ledger, at):
    other = made.newsletter("Another", slug="another", order=1)
    making.open_editions(at=at, zone=ZoneInfo("Europe/London"))

    def stumbling(composed, cut):
        if composed.newsletter == "The Daily":
            raise ValueError("no such glyph")
        return plainly(composed, cut)

    with pytest.raises(ExceptionGroup) as raised:
        begin(ledger, edition.due_at, stumbling)

    edition.refresh_from_db()
    assert (edition.begun_at, edition.paused_at) == (None, edition.due_at)
    assert edition.stopped_why == "Something in it cannot be set or sent. ValueError: no such glyph"
    assert other.editions.get(goes_on=edition.goes_on).begun_at == edition.due_at
    assert [type(trouble) for trouble in raised.value.exceptions] == [ValueError]


def test_one_that_met_a_database_that_is_away_is_tried_again(edition, ledger):
    def away(composed, cut):
        raise OperationalError("the database is locked")

    with pytest.raises(ExceptionGroup):
        begin(ledger, edition.due_at, away)

    assert begin(ledger, edition.due_at) == 1


def test_what_the_desk_writes_while_it_is_set_is_in_it(edition, ledger):
    def slowly(composed, cut):
        if not composed.note:
            making.write(edition, note="Read this first.")
        return replace(plainly(composed, cut), html=" ".join(composed.note))

    assert begin(ledger, edition.due_at, slowly) == 0
    assert begin(ledger, edition.due_at, slowly) == 1
    assert {cut.html for cut in edition.cuts.all()} == {"Read this first."}


def test_the_hour_that_the_desk_gives_it_while_it_is_set_holds(edition, ledger):
    def slowly(composed, cut):
        going_out.let_go(edition, due_at=edition.due_at + 5 * HOUR, at=edition.due_at)
        return plainly(composed, cut)

    assert begin(ledger, edition.due_at, slowly) == 0
    assert begin(ledger, edition.due_at + HOUR) == 0
    assert begin(ledger, edition.due_at + 5 * HOUR) == 1


def test_an_empty_one_is_cancelled_and_says_why(daily, ledger, at):
    making.open_editions(at=at, zone=ZoneInfo("Europe/London"))
    due = Edition.objects.earliest("due_at").due_at

    assert begin(ledger, due) == 0
    empty = Edition.objects.earliest("due_at")
    assert (empty.cancelled_at, empty.stopped_why) == (due, "There was nothing in it.")
    assert standings([empty], at=due)[0].said == "Cancelled. There was nothing in it."


def test_a_note_of_words_alone_goes_out_typeset(ledger, at):
    note = made.newsletter("Breaking", slug="breaking", rhythm="by-hand", whom="free")
    edition, _ = making.open_by_hand(note, due_at=at + HOUR, at=at, zone=ZoneInfo("Europe/London"))
    making.write(edition, subject="It broke", note="What we know, in a line.")

    assert begin(ledger, edition.due_at, typesetter(at=at)) == 1
    cut = edition.cuts.get()
    assert cut.subject == "It broke"
    assert "What we know, in a line." in cut.text
    assert "What we know, in a line." in cut.html


def test_what_was_let_go_goes_as_it_stood(edition, ledger, printed, at):
    making.assemble(edition, at=at)
    going_out.let_go(edition, due_at=edition.due_at, at=at)
    printed(headline="Later", at=at + HOUR)
    begin(ledger, edition.due_at)

    assert [item.article.title for item in edition.items.all()] == ["In it"]


def test_whoever_has_confirmed_has_a_delivery_once_however_often_it_is_listed(edition, ledger, at, monkeypatch):
    monkeypatch.setattr(going_out, "AT_ONCE", 2)
    readers = [cast.fay(at), cast.rex(at), cast.sada(at), cast.lena(at), cast.pasha(at)]
    signups = [signed_up(reader, edition.newsletter, at) for reader in readers]
    Signup.objects.filter(pk=signups[1].pk).update(ended_at=at)
    Signup.objects.filter(pk=signups[2].pk).update(confirmed_at=None)
    other = made.newsletter("Another", slug="another")
    signed_up(cast.gus(at), other, at)
    begin(ledger, edition.due_at)

    assert going_out.list_recipients(edition, at=edition.due_at) == 3
    Edition.objects.filter(pk=edition.pk).update(listed_upto=0, listed_at=None)  # as if killed before it was kept
    going_out.list_recipients(edition, at=edition.due_at)

    assert {row.reader for row in Delivery.objects.all()} == {readers[0], readers[3], readers[4]}
    assert Delivery.objects.count() == 3


def test_none_is_listed_for_what_has_not_begun(edition, at):
    signed_up(cast.fay(at), edition.newsletter, at)

    assert going_out.list_recipients(edition, at=at) == 0
