"""Which pages a change touches, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.access.terms import Audience
from broadsheet.newsroom.galley import Galley, Link, Person
from broadsheet.press import policy
from broadsheet.press.policy import Stand, move_of, touched

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
GALLEY = Galley(
    id=7,
    story="a7",
    path="/briefings/sahel/",
    kind="briefing",
    label="Briefing",
    headline="Sahel",
    standfirst="Why.",
    audience=Audience.METERED,
    dated_at=AT,
    changed_at=AT,
    minutes=3,
    words=700,
    free="<p>Free.</p>",
    rest="<p>Rest.</p>",
    bylines=(Person("Ada Moor", "/contributors/ada-moor/"),),
    countries=(Link("Mali", "/countries/mali/"),),
    regions=(Link("Africa", "/regions/africa/"),),
)
STAND = Stand(frozenset({"latest"}), AT, "2026-03", "teaser", "cut")


def stand(galley: Galley) -> Stand:
    return policy.stand_of(galley, zone=LONDON)


def test_an_article_stands_on_the_list_of_its_type_of_each_axis_and_of_the_latest():
    assert stand(GALLEY).lists == {"briefings", "latest", "contributors/ada-moor", "countries/mali", "regions/africa"}


def test_an_edition_is_not_among_the_latest():
    assert stand(replace(GALLEY, kind="edition", path="/editions/daily/")).lists >= {"editions"}
    assert "latest" not in stand(replace(GALLEY, kind="edition", path="/editions/daily/")).lists


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 3, 31, 22, 59, tzinfo=UTC), "2026-03"),
        (datetime(2026, 3, 31, 23, 0, tzinfo=UTC), "2026-04"),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), "2026-01"),
    ],
)
def test_months_are_those_of_the_publications_zone(moment, month):
    assert policy.month_of(moment, zone=LONDON) == month


@pytest.mark.parametrize(
    ("total", "begins"),
    [(0, 0), (5, 0), (20, 0), (21, 0), (39, 0), (40, 20), (41, 20), (59, 20), (60, 40)],
)
def test_the_head_shows_one_to_two_pages_and_begins_where_a_page_does(total, begins):
    assert policy.head_begins(total, length=20) == begins


def test_a_new_article_touches_the_head_the_last_page_its_month_the_archive_and_the_feed():
    move = move_of("latest", was=None, now=45, others=45, months=False)

    assert touched(7, before=None, after=STAND, moves=[move], length=20) == {
        *("list:latest:head", "list:latest:p3", "list:latest:2026-03", "list:latest:archive", "list:latest:feed"),
        *("article:7", "cut:7", "front", "news", "sitemap", "sitemap:2026-03"),
    }


def test_a_new_article_of_an_axis_touches_its_index_too():
    move = move_of("countries/mali", was=None, now=3, others=3, months=False)

    assert "index:countries" in touched(7, before=None, after=STAND, moves=[move], length=20)


def test_when_a_page_fills_the_one_below_the_head_links_up_elsewhere():
    move = move_of("latest", was=None, now=59, others=59, months=False)

    keys = touched(7, before=None, after=STAND, moves=[move], length=20)

    assert {key for key in keys if key.startswith("list:latest:p")} == {"list:latest:p1", "list:latest:p2", "list:latest:p3"}


def test_the_first_article_of_a_month_touches_the_months_beside_it():
    move = move_of("latest", was=None, now=45, others=45, months=True)

    assert "list:latest:months" in touched(7, before=None, after=STAND, moves=[move], length=20)


def test_taking_an_old_article_away_shifts_all_pages_after_it_but_not_the_feed():
    move = move_of("latest", was=25, now=None, others=99, months=False)

    keys = touched(7, before=STAND, after=None, moves=[move], length=20)

    assert {key for key in keys if key.startswith("list:latest:p")} >= {f"list:latest:p{page}" for page in (2, 3, 4, 5)}
    assert "list:latest:p1" not in keys
    assert "list:latest:feed" not in keys


def test_dating_an_article_anew_shifts_only_the_pages_between():
    move = move_of("latest", was=21, now=45, others=99, months=False)

    keys = touched(7, before=STAND, after=STAND, moves=[move], length=20)

    assert {key for key in keys if key.startswith("list:latest:p")} == {"list:latest:p2", "list:latest:p3"}


def test_a_change_that_shifts_very_many_pages_touches_the_list_as_one():
    move = move_of("latest", was=0, now=None, others=15_000, months=False)

    keys = touched(7, before=STAND, after=None, moves=[move], length=20)

    assert "list:latest" in keys
    assert len(keys) < 20


def test_a_change_beyond_the_cut_touches_nothing_that_lists_it():
    before, after = stand(GALLEY), stand(replace(GALLEY, rest="<p>Other.</p>"))

    assert touched(7, before=before, after=after, length=20) == {"sitemap", "sitemap:2026-03"}


def test_a_change_before_the_cut_touches_the_feeds():
    before, after = stand(GALLEY), stand(replace(GALLEY, free="<p>Other.</p>"))

    assert touched(7, before=before, after=after, length=20) == {"cut:7", "sitemap", "sitemap:2026-03"}


@pytest.mark.parametrize("change", [{"headline": "Other"}, {"standfirst": "Other."}, {"audience": Audience.MEMBERS}])
def test_what_a_teaser_says_touches_wherever_it_stands(change):
    keys = touched(7, before=stand(GALLEY), after=stand(replace(GALLEY, **change)), length=20)

    assert "article:7" in keys


def test_many_at_once_touch_whole_lists():
    earlier = replace(STAND, dated_at=AT - timedelta(days=40), month="2026-01")

    keys = policy.touched_by_many({7: (None, STAND), 8: (earlier, earlier)})

    assert keys == {"article:7", "cut:7", "front", "news", "list:latest", "sitemap", "sitemap:2026-01", "sitemap:2026-03"}


def test_an_axis_value_that_is_renamed_stands_on_its_index():
    assert policy.indexes_naming({"country:7", "front", "article:9"}) == {"index:countries"}
