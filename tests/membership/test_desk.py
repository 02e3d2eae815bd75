"""Membership on the desk: readers, terms, institutions and house rules, by those who may."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.forms.models import model_to_dict

from broadsheet.access.terms import Audience
from broadsheet.membership.actions import give_comp, record_term
from broadsheet.membership.models import Institution, MeterRules, Reader, Revocation, Term
from broadsheet.membership.renewal import renew
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def desk(at):
    """Petra's browser."""
    return cast.log_in(cast.petra(at))


def a_pass_of(session_key):
    return renew({"HTTP_COOKIE": f"session={session_key}"}, None, Audience.METERED).a_pass


def test_the_list_of_readers_opens(desk):
    page = desk.get("/admin/users/")

    assert page.status_code == 200
    assert "petra@example.org" in page.content.decode()


def test_a_reader_made_on_the_desk_needs_no_name_and_logs_in_by_one_code(desk):
    answer = desk.post("/admin/users/new/", {"email": "Nora@Example.org", "first_name": "", "last_name": ""})

    assert answer.status_code == 302
    nora = Reader.objects.get(email="nora@example.org")
    assert nora.confirmed_at is not None
    assert not nora.has_usable_password()
    assert EmailAddress.objects.get(user=nora).verified


def test_an_address_that_somebody_has_is_refused(desk, at):
    cast.fay(at)

    answer = desk.post("/admin/users/new/", {"email": "FAY@example.org", "first_name": "", "last_name": ""})

    assert answer.status_code == 200
    assert Reader.objects.filter(email__iexact="fay@example.org").count() == 1


def change(desk, reader, **fields):
    stated = {"email": reader.email, "first_name": reader.first_name, "last_name": "", "is_active": "on"} | fields
    return desk.post(f"/admin/users/edit/{reader.pk}/", {name: value for name, value in stated.items() if value is not None})


def test_an_address_changed_on_the_desk_ends_the_reader_s_sessions(desk, at):
    fay = cast.fay(at)
    key = cast.session_of(fay)

    assert change(desk, fay, email="new@example.org").status_code == 302

    assert EmailAddress.objects.get(user=fay).email == "new@example.org"
    assert a_pass_of(key) is None


def test_a_closed_account_is_out_at_once(desk, at):
    fay = cast.fay(at)
    key = cast.session_of(fay)

    change(desk, fay, is_active=None)

    assert a_pass_of(key) is None
    assert Revocation.objects.filter(reader_id=fay.pk).exists()


def test_an_editor_who_loses_the_group_loses_the_standing(desk, at):
    edda = cast.edda(at)
    key = cast.session_of(edda)
    assert a_pass_of(key).entitled_until

    change(desk, edda)

    assert not a_pass_of(key).entitled_until
    assert Revocation.objects.filter(reader_id=edda.pk).exists()


def test_readers_closed_in_bulk_are_revoked(desk, at):
    fay = cast.fay(at)

    desk.post(f"/admin/bulk/membership/reader/set_active_state/?id={fay.pk}", {"mark_as_active": "False"})

    assert not Reader.objects.get(pk=fay.pk).is_active
    assert Revocation.objects.filter(reader_id=fay.pk).exists()


def test_a_removed_reader_is_revoked(desk, at):
    fay = cast.fay(at)
    pk = fay.pk

    desk.post(f"/admin/users/delete/{pk}/")

    assert not Reader.objects.filter(pk=pk).exists()
    assert Revocation.objects.filter(reader_id=pk).exists()


def test_a_group_s_rights_taken_away_are_taken_from_its_members(at):
    edda = cast.edda(at)
    root = cast.petra(at)
    root.is_superuser = True
    root.save()
    group = Group.objects.get(name="Editors")

    page = cast.log_in(root).get(f"/admin/groups/edit/{group.pk}/")
    assert page.status_code == 200
    answer = cast.log_in(root).post(f"/admin/groups/edit/{group.pk}/", _as_sent(page.context["form"], group))

    assert answer.status_code == 302
    assert Revocation.objects.filter(reader_id=edda.pk).exists()


