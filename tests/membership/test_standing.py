"""Terms, engagements, institutions: what is written down, and that every gate hears of it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from broadsheet.kit.counting import last_number
from broadsheet.membership.actions import (
    end_term,
    engage,
    forget_revocations,
    give_comp,
    readdress,
    record_institution,
    record_networks,
    record_term,
    remove_institution,
    revoke,
)
from broadsheet.membership.actions.standing import queue_again
from broadsheet.membership.models import Institution, Network, Reader, Revocation, Term
from broadsheet.membership.networks import BadNetwork
from broadsheet.membership.queries import held_by, rules
from tests import cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def subscription(reader, at, **stated):
    stated = {"starts_at": at, "ends_at": at + 30 * DAY, "reference": "sub_1"} | stated
    return record_term(reader=reader, source=Term.Source.SUBSCRIPTION, at=at, **stated)


def test_a_term_with_a_reference_is_one_term_however_often_it_is_recorded(at):
    fay = cast.fay(at)
    subscription(fay, at)
    subscription(fay, at, payment=Term.Payment.PAST_DUE)

    assert Term.objects.get().payment == Term.Payment.PAST_DUE


def test_every_change_of_standing_is_a_revocation_with_the_next_number(at):
    fay = cast.fay(at)
    comp = give_comp(reader=fay, ends_at=None, at=at)
    end_term(comp, at=at + DAY)

    changes = list(Revocation.objects.order_by("change").values_list("change", "reader_id"))
    assert changes == [(1, fay.pk), (2, fay.pk)]
    assert last_number("revocations") == 2


def test_a_term_ended_while_its_charge_has_failed_gives_no_days_of_grace_from_then(at):
    fay = cast.fay(at)
    term = subscription(fay, at, payment=Term.Payment.PAST_DUE, ends_at=at + 2 * DAY)

    end_term(term, at=at + 3 * DAY)

    assert held_by(fay, at=at + 3 * DAY, grace_days=14).entitled_until is None


def test_a_term_ended_before_it_began_never_was(at):
    term = subscription(cast.fay(at), at + DAY, starts_at=at + DAY)

    end_term(term, at=at)

    assert not Term.objects.exists()


def test_a_term_cannot_end_before_it_starts(at):
    fay = cast.fay(at)

    with pytest.raises(IntegrityError), transaction.atomic():
        subscription(fay, at, ends_at=at)

    assert not Revocation.objects.exists()


def test_old_revocations_are_forgotten_and_their_numbers_are_not(at):
    revoke(1, why="test", at=at)
    revoke(2, why="test", at=at + DAY)

    forget_revocations(at=at + DAY + timedelta(seconds=1))

    assert [each.reader_id for each in Revocation.objects.all()] == [2]
    assert last_number("revocations") == 2


def test_engaging_twice_equals_engaging_once(at):
    first = engage(address="Owner@Example.org", at=at)
    second = engage(address="owner@example.org", at=at + DAY, first_name="Olga")

    assert first == second
    assert Reader.objects.get().first_name == "Olga"
    assert Reader.objects.get().confirmed_at == at
    assert EmailAddress.objects.get().verified


def test_two_readers_cannot_have_one_address_in_two_spellings(at):
    Reader.objects.create(email="fay@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        Reader.objects.create(email="FAY@example.org")


def test_a_reader_without_a_password_cannot_have_an_empty_one(at):
    assert not Reader.objects.create(email="fay@example.org").has_usable_password()


def test_an_address_changed_by_staff_opens_nothing_more_with_the_old(at):
    fay = cast.fay(at)

    readdress(fay, address="Fay.New@example.org", at=at)

    assert Reader.objects.get().email == "fay.new@example.org"
    assert EmailAddress.objects.get().email == "fay.new@example.org"
    assert Revocation.objects.filter(reader_id=fay.pk).exists()


def test_networks_replace_those_before_and_tell_the_gates(at):
    campus = cast.campus("192.0.2.0/24, 198.51.100.7")
    told = last_number("networks")

    record_networks(institution=campus, pasted="2001:db8::/32")

    assert [network.as_written for network in campus.networks.all()] == ["2001:db8::/32"]
    assert last_number("networks") == told + 1


def test_a_network_that_cannot_be_read_leaves_everything_as_it_was(at):
    campus = cast.campus("192.0.2.0/24")

    with pytest.raises(BadNetwork):
        record_institution(institution=campus, name="Renamed", starts_at=at, ends_at=None, networks="192.0.2.0/24\n0.0.0.0/0")

    assert Institution.objects.get().name == cast.CAMPUS
    assert Network.objects.count() == 1


def test_a_removed_institution_is_told_to_the_gates(at):
    campus = cast.campus()
    told = last_number("networks")

    remove_institution(campus)

    assert not Network.objects.exists()
    assert last_number("networks") == told + 1


def test_assembling_the_cast_twice_changes_nothing(at):
    first = cast.assemble_cast(at)
    second = cast.assemble_cast(at)

    assert first == second
    assert Term.objects.count() == 4
    assert Institution.objects.count() == 1


# What is given behind other terms


def year(reader, at, **stated):
    stated = {"starts_at": at, "ends_at": at + 365 * DAY, "reference": "given year 1"} | stated
    return record_term(reader=reader, source=Term.Source.GIFT, at=at, **stated)


def gift() -> tuple:
    term = Term.objects.get(source=Term.Source.GIFT)
    return term.starts_at, term.ends_at - term.starts_at


def test_a_year_waits_as_long_as_a_subscription_renews(at):
    fay = cast.fay(at)
    subscription(fay, at)
    year(fay, at, starts_at=at + 30 * DAY, ends_at=at + 395 * DAY)

    subscription(fay, at + 29 * DAY, starts_at=at, ends_at=at + 60 * DAY)
    assert gift() == (at + 60 * DAY, 365 * DAY)

    subscription(fay, at + 60 * DAY, starts_at=at, ends_at=at + 60 * DAY, payment=Term.Payment.PAST_DUE)
    assert gift() == (at + 67 * DAY, 365 * DAY)  # its days of grace


def test_a_year_begins_when_a_subscription_ends_early(at):
    fay = cast.fay(at)
    subscription(fay, at)
    year(fay, at, starts_at=at + 30 * DAY, ends_at=at + 395 * DAY)

    subscription(fay, at + 10 * DAY, starts_at=at, ends_at=at + 10 * DAY)

    assert gift() == (at + 10 * DAY, 365 * DAY)


def test_what_is_left_of_a_year_waits_for_what_comes_in_between(at):
    fay = cast.fay(at)
    year(fay, at)

    subscription(fay, at + 100 * DAY)

    assert gift() == (at + 130 * DAY, 265 * DAY)
    assert held_by(fay, at=at + 100 * DAY, grace_days=7).entitled_until == at + 130 * DAY


def test_what_is_left_of_a_year_waits_once_a_term_that_staff_wrote_has_begun(at):
    fay = cast.fay(at)
    year(fay, at)
    record_term(reader=fay, source=Term.Source.COMP, starts_at=at + 100 * DAY, ends_at=at + 130 * DAY, at=at + DAY)

    assert queue_again(at=at + 99 * DAY) == 0
    before = Revocation.objects.count()
    assert queue_again(at=at + 100 * DAY) == 1
    assert queue_again(at=at + 100 * DAY) == 0

    assert gift() == (at + 130 * DAY, 265 * DAY)
    assert Revocation.objects.count() == before + 1


def test_a_year_that_waits_is_moved_when_the_house_gives_other_days_of_grace(at):
    fay = cast.fay(at)
    year(fay, at, starts_at=at + 30 * DAY, ends_at=at + 395 * DAY)
    subscription(fay, at, payment=Term.Payment.PAST_DUE, ends_at=at + 30 * DAY)
    assert gift() == (at + 37 * DAY, 365 * DAY)
    house = rules()
    house.grace_days = 3
    house.save()

    queue_again(at=at + 31 * DAY)

    assert gift() == (at + 33 * DAY, 365 * DAY)


def test_two_that_wait_follow_one_another(at):
    fay = cast.fay(at)
    subscription(fay, at)
    for number in (1, 2):
        year(fay, at, starts_at=at + 30 * DAY, ends_at=at + 395 * DAY, reference=f"given year {number}")

    subscription(fay, at + 20 * DAY, starts_at=at, ends_at=at + 60 * DAY)

    assert sorted(Term.objects.values_list("starts_at", flat=True)) == [at, at + 60 * DAY, at + 425 * DAY]


def test_nothing_is_moved_behind_what_has_no_end(at):
    fay = cast.fay(at)
    year(fay, at)

    give_comp(reader=fay, ends_at=None, at=at + DAY)

    assert gift() == (at, 365 * DAY)
