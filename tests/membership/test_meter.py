"""The month's allowance: spent once a story, never past its number, however many ask at once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from broadsheet.access.passes import short
from broadsheet.membership import queries
from broadsheet.membership.actions import begin, confirm, engage, open_story
from broadsheet.membership.models import Allowance, MeterRules, Opening
from tests import cast
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def left_of(reader, at):
    reader.refresh_from_db()
    return queries.holding_of(reader, at=at, generation=0).meter.left


def test_opening_a_story_spends_one(at):
    meter = open_story(reader=cast.fay(at), story="a1", at=at)

    assert meter.left == 2
    assert meter.opened == {short("a1")}


def test_the_same_story_again_costs_nothing(at):
    fay = cast.fay(at)

    meters = [open_story(reader=fay, story="a1", at=at) for _ in range(5)]

    assert [meter.left for meter in meters] == [2] * 5


def test_a_fourth_story_does_not_open(at):
    meter = open_story(reader=cast.rex(at), story="a4", at=at)

    assert short("a4") not in meter.opened
    assert meter.left == 0


def test_the_last_second_of_the_month_counts_in_it_and_the_first_of_the_next_does_not(at):
    last_second = datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)  # in London it is a second to midnight
    rex = cast.rex(at)

    assert open_story(reader=rex, story="a4", at=last_second).left == 0
    assert open_story(reader=rex, story="a4", at=last_second + timedelta(seconds=1)).left == 2


def test_a_story_opened_last_month_costs_again(at):
    fay = cast.fay(at)
    open_story(reader=fay, story="a1", at=at - timedelta(days=5))

    assert open_story(reader=fay, story="a1", at=at).left == 2


def test_the_house_rule_sets_the_number(at):
    MeterRules.objects.create(monthly_allowance=1)
    fay = cast.fay(at)

    assert open_story(reader=fay, story="a1", at=at).left == 0


def test_variants_of_an_address_share_an_allowance(at):
    first = engage(address="r.ex+1@gmail.com", at=at)
    second = engage(address="Rex@googlemail.com", at=at)
    for story in ("a1", "a2"):
        open_story(reader=first, story=story, at=at)

    assert first.pk != second.pk
    assert open_story(reader=second, story="a3", at=at).left == 0
    assert short("a1") in open_story(reader=second, story="a4", at=at).opened


def test_dots_elsewhere_than_at_gmail_are_another_person(at):
    engage(address="f.ay@example.org", at=at)
    engage(address="fay@example.org", at=at)

    assert Allowance.objects.count() == 2


def test_a_changed_address_brings_no_fresh_allowance(at):
    rex = cast.rex(at)
    rex.email = "rex.new@example.org"
    rex.save()

    assert left_of(rex, at) == 0


def test_the_first_article_stays_open_uncounted(at):
    una = cast.una(at, story="a9", path="/briefings/x/")

    reader = confirm(una, at=at)

    meter = queries.holding_of(reader, at=at, generation=0).meter
    assert meter.left == 3
    assert meter.opened == {short("a9")}


def test_registering_again_under_a_variant_brings_no_second_free_article(at):
    confirm(cast.una(at, story="a9", path="/briefings/x/"), at=at)
    later = at + timedelta(days=2)
    again = begin(address="una+2@example.org", next_path="/b/", story="a10", network="elsewhere", had_first=False, at=later)

    reader = confirm(again.knock, at=later)

    assert again.opened
    assert short("a10") not in queries.holding_of(reader, at=later, generation=0).meter.opened


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_open_three_stories(at):
    fay, stories = cast.fay(at), [f"a{n}" for n in range(50)]

    meters = at_once([partial(open_story, reader=fay, story=story, at=at) for story in stories])

    assert Opening.objects.count() == 3
    assert sum(short(story) in meter.opened for story, meter in zip(stories, meters, strict=True)) == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_for_one_story_spend_one(at):
    fay = cast.fay(at)

    at_once([partial(open_story, reader=fay, story="a1", at=at)] * 50)

    assert left_of(fay, at) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_network_is_given_its_daily_number_and_no_more_however_many_ask_at_once(at):
    MeterRules.objects.create(first_articles_a_network=5)

    asked = {"next_path": "/b/", "story": "a1", "network": "198.51.100.0/24", "had_first": False, "at": at}
    begun = at_once([partial(begin, address=f"una{n}@example.org", **asked) for n in range(20)])

    assert sum(each.opened for each in begun) == 5
