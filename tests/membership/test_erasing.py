"""The end of an account, and a copy of all that is held: whole, or not at all."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps

from broadsheet.access.terms import Audience
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Dispatch, Return
from broadsheet.mailroom.queries import whys_of
from broadsheet.mailroom.returning import take_refusal
from broadsheet.mailroom.suppressing import suppress
from broadsheet.membership import own_records, queries, records
from broadsheet.membership.actions import erasing, give_comp, joining, open_story
from broadsheet.membership.actions.devices import keep_device
from broadsheet.membership.models import Consent, Erasure, Opening, Reader, Reading, Revocation, Term
from broadsheet.membership.renewal import renew
from tests import cast

pytestmark = pytest.mark.django_db
# Apps of others: what is theirs of a reader is of work at the desk, and staff are not erased before they are let go.
OF_WORK = ("newsroom.", "wagtail")


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def pointing_at_readers():
    """Every field of every table that says which reader a row is of."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            named = field.name in {"reader_id", "user_id"} or getattr(field, "related_model", None) is Reader
            if field.concrete and named and not model._meta.label.startswith(OF_WORK):
                yield f"{model._meta.label} {field.name}"


def wanted(browser, address):
    shown = browser.get("/account/erase/")
    return browser.post("/account/erase/", {"address": address, "promised": shown.context["promised"]})


def test_every_table_that_points_at_a_reader_is_told_of():
    assert set(pointing_at_readers()) <= records.told_of()


def test_what_is_told_of_is_there():
    assert all(table.fields() for table in records.tables())


def test_an_account_goes_whole(at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)
    key, address = browser.cookies["session"].value, fay.email
    keep_device(fay, key, agent="", at=at)
    give_comp(reader=fay, ends_at=None, at=at)
    open_story(reader=fay, story="a1", at=at)
    Reading.objects.create(key="k:1", story="a1", reader_id=fay.pk, reason="metered", read_at=at)

    answer = wanted(browser, f" {address.upper()} ")

    assert (answer.status_code, answer["Location"]) == (303, "/account/erased/")
    gone = Reader.objects.get(pk=fay.pk)
    assert (gone.email, gone.get_full_name(), gone.is_active, gone.allowance) == (f"{fay.pk}@erased.invalid", "", False, None)
    assert renew({"HTTP_COOKIE": f"session={key}"}, None, Audience.METERED).a_pass is None
    assert Reading.objects.get().reader_id is None
    assert Revocation.objects.latest("change").reader_id == fay.pk
    assert not Term.objects.exists()
    assert not Consent.objects.exists()
    assert not EmailAddress.objects.exists()
    assert Erasure.objects.get().address == ""


def test_one_last_mail_says_what_stays(at):
    fay = cast.fay(at)
    address = fay.email
    Dispatch.objects.create(kind="code", to=address, subject="x", text="x", posted_at=at, due_at=at)

    kept = records.kept_for(fay)

    erasing.want_erased(fay, at=at)

    mail = Dispatch.objects.get()
    assert (mail.kind, mail.to) == ("erased", address)
    assert kept
    assert all(sentence in mail.text for sentence in kept)


def test_what_came_back_goes_and_that_nobody_writes_there_again_stays(at):
    fay = cast.fay(at)
    address = fay.email
    take_refusal(key="x", address=fay.email.upper(), words=f"550 5.1.1 <{fay.email}> unknown", at=at)
    suppress(address=fay.email, why=Why.COMPLAINT, at=at)

    assert own_records.NO_MORE in records.kept_for(fay)
    erasing.want_erased(fay, at=at)

    assert not Return.objects.exists()
    assert whys_of([address]) == {address: {Why.COMPLAINT, Why.HARD}}


def test_nobody_is_told_of_what_does_not_concern_them(at):
    assert set(records.kept_for(cast.fay(at))) == {own_records.GONE, own_records.METER}


