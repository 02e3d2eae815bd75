"""A round of many sources: what each came to, and that none of them waits for another."""

import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadsheet.wire.fetched import Known, Limits
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.outcomes import Came, Due, Failed, Unchanged
from broadsheet.wire.polling import Courtesy, poll
from broadsheet.wire.readers import LARGE, Readers
from tests.outlets import answer, dripping, endless, feed, moved, on_loopback, silent

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NO_GAP = Courtesy(gap=0.0)
PATIENT = Limits(seconds=5)


@pytest.fixture
def polled(readers):
    def poll_them(due, *, doors, courtesy=NO_GAP, limits=PATIENT):
        fetcher = Fetcher("post@review.example", limits=limits, allowed=frozenset(doors))
        outcomes = []
        poll(
            due,
            take=lambda source, outcome: outcomes.append((source, outcome)),
            fetcher=fetcher,
            readers=readers,
            at=AT,
            courtesy=courtesy,
        )
        return outcomes

    return poll_them


def test_a_feed_comes_with_what_is_asked_the_next_time_and_then_is_unchanged(outlet, polled):
    outlet.says["/feed"] = feed("a", "b", etag='"7"')
    ((_, came),) = polled([Due(1, outlet.at("/feed"))], doors=[outlet.door])

    assert isinstance(came, Came)
    assert [item.title for item in came.feed.items] == ["a", "b"]
    assert (came.answer.etag, came.answer.body, came.answer.size > 100) == ('"7"', b"", True)

    outlet.says["/feed"] = answer(status=304)
    again = Due(1, outlet.at("/feed"), Known(came.answer.etag), came.digest)
    ((_, outcome),) = polled([again], doors=[outlet.door])

    assert isinstance(outcome, Unchanged)
    assert (outcome.digest, outlet.asked[-1].headers["if-none-match"]) == (came.digest, '"7"')


def test_the_same_bytes_are_not_read_again(outlet, polled):
    outlet.says["/feed"] = feed("a")
    due = Due(1, outlet.at("/feed"))
    ((_, came),) = polled([due], doors=[outlet.door])
    ((_, outcome),) = polled([replace(due, digest=came.digest)], doors=[outlet.door])

    assert isinstance(outcome, Unchanged)
    assert (outcome.answer.status, outcome.digest) == (200, came.digest)


def test_a_feed_that_has_moved_for_good_says_where(outlet, polled):
    outlet.says |= {"/old": moved("/feed"), "/feed": feed("a")}
    ((_, came),) = polled([Due(1, outlet.at("/old"))], doors=[outlet.door])

    assert came.answer.moved_to == outlet.at("/feed")


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        (answer(status=404), "There is nothing at this address (404)."),
        (answer(status=410), "It is gone for good, as its server says (410)."),
        (answer(status=429), "We ask too often, as its server says (429)."),
        (answer(status=503), "Its server has trouble of its own (503)."),
        (answer(status=204), "Its server answered with neither a feed nor a reason (204)."),
        (answer(status=304), "Its server answered with neither a feed nor a reason (304)."),
        (answer("<html></html>"), "It is a web page."),
        (answer(""), "Nothing came back"),
        ([b"nonsense\r\n\r\n"], "The server of 127.0.0.1 answered in no way that can be read."),
        ([b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"], "The server of 127.0.0.1 answered in no way that can be read."),
        ([], "The server of 127.0.0.1 answered in no way that can be read."),
    ],
)
def test_what_failed_is_a_sentence(outlet, polled, says, sentence):
    outlet.says["/feed"] = says
    ((_, failed),) = polled([Due(1, outlet.at("/feed"))], doors=[outlet.door])

    assert isinstance(failed, Failed)
    assert failed.sentence.startswith(sentence)
    assert failed.is_gone is ("410" in sentence)


def test_a_server_that_is_not_there_is_a_sentence(polled):
    with on_loopback() as gone:
        address, door = gone.at("/feed"), gone.door
    ((_, failed),) = polled([Due(1, address)], doors=[door])

    assert failed.sentence == "The server of 127.0.0.1 took no connection."


def test_hostile_slow_and_dead_sources_hold_up_no_other(polled):
    """As many places as sources that never end: the others are done before the first of these is given up."""
    hostile = {
        "/silent": silent,
        "/drip": dripping,
        "/headers": lambda: dripping(b"a: b\r\n", head=b"HTTP/1.1 200 OK\r\n"),
        "/reason": lambda: dripping(b"o", head=b"HTTP/1.1 200 "),
    }
    with ExitStack() as servers:
        bad, *good = [servers.enter_context(on_loopback()) for _ in range(9)]
        bad.says |= hostile
        for outlet in good:
            outlet.says |= {f"/{number}": feed(f"{number}") for number in range(5)}
        due = [Due(-number, bad.at(path)) for number, path in enumerate(hostile, 1)]
        due += [Due(10 * place + number, outlet.at(f"/{number}")) for place, outlet in enumerate(good, 1) for number in range(5)]
        courtesy = Courtesy(at_once=6, at_a_host=100, gap=0.0)
        outcomes = polled(due, doors=[outlet.door for outlet in (bad, *good)], courtesy=courtesy, limits=Limits(seconds=3))

    assert [source > 0 for source, _ in outcomes] == [True] * 40 + [False] * 4
    assert all(isinstance(outcome, Came) for _, outcome in outcomes[:40])
    assert {outcome.sentence for _, outcome in outcomes[40:]} == {"It took longer than 3 seconds."}


