"""Sources listened to round after round, on servers that really answer, and some that do not."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import DataError, connection

from broadsheet.kit.leasing import take_lease
from broadsheet.wire.actions import listening, tending
from broadsheet.wire.models import Item, Poll, Source, Story
from broadsheet.wire.running import Listening
from tests import outlets
from tests.outlets import answer, feed, packed

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Watch:
    """The worker's clock: it stands until it is moved. `whenever`: done each time that somebody looks at it."""

    def __init__(self, at):
        self.at, self.whenever = at, lambda: None

    def __call__(self):
        self.whenever()
        return self.at


@pytest.fixture
def watch(at):
    return Watch(at)


@pytest.fixture
def vouched(outlet, settings):
    settings.WIRE_VOUCHED_FOR = [outlet.door]
    return outlet


@pytest.fixture
def worker(watch, vouched):
    worker = Listening(holder="worker", clock=watch, jitter=lambda: 0.0)
    yield worker
    worker.end()


@pytest.fixture
def source(vouched, at):
    """Adds one that is due."""
    return lambda path, door="": listening.add(f"http://{door or vouched.door}{path}", name=path, at=at)[0]


def listen(worker, watch, **how):
    return worker.listen(until=watch.at + HOUR, **how)


def titles():
    return sorted(Item.objects.values_list("title", flat=True))


def polls():
    return list(Poll.objects.order_by("pk").values_list("status", "items", "new"))


def test_what_a_feed_has_comes_in_once_however_often_it_is_asked(worker, watch, vouched, source):
    vouched.says["/feed"] = feed("a", "b")
    source("/feed")
    listen(worker, watch)
    vouched.says["/feed"] = feed("b", "c")
    watch.at += DAY

    assert listen(worker, watch) == 1

    assert titles() == ["a", "b", "c"]
    assert polls() == [(200, 2, 2), (200, 2, 1)]


def test_a_server_is_told_what_it_said_and_taken_at_its_word_that_nothing_is_new(worker, watch, vouched, source):
    vouched.says["/feed"] = feed("a", etag='"7"')
    source("/feed")
    listen(worker, watch)
    vouched.says["/feed"] = answer(status=304)
    watch.at += DAY
    listen(worker, watch)

    assert vouched.asked[-1].headers["if-none-match"] == '"7"'
    assert polls() == [(200, 1, 1), (304, 0, 0)]
    assert Source.objects.get().answered_at == watch.at


def test_who_is_not_due_is_left_alone(worker, watch, vouched, source):
    vouched.says["/feed"] = feed("a")
    source("/feed")

    assert [listen(worker, watch), listen(worker, watch)] == [1, 0]
    assert len(vouched.asked) == 1


def test_dead_slow_and_hostile_ones_keep_no_other_from_being_taken(worker, watch, vouched, source, settings):
    """The slow one answers only once all others were taken: whoever waited for it would not be."""
    with outlets.on_loopback() as gone:
        dead = gone.door
    taken, others_are_taken = [], Event()

    def slow():
        if others_are_taken.wait(10):
            yield from feed("late")

    def count():
        taken.append(1)
        if len(taken) == 5:
            others_are_taken.set()
        return 0.0

    with outlets.on_loopback() as far_off:
        settings.WIRE_VOUCHED_FOR = [vouched.door, far_off.door, dead]
        far_off.says["/slow"] = slow
        vouched.says |= {"/bomb": packed(b"<rss>" + b" " * 9_000_000), "/page": answer("<html></html>")}
        vouched.says |= {"/a": feed("a"), "/b": feed("b")}
        made = [source("/slow", far_off.door), source("/dead", dead), *map(source, ("/bomb", "/page", "/a", "/b"))]
        worker.jitter = count
        listen(worker, watch)

    assert titles() == ["a", "b", "late"]
    assert Poll.objects.order_by("pk").last().source == made[0]
    assert set(Source.objects.filter(failures=1).values_list("name", flat=True)) == {"/dead", "/bomb", "/page"}


