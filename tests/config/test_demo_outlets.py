"""The demo's foreign press: what it tells, and that whoever reads its feeds gets just that."""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pycountry
import pytest

from broadsheet.config.demo.content import CONTENT, tables
from broadsheet.config.demo.foreign_feeds import TYPES, content_of, feed_of
from broadsheet.config.demo.foreign_press import FEEDS, out_by, outlets, told
from broadsheet.wire.reading.feeds import read
from broadsheet.wire.reading.text import words_in

BASE = "http://127.0.0.1:8000"
STARTER = Path(__file__).parents[2] / "broadsheet" / "wire" / "starter.opml"
OPEN = [slug for slug, outlet in outlets().items() if not outlet.closed]
MORE_REAL_ONES = """
    Reuters, Associated Press, Agence France-Presse, AFP, Bloomberg, CNN, TASS, Xinhua, Financial Times, The Times, The Sun,
    Die Zeit, Die Welt, Handelsblatt, Le Figaro, Libération, El Mundo, El Comercio, La República, O Globo, Estadão, O Liberal,
    Hürriyet, Cumhuriyet, Sabah, Kompas, Tempo, Jakarta Post, Business Standard, The Hindu, Prothom Alo, Fiji Times,
    Daily Graphic, Daily Nation, The East African, Helsingin Sanomat, Lloyd’s List, TradeWinds, Jordan Times, Le Soleil,
    Politico, Semafor, الأهرام, الجزيرة, العربية, الشرق الأوسط, المصري اليوم
"""


@pytest.fixture
def later(at):
    """Once all that was ahead has come."""
    return at + timedelta(hours=3)


def feed(slug, *, start, at):
    outlet = outlets()[slug]
    body = feed_of(outlet, out_by(outlet, start=start, at=at), base=BASE, start=start)
    return read(body, content_type=TYPES[outlet.format], address=BASE + outlet.feed_path, at=at)


def test_twenty_outlets_answer_and_one_has_closed():
    assert (len(OPEN), len(outlets())) == (20, 21)
    assert {outlets()[slug].format for slug in OPEN} == set(FEEDS)
    assert len({outlets()[slug].language for slug in OPEN} - {"en"}) >= 5


def test_fifteen_stories_are_told_by_three_to_nine_of_them():
    tellers = defaultdict(set)
    for item in told():
        tellers[item.story].add(item.outlet)
    alone = tellers.pop("")

    assert len(tellers) == 15
    assert all(3 <= len(those) <= 9 for those in tellers.values())
    assert alone == set(OPEN)


def test_it_is_a_real_morning():
    kinds = Counter(bool(item.story) for item in told())

    assert kinds[False] >= 120
    assert 200 <= kinds.total() <= 230


@pytest.mark.parametrize("slug", OPEN)
def test_a_feed_is_read_as_it_was_written(slug, at, later):
    outlet, read_again = outlets()[slug], feed(slug, start=at, at=later)
    written = [item for item in told() if item.outlet == slug]

    assert read_again.trouble == ""
    assert read_again.language == outlet.language
    assert [(item.title, item.link, item.published) for item in read_again.items] == [
        (item.headline, BASE + item.path, item.dated(at)) for item in written
    ]
    assert [item.paywalled is True for item in read_again.items] == [item.paid for item in written]


@pytest.mark.parametrize("slug", [slug for slug in OPEN if outlets()[slug].format != "sitemap"])
def test_a_feed_carries_summaries_and_bylines(slug, at, later):
    items = feed(slug, start=at, at=later).items
    written = [item for item in told() if item.outlet == slug]

    assert [item.summary for item in items] == [item.summary for item in written]
    assert [[author.name for author in item.authors] for item in items] == [[item.by] if item.by else [] for item in written]


def test_what_is_ahead_appears_when_it_is_time(at):
    ahead = sorted(item.minutes for item in told() if item.minutes > 0)
    halyard = [len(feed("halyard", start=at, at=at + timedelta(minutes=minutes)).items) for minutes in (0, 1, 2)]

    assert ahead[:3] == [2, 5, 9]
    assert len(ahead) >= 12
    assert halyard[0] == halyard[1] == halyard[2] - 1


def test_what_is_told_is_of_these_days_but_for_a_monthly():
    days = {item.outlet: item.minutes / 1440 for item in told()}

    assert max(item.minutes for item in told()) <= 90
    assert [slug for slug, oldest in days.items() if oldest < -3] == ["surveyors"]


def test_lengths_are_of_a_few_hundred_words(at, later):
    lengths = [item.length for slug in OPEN for item in feed(slug, start=at, at=later).items if item.length]
    texts = [content_of(outlets()[item.outlet], item) for item in told()]

    assert sorted(lengths) == sorted(words_in(text) for text in texts if text)
    assert len(lengths) >= 25
    assert min(lengths) >= 150
    assert max(lengths) <= 400


def test_what_is_paid_for_is_not_carried():
    assert [item.headline for item in told() if item.paid and content_of(outlets()[item.outlet], item)] == []
    assert {item.outlet for item in told() if item.paid} == {slug for slug in OPEN if outlets()[slug].paid}


def test_no_two_pages_stand_at_one_address():
    assert [path for path, times in Counter(item.path for item in told()).items() if times > 1] == []


def test_what_an_item_names_is_there():
    countries = {country.alpha_2 for country in pycountry.countries}
    issues = {table["slug"] for table in tables("taxonomy")["issue"]}

    assert {outlet.country for outlet in outlets().values()} <= countries
    assert {code for item in told() for code in item.countries} <= countries
    assert {slug for item in told() for slug in item.issues} <= issues
    assert len({code for item in told() for code in item.countries}) >= 80


def test_no_real_outlet_is_named():
    listed = {name for outline in ElementTree.parse(STARTER).iter("outline") for name in _names(outline)}
    real = listed | {name.strip() for name in MORE_REAL_ONES.split(",")}
    pattern = re.compile(r"\b(" + "|".join(re.escape(name) for name in sorted(real)) + r")\b")
    files = [*(CONTENT / "wire").rglob("*.toml"), *(CONTENT / "roundups").glob("*.toml")]

    assert len(real) > 100
    assert {file.name: found for file in files if (found := pattern.findall(file.read_text()))} == {}


def _names(outline):
    """Of a source; folders have no address. What follows a colon is a section of it."""
    return {re.split(r": | \(", outline.get("title"))[0]} if outline.get("xmlUrl") else set()


def test_what_is_printed_has_printers_apostrophes():
    words = " ".join(f"{item.headline} {item.summary} {item.by} {' '.join(item.text)}" for item in told())

    assert "'" not in words
    assert '"' not in words