def test_a_host_is_asked_by_two_at_once_and_no_more(outlet, polled):
    outlet.says |= {f"/{number}": feed(f"{number}") for number in range(20)}
    outcomes = polled([Due(number, outlet.at(f"/{number}")) for number in range(20)], doors=[outlet.door])

    assert sorted(source for source, _ in outcomes) == list(range(20))
    assert outlet.most_open <= 2


def test_a_host_is_left_alone_between_questions_and_whoever_was_not_asked_stays_due(outlet, polled):
    outlet.says |= {f"/{number}": feed(f"{number}") for number in range(5)}
    patient = Courtesy(gap=3_600, round_seconds=2)
    outcomes = polled([Due(number, outlet.at(f"/{number}")) for number in range(5)], doors=[outlet.door], courtesy=patient)

    assert sorted(source for source, _ in outcomes) == [0, 1]
    assert len(outlet.asked) == 2


def test_what_the_taker_raises_ends_the_round(outlet, readers):
    outlet.says |= {"/feed": feed("a"), "/silent": silent}
    fetcher = Fetcher("post@review.example", limits=Limits(seconds=3_600), allowed=frozenset({outlet.door}))

    def take(source, outcome):
        raise ZeroDivisionError(source)

    with pytest.raises(ZeroDivisionError, match="1"):
        poll([Due(2, outlet.at("/silent")), Due(1, outlet.at("/feed"))], take=take, fetcher=fetcher, readers=readers, at=AT)


def test_only_so_many_outcomes_wait_for_a_slow_taker(readers):
    """Three wait, two more hold the places: while nobody takes the first, nobody else is asked."""
    with ExitStack() as servers:
        outlets = [servers.enter_context(on_loopback()) for _ in range(30)]
        sixth, asked = threading.Event(), []

        def say():
            asked.append(1)
            if len(asked) == 6:
                sixth.set()
            return feed("a")

        for outlet in outlets:
            outlet.says["/feed"] = say
        fetcher = Fetcher("post@review.example", allowed=frozenset(outlet.door for outlet in outlets))
        taken = []

        def take(source, outcome):
            taken.append(source)
            if len(taken) == 1:
                assert not sixth.wait(0.5)

        due = [Due(number, outlet.at("/feed")) for number, outlet in enumerate(outlets)]
        courtesy = Courtesy(at_once=2, gap=0.0, waiting=3)
        poll(due, take=take, fetcher=fetcher, readers=readers, at=AT, courtesy=courtesy)

    assert sorted(taken) == list(range(30))


def test_a_body_that_takes_too_long_to_read_fails_and_the_next_is_read(outlet):
    outlet.says |= {"/long": answer("<rss>" + "<item><title>a</title><b/></item>" * 50_000), "/feed": feed("a")}
    fetcher = Fetcher("post@review.example", allowed=frozenset({outlet.door}))
    outcomes = {}
    with Readers(processes=1, seconds=0.05) as hurried:
        poll(
            [Due(1, outlet.at("/long")), Due(2, outlet.at("/feed"))],
            take=outcomes.__setitem__,
            fetcher=fetcher,
            readers=hurried,
            at=AT,
            courtesy=NO_GAP,
        )

    assert outcomes[1].sentence.startswith("Reading it takes longer than any feed should.")
    assert isinstance(outcomes[2], Came)


def test_a_large_body_that_takes_long_to_read_holds_up_no_ordinary_one(outlet):
    """Although there is one process for these, and it came first."""
    tables = "<rss>" + f"<item><description>{'&lt;table>&lt;b>' * 500}</description></item>" * 500 + "</rss>"
    outlet.says |= {"/large": answer(tables)} | {f"/{number}": feed(f"{number}") for number in range(1, 6)}
    fetcher, taken = Fetcher("post@review.example", allowed=frozenset({outlet.door})), []
    due = [Due(0, outlet.at("/large")), *(Due(number, outlet.at(f"/{number}")) for number in range(1, 6))]
    with Readers(processes=1) as readers:
        poll(due, take=lambda source, _: taken.append(source), fetcher=fetcher, readers=readers, at=AT, courtesy=NO_GAP)

    assert len(tables) > LARGE
    assert taken == [1, 2, 3, 4, 5, 0]


def test_a_list_with_nonsense_in_it_is_polled_for_what_is_none(outlet, polled):
    outlet.says |= {"/feed": feed("a"), "/endless": lambda: endless(b"x" * 9_999, head=b"HTTP/1.1 200 OK\r\n\r\n")}
    due = [Due(1, "gopher://a.example/"), Due(2, ""), Due(3, outlet.at("/endless")), Due(4, outlet.at("/feed"))]
    outcomes = dict(polled(due, doors=[outlet.door]))

    assert [type(outcomes[source]) for source in (1, 2, 3, 4)] == [Failed, Failed, Failed, Came]
