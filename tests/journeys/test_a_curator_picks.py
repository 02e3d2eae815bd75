"""Journey E: a list of a hundred sources comes in, a curator reads their stories, picks seven, and the roundup goes out."""

import gzip
import json
from collections import defaultdict
from datetime import datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from django.utils.timezone import get_default_timezone
from selectolax.lexbor import LexborHTMLParser

from broadsheet.newsletters.actions import making
from broadsheet.newsletters.models import Edition
from broadsheet.newsroom.models import Roundup
from broadsheet.wire.models import Item, Pick, Source, Story
from broadsheet.wire.polling import Courtesy
from broadsheet.wire.reading.opml import Outline, write_outlines
from broadsheet.wire.running import Listening
from tests import cast, make, outlets
from tests.journeys.conftest import AT
from tests.leaks.door import Browser
from tests.newsletters import make as newsletters

WIRE = Path(__file__).resolve().parents[3] / "shared" / "data" / "wire" / "wire.jsonl.gz"
OUTLETS, HOUR = 100, timedelta(hours=1)
NOTES = [f"Note number {number}: read this before breakfast." for number in range(7)]


def told_by_outlet():
    """What the hundred outlets that told most in a fortnight told then, dated as if that ended an hour ago."""
    if not WIRE.exists():
        pytest.skip(f"Waits for the wire's items at {WIRE}.")
    with gzip.open(WIRE, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    last = moment_of(rows[-1])
    told = defaultdict(list)
    for row in rows:
        if moment_of(row) > last - timedelta(days=14):
            told[row["source"]["name"]].append((row, moment_of(row) - last + AT - HOUR))
    busiest = sorted(told, key=lambda name: (-len(told[name]), name))
    quiet = sorted({row["source"]["name"] for row in rows} - told.keys())
    for name in quiet[: OUTLETS - len(busiest)]:  # listed all the same, and silent this fortnight
        told[name] = []
    return {name: told[name] for name in [*busiest, *quiet][:OUTLETS]}


def moment_of(row) -> datetime:
    return datetime.fromisoformat(row["published"])


def feed_of(name, told):
    items = "".join(
        f"<item><title>{escape(row['title'])}</title><link>{escape(row['url'])}</link><guid>{row['id']}</guid>"
        f"<description>{escape(row['summary'] or '')}</description><pubDate>{format_datetime(moment)}</pubDate></item>"
        for row, moment in told
    )
    return f"<rss version='2.0'><channel><title>{escape(name)}</title><language>en</language>{items}</channel></rss>"


@pytest.fixture
def press(settings):
    with outlets.on_loopback() as outlet:
        settings.WIRE_VOUCHED_FOR = (outlet.door,)
        told = told_by_outlet()
        for number, (name, items) in enumerate(told.items()):
            outlet.says[f"/{number}/feed"] = outlets.answer(feed_of(name, items), content_type="application/rss+xml")
        listed = [Outline(outlet.at(f"/{number}/feed"), name) for number, name in enumerate(told)]
        yield told, write_outlines("The world's press", listed)


def listen(at):
    hearing = Listening("a worker", lambda: at, jitter=lambda: 0.0, courtesy=Courtesy(at_a_host=16, gap=0.0))
    try:
        return hearing.listen(until=at + HOUR)
    finally:
        hearing.end()


def fields_of(html):
    """What a browser would send of the picks' form."""
    sent = {}
    for node in LexborHTMLParser(html).css("#picks-form input, #picks-form textarea"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if name and (kind != "checkbox" or "checked" in node.attributes):
            value = node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes.get("value") or ""
            sent.setdefault(name, []).append(value)
    return sent


def test_a_curator_reads_a_hundred_sources_picks_seven_and_the_roundup_goes_out(house, press, frozen):
    told, opml = press
    zone = get_default_timezone()
    ukraine = make.country("Ukraine", code="UA")
    daily = newsletters.newsletter("The Daily", slots=newsletters.SLOTS)
    edda, carlo = cast.log_in(cast.edda(AT)), cast.log_in(cast.carlo(AT))

    listed = BytesIO(opml)
    listed.name = "press.opml"
    assert edda.post("/admin/wire/sources/lists/", {"file": listed, "listening": "listen"}).status_code == 302
    assert Source.objects.filter(listened_since__isnull=False).count() == OUTLETS
    assert listen(AT + HOUR) == OUTLETS
    addresses = {row["url"] for items in told.values() for row, _ in items}
    assert len(addresses) * 0.95 < Item.objects.count() <= len(addresses)  # some are the same page with and without www
    assert Story.objects.filter(outlets_count__gte=3).exists()

    frozen.move_to(AT + HOUR)
    desk = LexborHTMLParser(carlo.get("/admin/wire/").content.decode())
    stories = [node.attributes["data-story"] for node in desk.css("[data-story]")]
    assert len(stories) > 10
    for story in stories[:7]:
        carlo.post("/admin/wire/do/", {"do": f"pick:{story}"})
    assert Pick.objects.count() == 7

    page = f"/admin/wire/picks/{Pick.objects.first().day.day.isoformat()}/"
    typed = fields_of(carlo.get(page).content.decode())
    notes = {f"p{pick.pk}-note": note for pick, note in zip(Pick.objects.order_by("sort_order"), NOTES, strict=True)}
    carlo.post(page, {**typed, **notes, "do": "publish"})
    roundup = Roundup.objects.get()
    house.settle()

    sada = Browser(house.gate, cookies={"session": cast.session_of(cast.sada(AT))})
    printed = sada.get(roundup.address).text
    assert all(note in printed for note in NOTES)
    assert all(pick.url.replace("&", "&amp;") in printed for pick in Pick.objects.all())
    assert roundup.title in Browser(house.gate).get("/roundups/feed.rss").text
    picked = Pick.objects.filter(countries=ukraine).first()
    if picked:
        assert picked.headline in LexborHTMLParser(sada.get("/countries/ukraine/").text).body.text()

    making.open_editions(at=AT + 2 * HOUR, zone=zone)
    tomorrow = Edition.objects.filter(newsletter=daily, due_at__gt=AT + 2 * HOUR).order_by("due_at").first()
    making.assemble(tomorrow, at=AT + 2 * HOUR)
    assert set(Pick.objects.values_list("url", flat=True)) == set(
        tomorrow.items.filter(slot="links").values_list("url", flat=True)
    )