def _as_sent(form, group):
    """The group's form with every right unticked."""
    prefixes = ("page_permissions", "collection_permissions", "document_permissions", "image_permissions")
    empty = {f"{prefix}-{field}": 0 for prefix in prefixes for field in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    return {"name": group.name, **{f"{prefix}-MAX_NUM_FORMS": 1000 for prefix in prefixes}, **empty}


COMP = {"source": "comp", "payment": "paid", "starts_at": "2026-03-01 00:00", "ends_at": ""}


def test_a_comp_is_given_by_address(desk, at):
    fay = cast.fay(at)
    key = cast.session_of(fay)

    answer = desk.post(
        "/admin/terms/new/",
        COMP | {"address": "Fay@example.org"},
    )

    assert answer.status_code == 302
    assert Term.objects.get().reader == fay
    assert a_pass_of(key).entitled_until > at.timestamp()


def test_a_comp_for_nobody_is_refused_with_a_sentence(desk):
    answer = desk.post("/admin/terms/new/", COMP | {"address": "no@example.org"})

    assert "Nobody has registered with this address." in answer.content.decode()


def test_a_term_that_ends_before_it_starts_is_refused_with_a_sentence(desk, at):
    cast.fay(at)

    answer = desk.post(
        "/admin/terms/new/",
        {"address": "fay@example.org", "source": "comp", "payment": "paid", "starts_at": "2026-03-02", "ends_at": "2026-03-01"},
    )

    assert "A term must end after it starts." in answer.content.decode()


def test_a_term_is_changed_and_ended(desk, at):
    fay = cast.fay(at)
    term = give_comp(reader=fay, ends_at=None, at=at)
    key = cast.session_of(fay)
    stated = {"source": "comp", "payment": "lapsed", "starts_at": "2026-01-01 00:00", "ends_at": "2027-01-01 00:00"}

    assert desk.post(f"/admin/terms/edit/{term.pk}/", stated).status_code == 302
    assert not a_pass_of(key).entitled_until
    assert desk.post(f"/admin/terms/delete/{term.pk}/").status_code == 302
    assert Term.objects.get().ends_at == at


@pytest.mark.parametrize(
    ("source", "says"), [("subscription", "It follows sub_1 at Stripe"), ("seat", "It follows what its group")]
)
def test_a_term_that_follows_a_bill_is_only_read_and_ended(desk, at, source, says):
    term = record_term(reader=cast.fay(at), source=source, starts_at=at, ends_at=None, at=at, reference="sub_1")
    before = model_to_dict(term)

    page = desk.get(f"/admin/terms/edit/{term.pk}/").content.decode()
    desk.post(f"/admin/terms/edit/{term.pk}/", COMP | {"ends_at": "2030-01-01"})

    assert says in page
    assert model_to_dict(Term.objects.get()) == before


def test_no_term_becomes_one_that_follows_a_bill(desk, at):
    term = give_comp(reader=cast.fay(at), ends_at=None, at=at)

    desk.post(f"/admin/terms/edit/{term.pk}/", COMP | {"source": "seat"})

    assert Term.objects.get().source == "comp"


def test_an_institution_takes_its_networks_as_pasted(desk):
    answer = desk.post(
        "/admin/institutions/new/",
        {"name": "Fenwick", "starts_at": "2026-01-01", "ends_at": "", "networks": "192.0.2.0/24\n198.51.100.1 – 198.51.100.9"},
    )

    assert answer.status_code == 302
    fenwick = Institution.objects.get()
    assert fenwick.networks.count() == 2
    assert "198.51.100.1-198.51.100.9" in desk.get(f"/admin/institutions/edit/{fenwick.pk}/").content.decode()


def test_a_network_that_cannot_be_read_is_named(desk):
    answer = desk.post(
        "/admin/institutions/new/", {"name": "Fenwick", "starts_at": "2026-01-01", "networks": "192.0.2.0/24\n0.0.0.0/0"}
    )

    assert "0.0.0.0/0 is wider than any one institution" in answer.content.decode()
    assert not Institution.objects.exists()


@pytest.mark.parametrize("path", ["terms/", "institutions/", "users/", "settings/membership/meterrules/"])
def test_an_editor_has_no_business_with_readers(path, at):
    answer = cast.log_in(cast.edda(at)).get(f"/admin/{path}", follow=True)

    assert answer.redirect_chain[-1][0] == "/admin/"


def test_the_house_rules_are_changed_on_the_desk(desk):
    page = desk.get("/admin/settings/membership/meterrules/", follow=True)
    path = page.redirect_chain[-1][0]

    desk.post(path, _rules(monthly_allowance="5"))

    assert MeterRules.load().monthly_allowance == 5


@pytest.mark.parametrize(("typed", "kept"), [("10", 10), ("11", 0)])
def test_the_desk_lets_visitors_open_ten_at_most(desk, typed, kept):
    path = desk.get("/admin/settings/membership/meterrules/", follow=True).redirect_chain[-1][0]

    desk.post(path, _rules(anonymous_allowance=typed))

    assert MeterRules.load().anonymous_allowance == kept


def test_an_allowance_larger_than_a_pass_holds_is_refused(desk):
    path = desk.get("/admin/settings/membership/meterrules/", follow=True).redirect_chain[-1][0]

    desk.post(path, _rules(monthly_allowance="41"))

    assert MeterRules.load().monthly_allowance == 3


def _rules(**changed):
    """The form of the house rules, as the desk shows it."""
    return model_to_dict(MeterRules.load()) | changed


def test_whoever_is_charged_is_not_closed_or_removed_since_they_could_not_cancel_then(desk, at):
    fay = cast.fay(at)
    record_term(
        reader=fay, source=Term.Source.SUBSCRIPTION, starts_at=at, ends_at=at + timedelta(days=30), reference="stripe x", at=at
    )

    answer = change(desk, fay, is_active=None)

    assert "end that first" in answer.content.decode()
    desk.post(f"/admin/bulk/membership/reader/set_active_state/?id={fay.pk}", {"mark_as_active": ""})
    assert Reader.objects.get(pk=fay.pk).is_active
