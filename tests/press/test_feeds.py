"""Feeds and sitemaps: to the cut and no further, valid whatever somebody writes, and only of what stands on the site."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from broadsheet.access.terms import Audience
from broadsheet.press import actions, queries
from tests import make
from tests.press.proofs import FREE, PAID, changed, page

pytestmark = pytest.mark.django_db

FORMATS = ("rss", "atom", "json")
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def pressed(at, **fields):
    article = make.article(**{"body": [FREE, PAID], "at": at, **fields})
    actions.press(article.pk, at=at)
    return article


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("audience", [Audience.REGISTERED, Audience.METERED, Audience.MEMBERS])
def test_a_feed_has_the_free_part_and_nothing_beyond_it(name, audience, at):
    pressed(at, audience=audience)

    feed = page(f"/feed.{name}", at)

    assert "quillwort" in feed
    assert "zirconide" not in feed


@pytest.mark.parametrize("name", FORMATS)
def test_from_open_to_members_the_text_leaves_the_feeds(name, at):
    article = pressed(at, audience=Audience.OPEN)
    assert "zirconide" in page(f"/feed.{name}", at)

    actions.press(changed(article, audience=Audience.MEMBERS).pk, at=at)

    assert "zirconide" not in page(f"/feed.{name}", at)


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_control_characters_leave_a_feed_well_formed(name, at):
    pressed(at, headline="Bell \x07 and \x0b tab", standfirst="Null \x01 & <script>alert(1)</script> \ufffe")

    feed = ElementTree.fromstring(page(f"/feed.{name}", at))

    text = "".join(feed.itertext())
    assert "Bell  and  tab" in text
    assert "<script>alert(1)</script>" in text  # as text, in an element


def test_a_json_feed_says_what_the_standard_asks(at):
    article = pressed(at, headline="The river", contributors=[make.contributor("Ada Moor")])

    feed = json.loads(page("/briefings/feed.json", at))

    (item,) = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://testserver/briefings/feed.json"
    assert item["url"] == f"http://testserver{article.address}"
    assert item["authors"] == [{"name": "Ada Moor", "url": "http://testserver/contributors/ada-moor/"}]


def test_the_paths_of_a_text_are_whole_addresses_in_a_feed(at):
    target = pressed(at, headline="Target")
    pressed(at, body=[f'<p>See <a linktype="page" id="{target.pk}">this</a>. {FREE}</p>', PAID])

    assert f'href="http://testserver{target.address}"' in json.loads(page("/feed.json", at))["items"][0]["content_html"]


def test_an_article_keeps_its_number_in_feeds_when_it_moves(at):
    article = pressed(at)
    before = json.loads(page("/feed.json", at))["items"][0]["id"]

    actions.press(changed(article, slug="elsewhere").pk, at=at)

    assert json.loads(page("/feed.json", at))["items"][0]["id"] == before


def test_a_book_is_not_put_into_a_feed_whole(at):
    pressed(at, audience=Audience.OPEN, body=["word " * 10_000], standfirst="Long.")

    (item,) = json.loads(page("/feed.json", at))["items"]

    assert item["content_text"] == "Long."
    assert "content_html" not in item


# Sitemaps


def test_a_sitemap_names_what_stands_on_the_site_and_no_draft(at):
    article = pressed(at)
    make.article(live=False)
    make.article(embargoed_until=at + timedelta(days=1))

    sitemap = ElementTree.fromstring(page("/sitemap-2026-03.xml", at))

    assert [found.text for found in sitemap.iter(f"{SITEMAP}loc")] == [f"http://testserver{article.address}"]
    assert "http://testserver/sitemap-2026-03.xml" in page("/sitemap.xml", at)


def test_the_date_in_a_sitemap_tells_nothing_of_a_draft(at):
    article = pressed(at)
    before = page("/sitemap-2026-03.xml", at)
    draft = article.get_latest_revision_as_object()
    draft.title = "Not yet"
    draft.save_revision()

    actions.press(article.pk, at=at + timedelta(hours=1))

    assert page("/sitemap-2026-03.xml", at) == before


def test_news_is_news_for_48_hours(at):
    pressed(at - timedelta(hours=47), headline="New")
    pressed(at - timedelta(hours=49), headline="Old")

    sitemap = ElementTree.fromstring(page("/news-sitemap.xml", at))

    assert [found.text for found in sitemap.iter(f"{NEWS}title")] == ["New"]
    assert [slip.path for slip in queries.due(at + timedelta(hours=1))] == ["/news-sitemap.xml"]


def test_the_sitemap_of_pages_names_lists_with_articles(at):
    pressed(at, countries=[make.country("Kenya")])
    make.country("Japan")

    sitemap = page("/sitemap-pages.xml", at)

    assert f"<loc>http://testserver/countries/kenya/</loc><lastmod>{at.isoformat()}</lastmod>" in sitemap
    assert "http://testserver/countries/<" in sitemap
    assert "japan" not in sitemap


def test_robots_are_told_where_the_sitemaps_are(at):
    robots = page("/robots.txt", at)

    assert "Sitemap: http://testserver/sitemap.xml\n" in robots
    assert "Disallow: /admin/\n" in robots
