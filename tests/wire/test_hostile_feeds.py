"""What hostile outlets try, in one table each: to lead us inwards, to fill our memory, to take our time.

Ceilings are bytes and entries; times are the fetcher's own deadlines, which are handed in and told, and no clock is read here.
"""

import asyncio
import gzip
import threading
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import active_children

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.wire.fetched import CouldNotFetch, Kind, Limits
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.outcomes import Came, Due, Failed
from broadsheet.wire.polling import poll
from broadsheet.wire.readers import TOO_MUCH, Readers
from broadsheet.wire.reading.bounds import MOST_BYTES, MOST_ITEMS
from tests.outlets import answer, dripping, endless, feed, moved, on_loopback, packed, silent

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LIMITS = Limits(seconds=10, name_seconds=0.2, door_seconds=1, head=20_000, packed=200_000, unpacked=200_000, pieces=2_000)
MEGA, GIGA = 1_000_000, 1_000_000_000
BUFFERED = 8 * MEGA  # what two ends of a connection hold between them
MEMORY = 4 * MEGA
READING = 256 * MEGA  # bytes of addresses that a reading process may have, itself among them


def nowhere(host, port):
    raise AssertionError(f"{host} was resolved")


def fetched(address, *, limits=LIMITS, resolve=nowhere, allowed=()):
    return asyncio.run(Fetcher("post@review.example", limits=limits, allowed=frozenset(allowed), resolve=resolve).fetch(address))


def trouble_with(address, **about):
    with pytest.raises(CouldNotFetch) as told:
        fetched(address, **about)
    return told.value


# Inwards


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hosts",
        "gopher://127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1:22/",
        "http://[::1]:6379/",
        "http://a b/",
    ],
)
def test_an_address_that_is_not_fetched_is_not_even_resolved(address):
    assert trouble_with(address).kind is Kind.REFUSED


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://10.0.0.1:8080/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0/",
        "http://localhost/",
        "http://localhost./",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://①②⑦.⓪.⓪.①/",
    ],
)
def test_however_an_address_within_is_spelt_it_is_refused(address):
    """By the system's own resolver, which knows every spelling that connecting would know."""
    assert trouble_with(address, resolve=Fetcher("").resolve).kind is Kind.REFUSED


