from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.conf import settings

from broadsheet.access.passes import Renewal
from broadsheet.access.terms import Audience, Cut
from broadsheet.gate import deciding, limit
from broadsheet.gate.database import Database
from broadsheet.gate.deciding import Decider, Named
from broadsheet.gate.limit import AtMost
from broadsheet.gate.memory import Memory
from broadsheet.gate.settings import GateSettings
from tests.gate.browser import SECRETS
from tests.gate.pressroom import NOW, a_pass

LONGEST = 30  # seconds that a test waits for its threads


def ask(application):
    said = []
    body = b"".join(application({}, lambda status, headers: said.extend((status, dict(headers)))))
    return said[0], said[1].get("Retry-After"), body


def test_beyond_the_limit_whoever_asks_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(limit, "WAITS", 0)
    inside, leave = Barrier(3, timeout=LONGEST), Event()

    def slow(environ, start):
        inside.wait()
        leave.wait()
        start("200 OK", [])
        return [b"done"]

    application = AtMost(2, slow)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(ask, application) for _ in range(2)]
        try:
            inside.wait()
            refused = ask(application)
        finally:
            leave.set()
        answers = [future.result() for future in running]

    assert refused[:2] == ("503 Service Unavailable", "2")
    assert answers == [("200 OK", None, b"done")] * 2


def test_a_place_is_free_again_after_a_request_that_failed():
    def failing(environ, start):
        raise LookupError

    application = AtMost(1, failing)
    for _ in range(3):
        try:
            application({}, None)
        except LookupError:
            continue
    assert application._places.acquire(blocking=False)


class Told:
    """An answer that is made while it is told."""

    def __init__(self, *, breaks_off=False):
        self.breaks_off, self.closed = breaks_off, 0

    def __iter__(self):
        yield b"first"
        if self.breaks_off:
            raise LookupError
        yield b"last"

    def close(self):
        self.closed += 1


def streaming(body):
    def application(environ, start):
        start("200 OK", [])
        return body

    return AtMost(1, application)


def test_what_is_told_piece_by_piece_keeps_its_place_until_it_is_closed(monkeypatch):
    monkeypatch.setattr(limit, "WAITS", 0)
    body = Told()
    application = streaming(body)
    answer = application({}, lambda status, headers: None)

    assert next(iter(answer)) == b"first"
    assert ask(application)[0] == "503 Service Unavailable"
    for _ in range(2):
        answer.close()
    assert body.closed == 1
    assert ask(application)[::2] == ("200 OK", b"firstlast")


def test_a_place_is_left_where_telling_breaks_off_and_the_server_closes_nothing():
    application = streaming(Told(breaks_off=True))
    for _ in range(3):
        with pytest.raises(LookupError):
            ask(application)

    assert application._places.acquire(blocking=False)


def test_a_few_wait_for_a_place():
    inside, leave = Event(), Event()

    def slow(environ, start):
        inside.set()
        leave.wait()
        start("200 OK", [])
        return [b"done"]

    application = AtMost(1, slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, application)
        try:
            assert inside.wait(LONGEST)
            second = pool.submit(ask, application)
        finally:
            leave.set()

    assert [first.result()[0], second.result()[0]] == ["200 OK"] * 2


def test_when_too_many_renew_at_once_the_next_meets_the_wall_unsettled(monkeypatch, tmp_path):
    monkeypatch.setattr(deciding, "MOST_RENEWING", 2)
    monkeypatch.setattr(deciding, "RENEWAL_WAITS", 0)
    inside, leave = Barrier(3, timeout=LONGEST), Event()

    def slow(environ, story, audience):
        if not leave.is_set():
            inside.wait()
            leave.wait()
        return Renewal(a_pass())

    its = GateSettings(database_url=settings.DATABASE_URL, secrets=SECRETS, spool=tmp_path)
    decider = Decider(its, Memory(Database(its.database_url)), renew=slow)

    def read():
        story = Named("a1", "a1", Audience.REGISTERED)
        answer = decider.answer({"HTTP_COOKIE": "session=rex"}, story, NOW, may_spend=True)
        return answer.decision.cut is Cut.FULL, answer.settled

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(read) for _ in range(2)]
        try:
            inside.wait()
            refused = read()
        finally:
            leave.set()
        renewed = [future.result() for future in running]

    assert refused == (False, False)
    assert [*renewed, read()] == [(True, True)] * 3
