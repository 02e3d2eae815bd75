"""A page names its feeds, in its head or among its links."""

import pytest

from broadsheet.wire.reading.discovery import Found, feeds_named_in


def found(html, *, address="https://courier.example/news/"):
    return feeds_named_in(html.encode(), content_type="text/html; charset=utf-8", address=address)


def test_the_head_comes_before_links_and_comments_come_last():
    page = """<head><link rel="alternate" type="application/rss+xml" title="The Courier » Comments" href="/comments/feed/">
        <link rel=alternate type="application/rss+xml" title="The Courier" href="/feed/?utm_source=page"></head>
        <a href="/africa/rss.xml">Africa</a>"""

    assert found(page) == (
        Found("https://courier.example/feed/", "The Courier", is_named=True),
        Found("https://courier.example/africa/rss.xml", "Africa", is_named=False),
        Found("https://courier.example/comments/feed/", "The Courier » Comments", is_named=True),
    )


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/atom+xml" href="/f">',
        '<link rel="home ALTERNATE" type="Application/RSS+XML; charset=utf-8" href="f" />',
        '<link rel="alternate" type="application/feed+json" href="https://courier.example/f">',
        '<link rel="feed" href="//courier.example/f">',
        '<base href="/"><link rel="alternate" type="application/rdf+xml" href="f">',
    ],
)
def test_a_feed_is_named_in_many_ways(link):
    address = "https://courier.example/"

    assert [each.link for each in found(link, address=address)] == ["https://courier.example/f"]


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?feed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" hreflang="fr" href="/fr/">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<a href="/feedback">Feedback</a><a href="/transatomic">Power</a>',
        '<a href="data:text/xml,/feed.xml">x</a>',
        "",
        "\x00\x01",
    ],
)
def test_what_is_no_feed_is_not_named(html):
    assert found(html) == ()


@pytest.mark.parametrize(
    "link", ["/rss", "/feed.xml", "/feeds/all.atom.xml", "/index.xml", "/rss/world", "/news-sitemap.xml", "/atom"]
)
def test_a_link_that_looks_like_a_feed_is_offered(link):
    assert [each.link for each in found(f'<a href="{link}"><b>World</b></a>')] == [f"https://courier.example{link}"]


def test_a_feed_that_is_named_twice_is_found_once():
    page = '<link rel="alternate" type="application/rss+xml" href="/feed/"><a href="http://www.courier.example/feed">RSS</a>'

    assert [each.is_named for each in found(page)] == [True]


def test_a_page_of_any_size_and_depth_names_only_so_many():
    page = "<div>" * 50_000 + "".join(f'<a href="/{number}/feed">x</a>' for number in range(9_000))

    assert len(found(page)) == 20
