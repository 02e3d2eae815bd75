"""LEAKS 41, 42: whatever a feed says is inert on our desk, on our site and in our feeds, and none of it comes twice."""

import json
from datetime import UTC, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from django.conf import settings
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire.actions import listening, picking
from broadsheet.wire.actions.roundups import publish
from broadsheet.wire.models import DayOfLinks, Item, Source, Story
from broadsheet.wire.running import Listening
from broadsheet.wire.views.picks import BOOKMARKLET
from tests import cast, make, outlets
from tests.leaks.door import Browser, House
from tests.leaks.test_inert import CONTROLS, SCRIPT, faults_in

LINKS = ("javascript:attack()", "data:text/html,<script>attack()</script>", 'https://gazette.test/"onmouseover=attack()')
HOUR = timedelta(hours=1)


@pytest.fixture
def outlet(settings):
    with outlets.on_loopback() as outlet:
        settings.WIRE_VOUCHED_FOR = (outlet.door,)
        yield outlet


@pytest.fixture
def hear(outlet, at):
    """Ask the outlet's feed once, as the worker does."""
    source, _ = listening.add(outlet.at("/feed"), at=at)

    def hear_again(body, *, later=timedelta()):
        outlet.says["/feed"] = outlets.answer(body, content_type="application/xml")
        Source.objects.filter(pk=source.pk).update(next_at=at)
        hearing = Listening(holder="a worker", clock=lambda: at + later, jitter=lambda: 0.0)
        try:
            hearing.listen(until=at + later + HOUR)
        finally:
            hearing.end()

    return hear_again


def feed(*entries, title="The Gazette"):
    items = "".join(f"<item>{''.join(f'<{name}>{value}</{name}>' for name, value in entry.items())}</item>" for entry in entries)
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<rss version="2.0" {space}><channel><title>{title}</title>{items}</channel></rss>'


def dated(at, **said):
    return {"pubDate": format_datetime(at.astimezone(UTC)), **said}


def of_the_desk():
    wire = "/admin/wire/"
    stories = [f"{wire}story/{pk}/" for pk in Story.objects.values_list("pk", flat=True)]
    sources = [f"{wire}sources/{pk}/" for pk in Source.objects.values_list("pk", flat=True)]
    days = [f"{wire}picks/{day}/{page}" for day in DayOfLinks.objects.values_list("day", flat=True) for page in ("", "preview/")]
    lists = [wire + page for page in ("", "?shelf=aside", "picks/", "picks/aside/", "picks/past/", "sources/")]
    return [*lists, *stories, *sources, *days]


def is_the_desks_own(fault):
    """Wagtail's words in the editor's language, and our bookmarklet, to the letter. All else came from the feed."""
    link = LexborHTMLParser(fault).css_first("a")
    bookmarklet = BOOKMARKLET % f"{settings.BASE_URL}/admin/wire/pick/"
    return fault == '<script src="/admin/jsi18n/"></script>' or (link is not None and link.attributes.get("href") == bookmarklet)


@pytest.mark.parametrize("said", [SCRIPT, CONTROLS], ids=["script", "controls"])
def test_41_what_a_feed_says_is_inert_on_the_desk_the_site_and_in_our_feeds(transactional_db, frozen, hear, tmp_path, at, said):
    carlo, edda = cast.carlo(at), cast.edda(at)
    make.country("Kenya", code="KE")
    words = escape("".join(sign for sign in said if sign.isprintable() or sign in "\t\n"))
    links = [*LINKS, "https://gazette.test/dam"]
    entries = [
        dated(at - HOUR, title=f"Kenya {place} {words}", description=words, link=escape(link), author=words, category=words)
        for place, link in enumerate(links)
    ]
    hear(feed(*entries, title=words))

    followed = set(Item.objects.values_list("link", flat=True))
    assert "https://gazette.test/dam" in followed
    assert all(link.startswith("https://gazette.test/") for link in followed)
    zone = frozen.zone if hasattr(frozen, "zone") else UTC
    for item in Item.objects.all():
        chosen = picking.pick(item, by=carlo, at=at, zone=zone)
        picking.edit(chosen.pk, {"note": said.replace("\x00", "")}, touched=chosen.touched, shown={"note": ""})
    publish(chosen.day, by=carlo, at=at)
    house = House(tmp_path / "spool")
    house.settle()

    for who in (carlo, edda):
        desk = cast.log_in(who)
        for path in of_the_desk():
            answer = desk.get(path)
            assert answer.status_code == 200, path
            assert [fault for fault in faults_in(answer.content.decode()) if not is_the_desks_own(fault)] == [], path
        for story in json.loads(desk.get("/admin/wire/since/0/").content)["stories"]:
            assert faults_in(story["html"]) == []
    site = Browser(house.gate)
    for path in ("/", "/roundups/", "/countries/kenya/"):
        assert faults_in(site.get(path).text) == [], path
    for form in ("rss", "atom"):
        ElementTree.fromstring(site.get(f"/roundups/feed.{form}").plain)


UNDATED = "Nobody knows when the bridge was closed"


def test_42_dates_and_ids_that_cannot_be_are_sorted_sanely_and_nothing_comes_twice(db, hear, at):
    entries = [
        {"title": UNDATED, "link": "https://gazette.test/1", "guid": "same"},
        {
            "title": "The year 2099 is here already",
            "link": "http://gazette.test/2",
            "guid": "same",
            "pubDate": "Fri, 01 Jan 2099 00:00:00 GMT",
        },
        {
            "title": "On the 31st of February a mayor resigned",
            "link": "https://gazette.test/3",
            "pubDate": "Tue, 31 Feb 2026 25:61:00 GMT",
        },
        dated(at - HOUR, title="A council met an hour ago", link="https://gazette.test/4"),
    ]
    hear(feed(*entries))
    again = [entry | {"guid": f"another-{place}"} for place, entry in enumerate(entries)]
    again[1]["link"] = "https://www.gazette.test/2?utm_source=rss"
    hear(feed(*again), later=HOUR)

    assert Item.objects.count() == 4
    assert all(item.sorted_at <= at for item in Item.objects.all())
    assert Item.objects.order_by("sorted_at").first().title == "A council met an hour ago"
