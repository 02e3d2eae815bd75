"""No provider gets more than it likes, and nobody is forgotten for it."""

from collections import Counter
from datetime import UTC, timedelta

import pytest

from broadsheet.mailroom import pacing
from broadsheet.mailroom.models import PaceRules, Road
from broadsheet.mailroom.roads import Roads
from broadsheet.mailroom.smtp_lane import Fate, NoServer, Outcome, Step
from broadsheet.membership.models import Reader
from broadsheet.newsletters.holding import OVERTAKEN
from broadsheet.newsletters.models import Delivery, Edition
from tests.newsletters.test_delivering import TAKEN, Office, Postman, Slow

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
THROTTLED = Outcome(Fate.LATER, Step.RECIPIENT, 421, "4.7.0 deferred")


@pytest.fixture
def office(daily, at, printed, tmp_path):
    return Office(daily, at, printed, tmp_path)


def listed(office, **domains):
    """So many readers at each; `gmail` is gmail.com."""
    names = [f"{name}-{n}@{name}.com" for name, count in domains.items() for n in range(count)]
    office.sign_up(*[Reader.objects.create(email=name, joined_at=office.at) for name in names])
    office.begin()


def roads(**rules):
    return Roads(PaceRules(**rules), zone=UTC)


def sent(postman):
    return Counter(to.rpartition("@")[2] for to, _ in postman.bag)


def test_a_provider_gets_no_more_than_its_rate_and_the_others_do_not_wait_for_it(office):
    listed(office, gmail=30, elsewhere=3)
    postman = Postman()

    office.deliver(postman, roads=roads(a_minute=600, others="gmail.com 60"))

    assert sent(postman) == {"gmail.com": 11, "elsewhere.com": 3}
    held = Delivery.objects.filter(sent_at=None)
    assert {(row.claim, row.tries) for row in held} == {("", 0)}
    assert {row.due_at for row in held} == {office.at + SECOND}
    office.at += 10 * SECOND
    office.deliver(postman, roads=roads(a_minute=600, others="gmail.com 60"))
    assert sent(postman)["gmail.com"] == 21


def test_what_a_slow_sender_did_not_come_to_holds_up_nothing_on_its_road(office):
    listed(office, gmail=30)
    slow = Slow(office, takes=6 * SECOND)

    office.deliver(slow, roads=roads(a_minute=60), seconds=12)

    assert sent(slow) == {"gmail.com": 2}
    assert Road.objects.get().taken_until <= office.at
    assert Road.objects.get().sent_on_day == 2


def test_two_senders_share_a_road(office):
    listed(office, gmail=30)
    first, second = Postman(), Postman()

    office.deliver(first, roads=roads(a_minute=60))
    Delivery.objects.update(due_at=office.at)
    office.deliver(second, holder="two", roads=roads(a_minute=60))

    assert (len(first.bag), len(second.bag)) == (11, 0)


def test_what_is_held_is_put_off_in_lumps_as_it_will_fit(office):
    listed(office, gmail=180)

    office.deliver(Postman(), roads=roads(a_minute=60))

    moments = Counter(Delivery.objects.filter(sent_at=None).values_list("due_at", flat=True))
    assert moments == {
        office.at + SECOND: 50,
        office.at + 51 * SECOND: 50,
        office.at + 101 * SECOND: 50,
        office.at + 151 * SECOND: 19,
    }


def test_one_that_says_later_is_left_in_peace_for_longer_each_time(office):
    listed(office, gmail=5, elsewhere=2)
    postman = Postman(THROTTLED, TAKEN)

    office.deliver(postman, roads=roads())

    assert sent(postman) == {"elsewhere.com": 2}
    assert sorted(Delivery.objects.filter(sent_at=None).values_list("tries", flat=True)) == [0, 0, 0, 0, 1]
    again = Postman(THROTTLED)
    office.at += pacing.RESTS[0]
    office.deliver(again, roads=roads())
    assert Road.objects.get(pk="gmail.com").closed_until == office.at + pacing.RESTS[1]


def test_it_opens_again_once_it_takes_something(office):
    listed(office, gmail=3)
    office.deliver(Postman(THROTTLED), roads=roads())
    office.at += pacing.RESTS[0]

    assert office.deliver(Postman(), roads=roads()) == 2
    assert Road.objects.get(pk="gmail.com").rests == 0


def test_a_full_mailbox_holds_nobody_else_up(office):
    listed(office, gmail=3)
    full = Outcome(Fate.LATER, Step.RECIPIENT, 452, "4.2.2 over quota")

    assert office.deliver(Postman(full, TAKEN), roads=roads()) == 2


def test_a_new_server_sends_little_on_its_first_days(office, monkeypatch):
    monkeypatch.setattr(pacing, "WARM_UP", (4, 8))
    monkeypatch.setattr(pacing.left_today, "__defaults__", ((4, 8),))
    listed(office, gmail=6, elsewhere=2)
    first_day, postman = {"warm_up_from": office.at.date()}, Postman()

    office.deliver(postman, roads=roads(**first_day))
    assert sent(postman) == {"gmail.com": 4, "elsewhere.com": 2}
    assert set(Delivery.objects.filter(sent_at=None).values_list("due_at", "tries")) == {(office.at + DAY, 0)}

    office.at += DAY
    office.deliver(postman, roads=roads(**first_day))
    assert sent(postman)["gmail.com"] == 6


def test_what_a_newer_edition_overtakes_on_those_days_is_passed_over(office, monkeypatch):
    monkeypatch.setattr(pacing.left_today, "__defaults__", ((4, 8),))
    listed(office, gmail=6)
    Edition.objects.create(
        newsletter=office.newsletter,
        goes_on=office.at.date() + 7 * DAY,
        due_at=office.at,
        opened_at=office.at,
        begun_at=office.at,
    )

    office.deliver(Postman(), roads=roads(warm_up_from=office.at.date()))

    assert list(Delivery.objects.filter(passed_over_at=office.at).values_list("trouble", flat=True)) == [OVERTAKEN] * 2
    office.edition.refresh_from_db()
    assert office.edition.done_at


def test_where_no_server_answers_the_day_is_not_used_up(office):
    listed(office, gmail=3)

    office.deliver(Postman(TAKEN, NoServer("away")), roads=roads(warm_up_from=office.at.date()))

    assert Road.objects.get(pk="gmail.com").sent_on_day == 1
