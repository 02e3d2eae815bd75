"""An article's page in both cuts: what each says, and what neither may."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from broadsheet.access.terms import WALLS, Audience, Reason
from broadsheet.newsroom.galley import Galley
from tests.design.samples import KINDS, NEAR, full, galley, preview


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_prints_whole_with_a_place_to_continue(kind: str) -> None:
    page = full(galley(kind))

    assert "Paid words." in page
    assert page.count('id="continue"') == 1
    assert 'class="wall' not in page


@pytest.mark.parametrize("kind", KINDS)
def test_no_type_prints_more_than_its_free_part_before_the_wall(kind: str) -> None:
    page = preview(galley(kind))

    assert "Free words." in page
    assert "aid words" not in page
    assert "aid note" not in page
    assert "aid chapter" not in page
    assert "aid point" not in page


@pytest.mark.parametrize("reason", WALLS)
def test_every_wall_shows_ways_on_that_return_to_the_same_place(reason: Reason) -> None:
    wall = preview(galley(), reason).partition('<aside class="wall')[2].partition("</aside>")[0]

    assert 'id="continue"' in wall
    assert "/subscribe/from/?next=/briefings/the-dam/%23continue" in wall
    assert "/join/?next=/briefings/the-dam/%23continue" in wall


def test_the_registering_wall_makes_the_offer_in_one_field() -> None:
    wall = preview(galley(), Reason.REGISTER)

    assert "Register and get the rest of this article at once, as well as three free articles a month" in wall
    assert 'action="/join/"' in wall
    assert 'name="next" value="/briefings/the-dam/#continue"' in wall
    assert wall.count('type="email"') == 1


def test_the_wall_of_a_roundup_speaks_of_its_links_and_its_head_of_no_minutes() -> None:
    page = preview(galley("roundup"), Reason.REGISTER)

    assert "Register and get the rest of these links at once" in page
    assert "min read" not in page
    assert "The rest of these links are for subscribers" in preview(galley("roundup"), Reason.SUBSCRIBE)


@pytest.mark.parametrize(("kind", "said"), [("briefing", True), ("roundup", False)])
def test_in_a_list_too_minutes_are_said_of_what_is_read_here(kind: str, said: bool) -> None:
    teaser = replace(NEAR, kind=kind, minutes=7)

    assert ("7 min" in render_to_string("components/teaser.html", {"teaser": teaser, "size": "", "level": 2})) is said


def test_the_members_wall_never_offers_to_register() -> None:
    wall = preview(galley("report", audience=Audience.MEMBERS), Reason.SUBSCRIBE)

    assert "The rest of this special report is for subscribers" in wall
    assert "Register" not in wall.partition('<aside class="wall')[2].partition("</aside>")[0]


def test_the_confirming_wall_takes_the_code() -> None:
    assert 'autocomplete="one-time-code"' in preview(galley(), Reason.CONFIRM)


def test_the_wall_of_a_browser_that_has_had_its_first_article_promises_nothing_before_the_code() -> None:
    wall = preview(galley(), Reason.RETURN)

    assert "at once" not in wall
    assert "If you are new, it opens this article" in wall
    assert 'action="/join/"' in wall


def test_words_are_escaped_wherever_they_stand() -> None:
    page = full(galley(headline='<b>"Quoted"</b>', standfirst="<script>x</script>"))

    assert "<b>" not in page.partition("<h1")[2].partition("</h1>")[0]
    assert "<script>x" not in page


def test_a_page_asks_no_other_host_for_anything() -> None:
    page = full(galley())

    asked = re.findall(r'(?:src|srcset|action)="([^"]*)"|<link rel="(?:preload|stylesheet|icon)" href="([^"]*)"', page)
    assert asked
    assert all(address.startswith(("/", "data:")) for pair in asked for address in pair if address)


@pytest.mark.parametrize(
    ("audience", "printed", "keeps"),
    [
        (Audience.METERED, full, True),
        (Audience.METERED, preview, False),
        (Audience.OPEN, full, False),
        (Audience.MEMBERS, preview, False),
    ],
)
def test_only_a_metered_article_in_full_is_said_to_stay_open_by_the_code(
    audience: Audience, printed: Callable[[Galley], str], keeps: bool
) -> None:
    assert ("to keep this article open" in printed(galley(audience=audience))) is keeps


def test_nothing_is_styled_in_place() -> None:
    assert " style=" not in full(galley("report"))


def test_an_open_article_has_neither_wall_nor_seam() -> None:
    page = full(galley(audience=Audience.OPEN, rest=""))

    assert 'id="continue"' not in page
    assert 'class="wall' not in page


def test_a_correction_is_dated() -> None:
    assert "Correction, <time" in full(galley())


@pytest.mark.parametrize(
    ("duration", "said"),
    [("24:10", "24 min"), ("4:05", "4 min"), ("1:02:10", "62 min"), ("an hour", "an hour"), ("24:99", "24:99")],
)
def test_an_episode_says_how_long_it_lasts(duration: str, said: str) -> None:
    assert f"<span>{said} episode</span>" in full(galley("podcast", duration=duration))


def test_a_podcast_without_a_recording_says_that_it_is_a_transcript() -> None:
    heard, read = full(galley("podcast", recording="/media/documents/talk.mp3")), full(galley("podcast"))

    assert "<audio" in heard
    assert "There is no recording of this episode" not in heard
    assert "<audio" not in read
    assert "There is no recording of this episode" in read


def test_words_of_an_episode_are_called_its_transcript_and_its_wall_names_it() -> None:
    page = preview(galley("podcast"))

    assert "<span>4 min transcript</span>" in page
    assert "get the rest of this episode at once" in page


def test_a_preview_does_not_deny_the_recording_that_it_may_not_show() -> None:
    assert "There is no recording" not in preview(galley("podcast", recording="/media/documents/talk.mp3"))


def test_without_script_every_article_leads_to_the_code() -> None:
    still = full(galley()).partition("<noscript>")[2].partition("</noscript>")[0]

    assert 'href="/join/code/?next=/briefings/the-dam/%23continue"' in still