def test_while_another_worker_listens_this_one_takes_nothing(worker, watch, vouched, source):
    vouched.says["/feed"] = feed("a")
    source("/feed")
    take_lease("wire", holder="another", lasts=HOUR, at=datetime.now(UTC))

    assert listen(worker, watch) == 0
    assert (vouched.asked, titles()) == ([], [])


def test_what_it_held_is_free_for_another_once_it_ends(worker, watch, vouched, source):
    vouched.says["/feed"] = feed("a")
    source("/feed")
    listen(worker, watch)
    assert not take_lease("wire", holder="another", lasts=HOUR, at=datetime.now(UTC))

    worker.end()

    assert take_lease("wire", holder="another", lasts=HOUR, at=datetime.now(UTC))


def test_told_to_stop_it_ends_after_its_round(worker, watch, vouched, source):
    vouched.says["/feed"] = feed("a")
    source("/feed")

    def a_day_later():
        watch.at += DAY
        return 0.0

    worker.jitter = a_day_later
    worker.listen(until=watch.at + 9 * DAY, stopping=lambda: len(vouched.asked) >= 2)

    assert len(vouched.asked) == 2


def test_after_its_time_it_begins_no_round(worker, watch, vouched, source):
    source("/feed")

    assert worker.listen(until=watch.at) == 0
    assert vouched.asked == []


@pytest.mark.parametrize(
    "end", [lambda source: listening.stop([source.pk]), lambda source: source.delete()], ids=["stopped", "deleted"]
)
def test_one_that_is_ended_while_it_is_asked_brings_nothing(worker, watch, vouched, source, end):
    vouched.says["/feed"] = feed("a")
    ended = source("/feed")
    watch.whenever = lambda: end(ended) if vouched.asked and ended.pk else None
    listen(worker, watch)

    assert len(vouched.asked) == 1
    assert (titles(), polls()) == ([], [])


def test_a_story_that_went_with_its_source_is_begun_anew_when_another_tells_it(worker, watch, vouched, source):
    """The worker still remembers the story; nobody has told it that an editor has removed the source."""
    said = "Dam of Gilgel fails after a week of rain"
    vouched.says |= {"/a": feed(said), "/b": answer(status=404)}
    first, second = source("/a"), source("/b")
    listen(worker, watch)
    tending.remove(first, at=watch.at)
    vouched.says["/b"] = answer(
        f'<rss version="2.0"><channel><item><title>{said}</title><link>https://d.example/dam</link></item></channel></rss>'
    )
    watch.at += DAY
    listen(worker, watch)

    assert list(Item.objects.values_list("title", "source")) == [(said, second.pk)]
    assert Story.objects.get().items_count == 1


def test_what_one_source_brought_and_could_not_be_kept_keeps_no_other_from_being_heard(worker, watch, vouched, source):
    """Such as where the database refuses it."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "poison" in str(params):
            raise DataError("no such thing can be kept")
        return execute(sql, params, many, context)

    for number in range(5):
        vouched.says[f"/{number}"] = feed("poison" if number == 2 else f"good {number}")
        source(f"/{number}")
    with connection.execute_wrapper(refuse):
        listen(worker, watch)

    assert titles() == [f"good {number}" for number in (0, 1, 3, 4)]
    bad = Source.objects.get(name="/2")
    assert "could not be kept" in bad.trouble
    assert bad.next_at > watch.at


def test_who_comes_due_while_a_slow_one_is_asked_does_not_wait_for_it(worker, watch, vouched, source):
    """The slow one answers only once the other was taken."""
    slow_is_asked, other_is_taken = Event(), Event()

    def slow():
        slow_is_asked.set()
        if other_is_taken.wait(10):
            yield from feed("late")

    def look():
        if slow_is_asked.is_set() and not Item.objects.exists():
            Source.objects.filter(name="/other").update(next_at=watch.at)
        elif Item.objects.exists():
            other_is_taken.set()

    vouched.says |= {"/slow": slow, "/other": feed("early")}
    source("/slow")
    Source.objects.filter(pk=source("/other").pk).update(next_at=watch.at + DAY)
    watch.whenever = look
    listen(worker, watch)

    assert titles() == ["early", "late"]
