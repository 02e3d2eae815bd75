import logging
from datetime import timedelta

import pytest
from django.db import connection

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience, Reason
from broadsheet.gate.database import Database, DatabaseAway
from broadsheet.gate.memory import Memory
from broadsheet.gate.shelf import BESIDES, NoSnapshot, Shelf
from broadsheet.kit.models import Counter
from broadsheet.membership.models import MeterRules, Network, Revocation
from broadsheet.press.models import Slip
from tests.gate import pressroom
from tests.gate.pressroom import AT, LATER, NOW, a_pass, contract, first_article, press, put, revoke, snapshot, with_pass

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PATH = "/briefings/a-river/"


@pytest.fixture
def memory(database):
    memory = Memory(database)
    memory.catch_up()
    return memory


def test_a_slip_is_known_as_soon_as_it_is_committed(memory):
    press(PATH, Audience.METERED, story="a12")
    memory.catch_up()

    slip = memory.slips[PATH]
    assert (slip.story, slip.story_in_pass, slip.audience) == ("a12", short("a12"), Audience.METERED)
    assert set(slip.previews) == {"register"}


def test_all_slips_are_read_however_many(memory, monkeypatch):
    monkeypatch.setattr("broadsheet.gate.memory.AT_ONCE", 3)
    for n in range(10):
        put(f"/{n}/")

    memory.catch_up()

    assert len(memory.slips) == 10


def test_a_slip_of_a_later_version_is_nobody_s_right(memory, caplog):
    press(PATH, Audience.OPEN)
    memory.catch_up()
    put(PATH, audience="everybody")
    memory.catch_up()

    assert PATH not in memory.slips
    assert "cannot be read" in caplog.text


def test_an_older_backup_put_back_is_believed(memory):
    press(PATH, Audience.OPEN)
    revoke(reader=7)
    memory.catch_up()

    Slip.objects.all().delete()
    Revocation.objects.all().delete()
    Counter.objects.all().delete()
    memory.catch_up()

    assert (memory.slips, memory.revocations) == ({}, {})


def test_networks_are_read_again_when_their_number_moves(memory):
    contract("192.0.2.0/24", ends_at=AT + timedelta(days=1))
    memory.catch_up()
    assert memory.networks.institution_at("192.0.2.1", NOW)
    assert not memory.networks.institution_at("192.0.2.1", NOW + 86_400)

    Network.objects.all().delete()
    contract("2001:db8::/32")
    memory.catch_up()

    assert not memory.networks.institution_at("192.0.2.1", NOW)
    assert memory.networks.institution_at("2001:db8::7", NOW)


def test_the_newest_revocation_of_a_reader_counts(memory):
    revoke(reader=7)
    revoke(reader=8)
    newest = revoke(reader=7)
    memory.catch_up()

    assert memory.revocations[7] == newest


def test_a_database_away_is_said_once_and_its_return_too(database, memory, caplog):
    press(PATH, Audience.OPEN)
    memory.catch_up()
    with caplog.at_level(logging.WARNING):
        database.away = True
        for _ in range(3):
            memory.catch_up()
        assert PATH in memory.slips
        database.away = False
        memory.catch_up()

    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        "The database is away",
        "The database is back.",
    ]


def test_a_gate_that_starts_without_a_database_finds_it_later(database):
    press(PATH, Audience.OPEN)
    database.away = True
    memory = Memory(database)
    memory.catch_up()
    database.away = False
    memory.catch_up()

    assert PATH in memory.slips


def test_a_gate_whose_database_is_away_serves_strangers_and_living_passes(open_house, database):
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.away = True
    house.browser.get(PATH)
    house.browser.get(PATH, cookies=with_pass(entitled_until=LATER))
    database.away = True

    assert house.browser.get(PATH).text == "preview, register"
    assert house.browser.get(PATH, cookies=with_pass(entitled_until=LATER)).text == "full"
    assert house.browser.get(PATH, cookies=first_article("a1")).text == "full"
    assert house.browser.get(PATH, HTTP_ACCEPT_ENCODING="gzip").text == "preview, register"
    assert house.browser.get(PATH, HTTP_ACCEPT_ENCODING="").text == "preview, register"


def test_a_pass_that_died_while_the_database_is_away_meets_the_wall_for_this_once(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.away = True

    response = house.browser.get(PATH, cookies=with_pass(entitled_until=LATER, expires_at=NOW))

    assert (response.status, response.text, response["Cache-Control"]) == (200, "preview, register", "no-store")
    assert house.readings() == []


def test_whoever_has_an_article_left_that_cannot_be_spent_is_not_told_that_all_are(open_house):
    press(PATH, Audience.METERED, previews={Reason.SPENT: "preview, spent"})
    house = open_house()
    house.membership.sessions["rex"] = a_pass()
    house.membership.away = True

    response = house.browser.get(PATH, cookies=with_pass())

    assert (response.status, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert (house.browser.head(PATH, cookies=with_pass()).status, house.readings()) == (200, [])


@pytest.mark.parametrize(("agent", "answered"), [("Mozilla/5.0 Firefox/150.0", 503), ("curl/8.5", 200)])
def test_a_stranger_whose_allowance_cannot_be_spent_is_not_asked_to_register(open_house, agent, answered):
    MeterRules.objects.create(pk=1, anonymous_allowance=1)
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.away = True

    response = house.browser.get(PATH, HTTP_USER_AGENT=agent)

    assert (response.status, house.membership.asked) == (answered, ["a1"] if answered == 503 else [])


def test_a_page_that_memory_does_not_hold_is_put_off_while_the_database_is_away(open_house, database):
    press(PATH, Audience.OPEN)
    house = open_house()
    database.away = True

    response = house.browser.get(PATH)

    assert (response.status, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")


def test_a_gate_cannot_write(database):
    with pytest.raises(DatabaseAway, match=r"readonly|read-only"):
        database.rows("DELETE FROM press_slip")


def test_the_shelf_keeps_to_its_bound_and_what_is_used(database):
    digests = [snapshot(f"page {n}") for n in range(6)]
    shelf = Shelf(database, most_bytes=3 * (BESIDES + 20))
    shelf.brotli(digests[0])
    for digest in digests[1:]:
        shelf.brotli(digest)
        shelf.brotli(digests[0])

    assert digests[0] in shelf.held
    assert shelf._bytes <= 3 * (BESIDES + 20)
    assert shelf._bytes == sum(len(held.body) + BESIDES for held in shelf.held.values())


def test_a_snapshot_that_is_not_there_is_said(database):
    with pytest.raises(NoSnapshot):
        Shelf(database, most_bytes=1).brotli("0" * 32)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a path with odd letters is SQLite's alone")
def test_a_database_in_a_folder_with_odd_letters_is_read(tmp_path):
    folder = tmp_path / "état #1 50% ?"
    folder.mkdir()
    file = folder / "b.sqlite3"
    connection.cursor().execute("VACUUM INTO %s", [str(file)])

    odd = Database(f"sqlite:///{str(file).replace('%', '%25').replace('?', '%3F')}")
    assert odd.rows("SELECT 1") == [(1,)]
    odd.close()


def test_the_pressroom_of_the_tests_prints_what_the_gate_reads(memory):
    assert pressroom.REGISTER.keys() <= set(Reason)
