"""The demo's wire as it is found: a morning that waits to be read, and five Roundups that went out."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from broadsheet.config.demo.foreign_press import outlets, told
from broadsheet.config.demo.roundups import roundups
from broadsheet.config.demo.wire import SAID, lay_out_wire
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.models import Roundup
from broadsheet.wire.models import DayOfLinks, Item, Pick, Source, Story, WireRules
from tests import make

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
KEPT = -30 * 24 * 60  # minutes


@pytest.fixture(autouse=True)
def demo(settings, tmp_path, at):
    settings.STATE = tmp_path
    make.publication(at=at)
    lay_out_places()
    for slug in SAID:
        make.issue(slug.replace("-", " ").capitalize(), slug=slug)
    lay_out_wire(at=at, zone=LONDON)


def test_what_is_out_at_the_first_start_stands_on_the_desk_once(at):
    """But for the few of a monthly that are older than items are kept."""
    out = [item for item in told() if KEPT < item.minutes <= 0 and not outlets()[item.outlet].closed]

    assert Item.objects.count() == len(out) > 180
    assert Source.objects.filter(listened_since__isnull=False).count() == len(outlets())
    assert all(item.sorted_at <= at for item in Item.objects.all())


def test_stories_that_several_tell_stand_first():
    hottest = list(Story.objects.order_by("-heat")[:10])

    assert all(story.outlets_count >= 3 for story in hottest[:6])
    assert len({story.pk for story in Story.objects.filter(outlets_count__gte=3)}) >= 8


def test_what_is_ours_is_chosen_and_issues_are_recognised():
    assert WireRules.load().our_countries.count() == 4
    found = {subject for story in Story.objects.all() for subject in story.subjects if subject.startswith("issue:")}
    assert len(found) >= 5


def test_a_roundup_went_out_on_each_of_five_weekdays_before_the_first(at):
    days = list(DayOfLinks.objects.order_by("day"))

    assert [day.day.weekday() for day in days] == [day.dated(at.date()).weekday() for day in reversed(roundups())]
    assert Roundup.objects.live().count() == len(days) == 5
    assert Counter(Pick.objects.values_list("day__day", flat=True)).most_common()[-1][1] >= 6
    assert Pick.objects.exclude(rivals=None).count() >= 5
    assert all(article.dated_at < at for article in Roundup.objects.all())


def test_a_second_start_changes_nothing(at):
    before = (Item.objects.count(), Pick.objects.count(), Roundup.objects.count(), Source.objects.count())

    lay_out_wire(at=at, zone=LONDON)

    assert (Item.objects.count(), Pick.objects.count(), Roundup.objects.count(), Source.objects.count()) == before