def test_nobody_is_left_by_an_address_that_was_theirs(at):
    fay = cast.fay(at)
    erasing.want_erased(fay, at=at)
    held = [
        value
        for model in apps.get_models()
        if model._meta.label != "mailroom.Dispatch"
        for row in model._default_manager.values()
        for value in row.values()
    ]

    assert not [value for value in held if isinstance(value, str) and fay.email.lower() in value.lower()]


def test_whoever_comes_back_has_no_second_allowance(at):
    fay = cast.fay(at)
    address = fay.email
    for story in ("a1", "a2", "a3"):
        open_story(reader=fay, story=story, at=at)

    erasing.want_erased(fay, at=at)
    begun = joining.begin(address=address, next_path="/", story="", network="n", had_first=True, at=at)
    again = joining.confirm(begun.knock, at=at)

    assert again.pk != fay.pk
    assert queries.holding_of(again, at=at, generation=0).meter.left == 0


def test_what_was_opened_in_past_months_is_forgotten(at):
    fay = cast.fay(at)
    open_story(reader=fay, story="a1", at=at)

    erasing.want_erased(fay, at=at + timedelta(days=40))

    assert not Opening.objects.filter(counted=True).exists()


@pytest.mark.parametrize("typed", ["", "somebody@else.example", "no address", "x" * 300])
def test_another_address_erases_nothing(at, typed):
    fay = cast.fay(at)

    assert wanted(cast.log_in(fay), typed).status_code == 422
    assert not Erasure.objects.exists()


def test_what_was_promised_is_what_happens(at):
    fay = cast.fay(at)

    answer = cast.log_in(fay).post("/account/erase/", {"address": fay.email, "promised": "Something else."})

    assert answer.status_code == 409
    assert not Erasure.objects.exists()


def test_staff_are_let_go_first(at):
    carlo = cast.carlo(at)

    assert wanted(cast.log_in(carlo), carlo.email).status_code == 403
    with pytest.raises(erasing.WorksHere):
        erasing.want_erased(carlo, at=at)


def test_twice_is_as_once(at):
    fay = cast.fay(at)
    first = erasing.want_erased(fay, at=at)

    assert erasing.finish_erasure(first, at=at + timedelta(days=1)).done_at == at
    assert erasing.finish_erasures(at=at) == 0
    assert Dispatch.objects.filter(kind="erased").count() == 1


def test_a_reading_that_came_late_is_nobody_s(at):
    fay = cast.fay(at)
    erasing.want_erased(fay, at=at)
    Reading.objects.create(key="k:1", story="a1", reader_id=fay.pk, reason="metered", read_at=at)

    erasing.finish_erasures(at=at)

    assert Reading.objects.get().reader_id is None


def test_another_reader_loses_nothing(at):
    rex, fay = cast.rex(at), cast.fay(at)
    open_story(reader=rex, story="a1", at=at)
    Reading.objects.create(key="k:1", story="a1", reader_id=rex.pk, reason="metered", read_at=at)
    before = exported(cast.log_in(rex))

    erasing.want_erased(fay, at=at)

    assert exported(cast.log_in(rex)) == before


# The copy


def exported(browser):
    answer = browser.get("/account/export/?download=yes")
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def test_a_reader_gets_all_that_is_held_and_nothing_of_others(at):
    fay = cast.fay(at)
    open_story(reader=cast.rex(at), story="b1", at=at)
    open_story(reader=fay, story="a1", at=at)

    held = exported(cast.log_in(fay))

    assert held["account.json"]["email"] == fay.email
    assert [row["story"] for row in held["openings.json"]] == ["a1"]
    assert {f"{table.name}.json" for table in records.tables() if table.name} | {"account.json"} == set(held)


def test_no_key_is_handed_out(at):
    carlo = cast.carlo(at)
    browser = cast.log_in(carlo)
    keep_device(carlo, browser.cookies["session"].value, agent="", at=at)

    written = json.dumps(exported(browser))

    assert browser.cookies["session"].value not in written
    assert carlo.password not in written
    assert '"data"' not in written


def test_whoever_is_not_in_gets_nothing():
    assert cast.vera().get("/account/export/?download=yes")["Location"].startswith("/join/")
