"""Where the demo's two buttons lead."""

import json
from datetime import datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from broadsheet.access.passes import VisitorPass
from broadsheet.config.demo.entering import keep_time
from broadsheet.config.demo.passing import pass_time
from broadsheet.config.demo.timetable import mornings, next_month, next_weekday
from broadsheet.kit import clock
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership import papers
from broadsheet.newsroom.models import Article
from broadsheet.till.client import InProcess
from broadsheet.till.till import Till
from tests import cast, make
from tests.billing.counter import Counter

LONDON = ZoneInfo("Europe/London")
AUCKLAND = ZoneInfo("Pacific/Auckland")


def moment(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-02T05:59", "2026-03-02T06:00"),
        ("2026-03-02T06:00", "2026-03-03T06:00"),
        ("2026-03-06T09:00", "2026-03-09T06:00"),
        ("2026-03-07T03:00", "2026-03-09T06:00"),
        ("2026-03-08T23:59", "2026-03-09T06:00"),
    ],
)
def test_the_next_weekday_is_the_next_morning_that_has_not_been(now, then):
    assert next_weekday(moment(now), zone=LONDON) == moment(then)


def test_a_morning_stays_at_six_over_a_change_of_the_clocks():
    assert next_weekday(moment("2026-03-27T12:00"), zone=LONDON).isoformat() == "2026-03-30T06:00:00+01:00"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-01-31T23:59", "2026-02-01T00:01"),
        ("2026-12-01T00:00", "2027-01-01T00:01"),
        ("2028-02-29T12:00", "2028-03-01T00:01"),
    ],
)
def test_the_next_month_is_its_first_minute(now, then):
    assert next_month(moment(now), zone=LONDON) == moment(then)


def test_months_are_the_publications_own():
    new_years_eve_in_london = moment("2026-12-31T12:00")

    assert next_month(new_years_eve_in_london, zone=AUCKLAND) == moment("2027-02-01T00:01", AUCKLAND)


def test_on_the_way_lies_each_morning_at_eight():
    way = list(mornings(moment("2026-03-27T10:00"), moment("2026-03-30T06:00"), zone=LONDON))

    assert way == [moment("2026-03-28T08:00"), moment("2026-03-29T08:00")]


@pytest.mark.django_db
def test_each_day_s_mail_is_written_on_its_day(at, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("BROADSHEET_CLOCK_FILE", str(tmp_path / "clock"))
    settings.STRIPE_SECRET_KEY = "sk_test_of_the_counter"
    with time_machine.travel(at, tick=False):
        clock.has_moved()
        counter = Counter(at=at)
        counter.till = Till(":memory:", clock=clock.timestamp, public_url="http://till.example")
        settings.STRIPE_HTTP_CLIENT = InProcess(counter.till)
        counter.subscribe(cast.fay(at), counter.price())

        pass_time(next_month(next_month(at, zone=LONDON), zone=LONDON), zone=LONDON, till=counter.till)
        written = [(mail.kind, f"{mail.posted_at:%m-%d}") for mail in Dispatch.objects.order_by("posted_at", "pk")]
    monkeypatch.delenv("BROADSHEET_CLOCK_FILE")
    clock.has_moved()

    assert written == [("charge", "03-02"), ("renewal", "03-31"), ("charge", "04-03"), ("renewal", "04-30")]


@pytest.mark.django_db
def test_what_is_published_after_the_clock_was_moved_came_out_then(at, tmp_path, monkeypatch):
    """Or whoever asked to be told since would hear nothing of it."""
    monkeypatch.setenv("BROADSHEET_CLOCK_FILE", str(tmp_path / "clock"))
    with time_machine.travel(at, tick=False) as machine:
        before = make.published(make.article(headline="Before", live=False))
        clock.move_to(at + timedelta(days=2, minutes=-1))
        machine.shift(timedelta(minutes=1))
        after = make.published(make.article(headline="After", live=False))
        make.published(before, title="Before, corrected")
    monkeypatch.delenv("BROADSHEET_CLOCK_FILE")
    clock.has_moved()

    came_out = dict(Article.objects.values_list("pk", "first_published_at"))
    assert came_out == {before.pk: at, after.pk: at + timedelta(days=2)}


@pytest.mark.django_db
def test_a_reader_s_note_knows_of_the_month_that_the_demo_moved_to(rf, at):
    request, answer = rf.get("/demo/"), HttpResponse()
    request.user = cast.rex(at)
    request.session = cast.log_in(request.user).session

    keep_time(request, answer, at=next_month(at, zone=LONDON))

    assert json.loads(unquote(answer.cookies["reader"].value))["left"] == 3


def test_a_visitor_s_note_goes_with_the_month_that_it_was_of(rf, at):
    request, answer = rf.get("/demo/"), HttpResponse()
    request.user = AnonymousUser()
    for cookie in papers.of_visitor(VisitorPass(1, int(at.timestamp()) + 60), allowance=3, at=at):
        request.COOKIES[cookie.name] = cookie.value

    keep_time(request, answer, at=next_month(at, zone=LONDON))

    assert answer.cookies["reader"]["max-age"] == 0
