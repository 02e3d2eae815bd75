"""What the head of an article's page says."""

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from broadsheet.access.terms import Audience
from broadsheet.newsroom.galley import Galley, Link, Person
from broadsheet.newsroom.metadata import House, description, page_of, shortened

HOUSE = House("The Test Review", "https://review.example", ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def galley(at):
    return Galley(
        id=1,
        story="a1",
        path="/briefings/dam/",
        kind="briefing",
        label="Briefing",
        headline='A "Dam" </script>',
        standfirst="",
        audience=Audience.METERED,
        dated_at=at.replace(hour=20),
        changed_at=at,
        minutes=3,
        words=700,
        free="<h2>Head</h2><p>Free &amp; easy.</p>",
        rest="<p>Paid.</p>",
        bylines=(Person("Amara Osei", "/contributors/amara-osei/"),),
        countries=(Link("Egypt", "/countries/egypt/"),),
    )


def test_paid_text_is_declared_and_never_told(galley):
    page = page_of(galley, HOUSE)
    told = json.loads(page.json_ld)

    assert told["isAccessibleForFree"] is False
    assert told["hasPart"]["cssSelector"] == ".beyond"
    assert "Paid." not in repr(page)
    assert "</script>" not in page.json_ld


def test_an_open_article_declares_no_wall(galley):
    told = json.loads(page_of(replace(galley, audience=Audience.OPEN), HOUSE).json_ld)

    assert told["isAccessibleForFree"] is True
    assert "hasPart" not in told


def test_without_a_standfirst_the_free_part_describes_it(galley):
    assert description(galley) == "Free & easy."
    assert description(replace(galley, standfirst="Why it holds.")) == "Why it holds."


def test_reference_managers_find_author_and_day_in_the_publications_zone(galley):
    tags = dict(page_of(galley, HOUSE).citation)

    assert tags["citation_author"] == "Amara Osei"
    assert tags["citation_publication_date"] == "2026/03/03"
    assert tags["citation_public_url"] == "https://review.example/briefings/dam/"


def test_a_long_text_is_cut_between_words():
    assert shortened("one two, three four", most=12) == "one two…"
