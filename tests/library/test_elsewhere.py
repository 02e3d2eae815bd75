"""Links to other outlets beside our own articles: published picks, with their credit, and nothing of a roundup’s paid text."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from broadsheet.library.actions.gleaning import glean_new
from broadsheet.newsroom.actions import put_back, take_back
from broadsheet.newsroom.models import Roundup
from broadsheet.press import kinds
from broadsheet.press.actions import press, press_page, print_due
from broadsheet.press.models import Slip
from broadsheet.wire.actions import picking, refusing, roundups, unpicking
from broadsheet.wire.models import DayOfLinks, Pick, WireRules
from tests import cast, make

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
TOLD = "On 15 January 2019 Kenya and Ethiopia signed the treaty on their border in the old town."
NOTE, RIVAL = "The note is the roundup’s.", "The rival’s headline"
COUNTRY, ISSUE, FRONT, RELATION = "/countries/kenya/", "/issues/water/", "/", "/relations/ethiopia/kenya/"


@pytest.fixture
def both(at):
    """Countries of which enough was written to be shown together."""
    countries = [make.country("Kenya"), make.country("Ethiopia")]
    for number in range(3):
        told = make.article(
            body=[f"{make.PARAGRAPH * 4} {TOLD}"], countries=countries, issues=[make.issue()], at=at - timedelta(days=number + 1)
        )
        press(told.pk, at=at)
    glean_new(at=at)
    return countries


@pytest.fixture
def published(both, at):
    """A roundup of three picks: of both countries and the issue, of Kenya, of nothing of ours."""
    carlo = cast.carlo(at)
    for number, ties in enumerate([{"countries": both, "issues": [make.issue()]}, {"countries": both[:1]}, {}]):
        chosen = picking.pick_page(
            f"https://outlet-{number}.test/", f"Piece {number}", by=carlo, at=at, zone=LONDON, outlet="The Post"
        )
        picking.edit(chosen.pk, {"note": NOTE, **ties}, touched=chosen.touched, shown={})
        chosen.rivals.create(url="https://rival.test/", headline=RIVAL, outlet="The Rival")
    article = roundups.publish(DayOfLinks.objects.get(), by=carlo, at=at)
    press(article.pk, at=at)
    return article


def sheet(path, at):
    kind, match = kinds.kind_of(path)
    return kind.compose(path, match, at)


def heads(path, at):
    composed = sheet(path, at)
    texts = [composed.html, *composed.previews.values()]
    found = [[node.text() for node in LexborHTMLParser(text).css("a.outward-link")] for text in texts]
    assert all(each == found[0] for each in found)
    return found[0]


def test_links_stand_where_they_belong_in_every_cut(published, at):
    assert heads(COUNTRY, at) == ["Piece 0", "Piece 1"]
    assert heads(ISSUE, at) == ["Piece 0"]
    assert heads(FRONT, at) == ["Piece 0", "Piece 1", "Piece 2"]
    assert heads("/countries/ethiopia/", at) == heads(RELATION, at) == ["Piece 0"]


@pytest.mark.parametrize("path", [COUNTRY, ISSUE, RELATION, FRONT])
def test_a_link_gives_credit_and_nothing_of_the_roundups_own_text(path, published, at):
    composed = sheet(path, at)
    for html in (composed.html, *composed.previews.values()):
        assert NOTE not in html
        assert RIVAL not in html
        assert "rival.test" not in html
    link = LexborHTMLParser(html).css_first("a.outward-link")
    assert link.attributes["rel"] == "noopener noreferrer"
    assert "The Post" in html
    assert published.address in html


def test_what_is_not_published_stands_nowhere(published, at, both):
    WireRules.objects.update(roundup_at="23:00")
    late = picking.pick_page("https://late.test/", "Late", by=None, at=at, zone=LONDON)
    picking.edit(late.pk, {"countries": both}, touched=late.touched, shown={})
    picking.edit(Pick.objects.first().pk, {"headline": "Reworded"}, touched=99, shown={"headline": "Piece 0"})

    assert heads(COUNTRY, at) == ["Piece 0", "Piece 1"]


def test_the_house_rule_says_how_many_and_whether_any(published, at):
    WireRules.objects.update_or_create(defaults={"links_beside": 1})
    assert heads(COUNTRY, at) == ["Piece 0"]

    WireRules.objects.update_or_create(defaults={"links_beside": 0})
    assert heads(COUNTRY, at) == heads(FRONT, at) == []


def test_a_roundup_that_was_taken_back_takes_its_links_along(published, at):
    take_back(published, by=None, at=at)
    assert heads(COUNTRY, at) == heads(FRONT, at) == []

    put_back(Roundup.objects.get(), by=None, at=at)
    assert heads(COUNTRY, at) == ["Piece 0", "Piece 1"]


def test_what_was_taken_down_or_taken_out_is_gone(published, at):
    refusing.refuse("outlet-0.test", "", by=None, at=at)
    assert heads(COUNTRY, at) == ["Piece 1"]

    unpicking.unpick(Pick.objects.get(headline="Piece 1"), by=None, at=at)
    assert heads(COUNTRY, at) == []


# Which pages are printed again


def due():
    return set(Slip.objects.filter(stale_at__isnull=False).values_list("path", flat=True)) | set(
        Slip.objects.filter(gone=True).values_list("path", flat=True)
    )


@pytest.fixture
def pressed(published, at):
    for path in (COUNTRY, ISSUE, RELATION, FRONT, "/countries/ethiopia/", "/countries/", "/latest/"):
        press_page(path, at=at)
    print_due(at=at)


@pytest.mark.parametrize(
    ("headline", "paths"),
    [("Piece 0", {COUNTRY, ISSUE, RELATION, FRONT, "/countries/ethiopia/"}), ("Piece 1", {COUNTRY, FRONT}), ("Piece 2", {FRONT})],
)
def test_a_change_prints_exactly_the_pages_that_show_it(headline, paths, pressed, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        unpicking.unpick(Pick.objects.get(headline=headline), by=None, at=at)

    assert due() == paths