@pytest.mark.parametrize("machines", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::1", "1.1.1.1"], ["fe80::1%eth0"], ["nonsense"]])
def test_a_name_that_leads_within_is_refused(machines):
    assert trouble_with("http://courier.example/", resolve=lambda *_: machines).kind is Kind.REFUSED


def test_a_name_that_leads_within_a_moment_later_is_connected_to_where_it_led(outlet):
    """What is judged is what is connected to: a second question would have been answered otherwise, and is not asked."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    outlet.says["/feed"] = feed("a")
    door = f"courier.example:{outlet.port}"
    told = fetched(f"http://{door}/feed", resolve=lambda *_: answers.pop(0), allowed=[door])

    assert (told.status, len(answers)) == (200, 1)


@pytest.mark.parametrize(
    "within",
    [
        "http://10.0.0.1/",
        "http://localhost:{port}/feed",
        "http://courier.example:22/",
        "file:///etc/hosts",
        "//169.254.169.254/",
        "http://[::1]/",
        "data:text/xml,<rss/>",
        "http://user:pass@courier.example/",
    ],
)
def test_a_redirect_within_is_refused(outlet, within):
    """Also from an address that is vouched for, and however near its end."""
    outlet.says |= {"/feed": moved("/then"), "/then": moved(within.format(port=outlet.port)), "/secret": feed("a")}
    door = f"courier.example:{outlet.port}"

    def resolve(host, port):
        return {"courier.example": ["127.0.0.1"], "localhost": ["127.0.0.1"]}.get(host, [host])

    assert trouble_with(f"http://{door}/feed", resolve=resolve, allowed=[door]).kind is Kind.REFUSED
    assert [asked.path for asked in outlet.asked] == ["/feed", "/then"]


def test_vouching_for_where_it_began_vouches_for_nothing_that_it_redirects_to(outlet):
    """Here it is a name on a usual port, which leads within."""
    door = f"courier.example:{outlet.port}"
    outlet.says["/feed"] = moved("http://stranger.example/")
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    assert trouble_with(f"http://{door}/feed", resolve=resolve, allowed=[door]).kind is Kind.REFUSED
    assert asked == ["courier.example", "stranger.example"]


@pytest.mark.parametrize(
    ("says", "sentence", "questions"),
    [
        ({"/0": moved("/0")}, "Its redirects lead in a circle.", 1),
        ({"/0": moved("/1"), "/1": moved("/0", status=307)}, "Its redirects lead in a circle.", 2),
        ({f"/{n}": moved(f"/{n + 1}", status=302) for n in range(50)}, "It redirects more than 5 times.", 6),
    ],
)
def test_redirects_end(outlet, says, sentence, questions):
    outlet.says |= says

    assert trouble_with(outlet.at("/0"), resolve=lambda *_: ["127.0.0.1"], allowed=[outlet.door]).sentence == sentence
    assert len(outlet.asked) == questions


# Without end


def chunked(piece):
    return endless(
        f"{len(piece):x}\r\n".encode() + piece + b"\r\n", head=b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    )


OK = b"HTTP/1.1 200 OK\r\n"
LONG_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\0"  # the head of a file in gzip, whose name comes next and may be of any length
BOMBS = {
    "gzip": lambda: gzip.compress(bytes(50 * MEGA)),
    "deflate": lambda: zlib.compress(bytes(50 * MEGA)),
    "br": lambda: brotli.compress(bytes(500 * MEGA), quality=1),
}
ENDLESS = {
    "a body of a gigabyte, as it says": (
        lambda: endless(b"x" * 9_999, head=OK + f"content-length: {GIGA}\r\n\r\n".encode()),
        Kind.LARGE,
    ),
    "a body of a gigabyte that says nothing": (lambda: endless(b"x" * 9_999, head=OK + b"\r\n"), Kind.LARGE),
    "a body of a gigabyte in chunks": (lambda: chunked(b"x" * 9_999), Kind.LARGE),
    "tiny chunks": (lambda: chunked(b"x"), Kind.LARGE),
    "one header": (lambda: endless(b"x" * 999, head=OK + b"a: "), Kind.LARGE),
    "headers": (lambda: endless(b"a: b\r\n" * 99, head=OK), Kind.LARGE),
    "continuations of a header": (lambda: endless(b" a\r\n" * 99, head=OK + b"a: b\r\n"), Kind.LARGE),
    "answers before the answer": (lambda: endless(b"HTTP/1.1 103 Hint\r\n\r\n"), Kind.LARGE),
    "a first line": (lambda: endless(b"x" * 999, head=b"HTTP/1.1 200 "), Kind.LARGE),
    "trailers": (lambda: endless(b"a: b\r\n" * 99, head=OK + b"transfer-encoding: chunked\r\n\r\n0\r\n"), Kind.BROKEN),
    "the length of a chunk": (lambda: endless(b"0" * 99, head=OK + b"transfer-encoding: chunked\r\n\r\n"), Kind.BROKEN),
    "nothing": (silent, Kind.SLOW),
    "a body drop by drop": (dripping, Kind.SLOW),
    "headers drop by drop": (lambda: dripping(b"a: b\r\n", head=OK), Kind.SLOW),
    "chunks drop by drop": (lambda: dripping(b"1\r\nx\r\n", head=OK + b"transfer-encoding: chunked\r\n\r\n"), Kind.SLOW),
    "redirects drop by drop": (lambda: dripping(b"a: b\r\n", head=b"HTTP/1.1 301 Moved\r\nlocation: /\r\n"), Kind.SLOW),
    "a packed body drop by drop": (lambda: dripping(head=OK + b"content-encoding: gzip\r\n\r\n" + LONG_NAME), Kind.SLOW),
}


HEADS = st.sampled_from(
    [
        "content-length",
        "content-encoding: gzip",
        "content-encoding: deflate",
        "content-encoding: br",
        "transfer-encoding: chunked",
        "location: http://[",
        "retry-after",
        "date",
        "cache-control: max-age=",
        "a",
    ]
)


@pytest.fixture(scope="module")
def babbler():
    with on_loopback() as outlet:
        yield outlet


@given(
    first=st.one_of(st.binary(max_size=20), st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1 301 Moved", b"HTTP/1.0 503 Busy"])),
    heads=st.lists(st.tuples(HEADS, st.one_of(st.integers(-1, 99).map(str), st.text(max_size=20))), max_size=4),
    body=st.binary(max_size=60),
)
@settings(deadline=None, max_examples=200)
def test_whatever_a_server_says_is_an_answer_or_a_sentence(babbler, first, heads, body):
    said = "".join(f"{name}{'' if ':' in name else ': '}{value}\r\n" for name, value in heads)
    babbler.says["/feed"] = [first + b"\r\n" + said.encode("utf-8", "replace") + b"\r\n" + body]
    try:
        answer = fetched(babbler.at("/feed"), resolve=lambda *_: ["127.0.0.1"], allowed=[babbler.door])
    except CouldNotFetch as trouble:
        outcome = trouble.sentence
    else:
        outcome = f"{answer.status}."

    assert outcome.endswith(".")


def measured(work):
    """What it comes to, and the most bytes of memory on the way."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("says", "kind"), ENDLESS.values(), ids=list(ENDLESS))
def test_what_never_ends_is_given_up_early(outlet, says, kind):
    outlet.says["/feed"] = says
    limits = replace(LIMITS, seconds=0.5) if kind is Kind.SLOW else LIMITS
    work = partial(trouble_with, outlet.at("/feed"), limits=limits, resolve=lambda *_: ["127.0.0.1"], allowed=[outlet.door])
    trouble, memory = measured(work)

    assert trouble.kind is kind
    assert outlet.sent < LIMITS.packed + BUFFERED
    assert memory < MEMORY


def test_tiny_chunks_are_counted_before_they_add_up(outlet):
    """Each costs us as much as a long one."""
    outlet.says["/feed"] = lambda: chunked(b"x")
    few = replace(LIMITS, pieces=100)
    trouble = trouble_with(outlet.at("/feed"), limits=few, resolve=lambda *_: ["127.0.0.1"], allowed=[outlet.door])

    assert trouble.sentence == "It comes in too many pieces, each of them tiny."


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_is_not_unpacked(outlet, coding):
    packed = BOMBS[coding]()
    outlet.says["/feed"] = answer(packed, content_encoding=coding)
    work = partial(trouble_with, outlet.at("/feed"), resolve=lambda *_: ["127.0.0.1"], allowed=[outlet.door])
    trouble, memory = measured(work)

    assert len(packed) < LIMITS.packed
    assert trouble.kind is Kind.LARGE
    assert memory < MEMORY


def test_a_name_that_nobody_resolves_is_given_up():
    """The thread that hangs is left behind; nothing waits for it."""
    told = threading.Event()

    def resolve(host, port):
        told.wait()
        return ["127.0.0.1"]

    try:
        trouble = trouble_with("http://courier.example/", resolve=resolve)
    finally:
        told.set()

    assert (trouble.sentence, trouble.kind) == ("Nobody said in time where courier.example is.", Kind.SLOW)


def unknown(host, port):
    raise OSError(host)


@pytest.mark.parametrize("resolve", [lambda *_: [], unknown])
def test_a_name_that_leads_nowhere_is_said_to(resolve):
    assert (
        trouble_with("http://courier.example/", resolve=resolve).sentence == "There is no server by the name of courier.example."
    )


# What a body is made of


def rss(inner, head=""):
    return f'{head}<rss version="2.0"><channel>{inner}</channel></rss>'


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 40))
QUADRATIC = f'<!ENTITY a "{"a" * 100_000}">'
BODIES = {
    "a billion laughs": (rss("<item><title>&a39;</title></item>", f"<!DOCTYPE rss [{LAUGHS}]>"), Failed),
    "a quadratic entity": (rss("<item><title>" + "&a;" * 50_000 + "</title></item>", f"<!DOCTYPE rss [{QUADRATIC}]>"), Failed),
    "a file for an entity": (
        rss("<item><title>Here</title></item>", '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///dev/zero">]>'),
        Came,
    ),
    "elements in each other": (rss("<item><title>a</title>" + "<b>" * 400_000 + "</b>" * 400_000 + "</item>"), Came),
    "elements never closed": (rss("<item><title>a</title>" + "<b>" * 1_000_000), Came),
    "lists in each other": ('{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 4_000_000, Failed),
    "a long number": ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + "9" * 4_000_000 + "}]}", Failed),
    "entries without end": (rss("".join(f"<item><title>{n}</title></item>" for n in range(120_000))), Came),
    "attributes": (rss("<item><b " + " ".join(f'a{n}=""' for n in range(400_000)) + "/></item>"), Came),
    "tables in tables": (rss(f"<item><description>{'&lt;table>&lt;b>' * 500}</description></item>" * 500), Came),
    "one title": (rss(f"<item><title>{'long ' * 900_000}</title></item>"), Came),
    "no text at all": ("\0" * 4_000_000, Failed),
    "a byte too many": (rss("<item/>") + " " * MOST_BYTES, Failed),
}


@pytest.fixture(scope="module")
def confined():
    with Readers(processes=1, memory=READING) as readers:
        yield readers


@pytest.mark.parametrize(("body", "kind"), BODIES.values(), ids=list(BODIES))
def test_a_hostile_body_is_read_within_bounds_or_refused(outlet, confined, body, kind):
    """From the wire to the outcome, in a process that has this much memory and no more; and packed, as it would come."""
    outlet.says["/feed"] = packed(body.encode())
    fetcher = Fetcher("post@review.example", allowed=frozenset({outlet.door}))
    outcomes = {}
    poll([Due(1, outlet.at("/feed"))], take=outcomes.__setitem__, fetcher=fetcher, readers=confined, at=AT)

    assert isinstance(outcomes[1], kind)
    assert kind is Failed or len(outcomes[1].feed.items) <= MOST_ITEMS
    assert kind is Came or TOO_MUCH not in outcomes[1].sentence


def test_a_body_for_which_there_is_no_memory_fails_and_the_next_is_read(outlet):
    outlet.says |= {"/large": answer(rss(f"<item><title>{'long ' * 900_000}</title></item>")), "/feed": feed("a")}
    fetcher = Fetcher("post@review.example", allowed=frozenset({outlet.door}))
    outcomes = {}
    with Readers(processes=1, memory=56 * MEGA) as poor:
        for source, path in enumerate(["/large", "/feed"]):
            poll([Due(source, outlet.at(path))], take=outcomes.__setitem__, fetcher=fetcher, readers=poor, at=AT)

    assert (outcomes[0].sentence, type(outcomes[1])) == (TOO_MUCH, Came)


def test_a_reading_that_dies_fails_and_the_next_is_read(outlet):
    outlet.says |= {"/feed": feed("a"), "/other": feed("b")}
    fetcher = Fetcher("post@review.example", allowed=frozenset({outlet.door}))
    outcomes, before = {}, set(active_children())
    with Readers(processes=1) as readers:
        for source, path in enumerate(["/feed", "/other", "/feed"]):
            poll([Due(source, outlet.at(path))], take=outcomes.__setitem__, fetcher=fetcher, readers=readers, at=AT)
            for child in () if source else set(active_children()) - before:
                child.kill()
                child.join()

    assert [type(outcomes[source]) for source in range(3)] == [Came, Failed, Came]
