"""Feeds of every kind become one form; what is wrong with them is said, and what can be had is had."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.wire.reading.feeds import read
from broadsheet.wire.reading.telling_apart import identity
from broadsheet.wire.reading.values import Author, Item, NotAFeed

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ADDRESS = "https://courier.example/feed"
MEDIA = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def reading(body, *, content_type="application/xml", address=ADDRESS):
    return read(body if isinstance(body, bytes) else body.encode(), content_type=content_type, address=address, at=AT)


def rss(*items, head=""):
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {MEDIA}><channel><title>The Courier</title>{head}{inner}</channel></rss>'


def only(*fields, head=""):
    (item,) = reading(rss("".join(fields), head=head)).items
    return item


RSS_20 = rss(
    "<title>Coup in Mali</title><link>https://courier.example/mali?utm_source=rss</link><guid>c-1</guid>"
    "<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate><dc:creator>Ada Keïta</dc:creator><category>Sahel</category>"
    "<description>&lt;p&gt;Soldiers &lt;b&gt;took&lt;/b&gt; the palace.&lt;/p&gt;</description>",
    head="<language>en-GB</language>",
)
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://courier.example/"><title>The Courier</title>
    <link>https://courier.example/</link><dc:language>en-gb</dc:language></channel>
    <item rdf:about="c-1"><title>Coup in Mali</title><link>https://courier.example/mali</link><dc:creator>Ada Keïta</dc:creator>
    <dc:date>2026-03-01T11:00:00+01:00</dc:date><dc:subject>Sahel</dc:subject>
    <description>Soldiers took the palace.</description></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>The Courier</title><entry><id>c-1</id>
    <title type="html">Coup in &lt;em>Mali&lt;/em></title><link href="/mali?fbclid=x"/><author><name>Ada Keïta</name></author>
    <published>2026-03-01T10:00:00Z</published><updated>2026-03-01T10:00:00Z</updated><category term="Sahel"/>
    <summary>Soldiers took the palace.</summary></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Courier",
        "language": "en-GB",
        "items": [
            {
                "id": "c-1",
                "title": "Coup in Mali",
                "url": "https://courier.example/mali",
                "authors": [{"name": "Ada Keïta"}],
                "date_published": "2026-03-01T10:00:00Z",
                "tags": ["Sahel"],
                "summary": "Soldiers took the palace.",
            }
        ],
    }
)
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://courier.example/mali</loc><news:news><news:publication><news:name>The Courier</news:name>
    <news:language>en-GB</news:language></news:publication><news:publication_date>2026-03-01T10:00:00Z</news:publication_date>
    <news:title>Coup in Mali</news:title><news:keywords>Sahel</news:keywords><news:access>Subscription</news:access>
    </news:news></url></urlset>"""


@pytest.mark.parametrize("body", [RSS_20, RDF, ATOM, JSON_FEED, SITEMAP], ids=["rss", "rdf", "atom", "json", "sitemap"])
def test_one_piece_reads_the_same_in_every_form(body):
    feed = reading(body)

    (item,) = feed.items
    assert (feed.title, feed.trouble) == ("The Courier", "")
    assert (item.title, item.link, item.language) == ("Coup in Mali", "https://courier.example/mali", "en-gb")
    assert (item.published, item.categories) == (datetime(2026, 3, 1, 10, tzinfo=UTC), ("Sahel",))
    assert body is SITEMAP or (item.summary, item.authors) == ("Soldiers took the palace.", (Author("Ada Keïta"),))
    assert identity(item) == "link:courier.example/mali"


@pytest.mark.parametrize(
    ("fields", "paid"),
    [
        ("", None),
        ("<category>Premium cars</category>", None),
        ("<category>Subscribers only</category>", True),
        ("<category>members-only</category>", True),
        ('<s:isAccessibleForFree xmlns:s="https://schema.org/">False</s:isAccessibleForFree>', True),
        ('<s:isAccessibleForFree xmlns:s="https://schema.org/">True</s:isAccessibleForFree>', False),
    ],
)
def test_an_item_is_paywalled_where_its_outlet_says_so(fields, paid):
    assert only("<title>Coup</title>", fields).paywalled is paid


def test_a_news_sitemap_says_what_is_for_subscribers():
    (item,) = reading(SITEMAP).items

    assert item.paywalled is True


def test_the_text_is_counted_and_not_kept():
    text = "<p>" + "word " * 3_000 + "last</p><script>and = this</script>"
    item = only(f"<title>Long</title><content:encoded><![CDATA[{text}]]></content:encoded>")

    assert item.length == 3_001
    assert len(item.summary) <= 800
    assert "last" not in repr(item)


def test_an_item_whose_feed_carries_no_text_has_no_length():
    assert only("<title>Short</title><description>Two words</description>").length is None


def test_chinese_is_counted_by_two_characters():
    assert only("<title>t</title><content:encoded>" + "漢字" * 50 + "</content:encoded>").length == 50


def test_a_gathered_item_names_the_outlet_that_it_is_from():
    item = only('<title>Coup</title><source url="https://other.example/">The Other</source>')

    assert (item.outlet, item.outlet_link) == ("The Other", "https://other.example/")


def test_an_address_alone_is_nobodys_byline():
    assert only("<title>Coup</title><author>desk@courier.example</author>").authors == (Author("", "desk@courier.example"),)


def test_items_without_language_take_their_feeds():
    assert only("<title>Coup</title>", head="<language>fr_FR</language>").language == "fr-fr"


# Dates


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Sun, 01 Mar 2026 10:00:00 GMT", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 +0200", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 EST", datetime(2026, 3, 1, 15, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 CET", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 JST", datetime(2026, 3, 1, 1, tzinfo=UTC)),
        ("Sun, 01 Mar 26 10:00:00 GMT", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 16:00:00 GMT", AT),  # a zone left out in the Far East
        ("Mon, 02 Mar 2099 10:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Tue, 31 Feb 2026 10:00:00 GMT", None),
        ("2026-13-45T99:00:00Z", None),
        ("99999-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_believed_as_far_as_it_can_be(written, read_as):
    assert only(f"<title>Coup</title><pubDate>{written}</pubDate>").published == read_as


@pytest.mark.parametrize(
    "written", ["2099-01-01T00:00:00Z", "2026-02-30T10:00:00Z", "0000-00-00", 12, None, ["2026"], "9" * 5_000]
)
def test_a_date_in_json_is_believed_as_far_as_it_can_be(written):
    (item,) = reading(json.dumps({"items": [{"id": "1", "title": "Coup", "date_published": written}]})).items

    assert item.published is None


def test_what_is_only_changed_was_published_by_then():
    (item,) = reading(ATOM.replace("<published>2026-03-01T10:00:00Z</published>", "")).items

    assert item.published == item.updated == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_nothing_is_changed_before_it_is_published():
    (item,) = reading(ATOM.replace("<updated>2026-03-01T10", "<updated>2019-03-01T10")).items

    assert item.updated == item.published


def test_items_stand_newest_first_and_those_of_the_far_future_last():
    days = ["Mon, 02 Mar 2099", "Sat, 28 Feb 2026", "Sun, 01 Mar 2026", ""]
    feed = reading(rss(*(f"<title>{day[:11]}</title><pubDate>{day and day + ' 10:00:00 GMT'}</pubDate>" for day in days)))

    assert [item.title for item in feed.items] == ["Sun, 01 Mar", "Sat, 28 Feb", "Mon, 02 Mar"]
    assert all(item.published is None or item.published <= AT + timedelta(0) for item in feed.items)


# Ids, and the same piece twice


def piece(title, link="", id="", day=""):
    fields = {"title": title, "link": link, "guid": id, "pubDate": day and f"{day} Mar 2026 07:00 GMT"}
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)


@pytest.mark.parametrize(
    ("pieces", "titles"),
    [
        ([piece("A", "https://c.example/a"), piece("A", "http://www.c.example/a/?utm_source=x")], {"A"}),
        ([piece("A", "https://c.example/a", "1"), piece("A, corrected", "https://c.example/a", "1")], {"A"}),
        ([piece("A", "https://c.example/a", "1"), piece("A", "https://c.example/moved", "1")], {"A"}),
        ([piece("A", "https://c.example/a", "0"), piece("B", "https://c.example/b", "0")], {"A", "B"}),
        ([piece("A", "https://c.example/show", "1"), piece("B", "https://c.example/show", "2")], {"A", "B"}),
        ([piece("A", "https://c.example/", "1"), piece("B", "https://c.example/", "2")], {"A", "B"}),
        ([piece("A"), piece("B")], {"A", "B"}),
        ([piece("A"), piece("A")], {"A"}),
        ([piece("A", id="http://c.example/1"), piece("A", id="https://c.example/1")], {"A"}),
    ],
    ids=["tracked", "renamed", "moved", "constant", "one page", "front page", "no id", "no id twice", "https"],
)
def test_each_piece_is_one_whatever_its_ids_say(pieces, titles):
    items = reading(rss(*pieces)).items

    assert {item.title for item in items} == titles
    assert len({identity(item) for item in items}) == len(items) == len(titles)


def test_of_a_piece_that_comes_twice_the_newest_form_stays():
    feed = reading(rss(piece("Old", "https://c.example/a", day="01"), piece("New", "https://c.example/a", day="02")))

    assert [item.title for item in feed.items] == ["New"]


def test_a_piece_keeps_its_identity_when_its_feed_moves_on():
    one, two = piece("A", "https://c.example/a", "0"), piece("B", "https://c.example/b", "0")
    first, later = reading(rss(one)), reading(rss(two, one))

    assert identity(first.items[0]) in {identity(item) for item in later.items}


def test_an_id_that_is_used_again_does_not_hide_the_new_piece():
    assert identity(Item(id="7", link="https://c.example/a")) != identity(Item(id="7", link="https://c.example/b"))


# What is wrong is said


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        ("<title>Salt & pepper</title>", "Salt & pepper"),
        ("<title>Caf&eacute; &nbsp;closed</title>", "Café closed"),
        ("<title>Bell\x07 rings</title>", "Bell rings"),
        ("<title>Nought&#0; comes</title>", "Nought comes"),
        ("<title>&bogus; name</title>", "&bogus; name"),
    ],
)
def test_what_is_not_well_formed_is_mended_and_said(broken, title):
    feed = reading(rss(broken, "<title>Sound</title>"))

    assert [item.title for item in feed.items] == [title, "Sound"]
    assert feed.trouble.startswith("It is not well-formed in line 1")


def test_mending_leaves_verbatim_text_alone():
    feed = reading(rss("<title>A & B</title><link><![CDATA[https://c.example/?a=1&b=2]]></link>"))

    assert feed.items[0].link == "https://c.example/?a=1&b=2"


def test_an_entry_beyond_mending_is_left_out_and_the_others_stay():
    feed = reading(rss("<title>One</title>", "<title>Two<br></title>", "<title>Three</title>"))

    assert [item.title for item in feed.items] == ["One", "Three"]
    assert "Left out for it: 1 of its entries." in feed.trouble


def test_a_feed_that_was_cut_off_keeps_its_whole_entries():
    whole = rss("<title>One</title>", "<title>Two</title>", "<title>Three</title>")

    feed = reading(whole[: whole.index("hree")])

    assert [item.title for item in feed.items] == ["One", "Two"]
    assert "Its end was not read." in feed.trouble


def test_prefixes_that_nobody_declared_mean_what_they_mean_elsewhere():
    body = '<rss version="2.0"><channel><item><title>A</title><dc:creator>Ada</dc:creator><my:own/></item></channel></rss>'

    assert reading(body).items[0].authors == (Author("Ada"),)


def test_what_leads_to_no_page_is_counted():
    feed = reading(rss("<title>A</title><link>javascript:alert(1)</link>"))

    assert (feed.items[0].link, feed.trouble) == ("", "1 of 1 entries lead to no page.")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><html><p>", "web page"),
        (b"<?xml version='1.0'?><!-- <rss> --><html xmlns='http://www.w3.org/1999/xhtml'/>", "web page"),
        (b"<opml version='2.0'/>", "OPML"),
        (b"<sitemapindex/>", "list of sitemaps"),
        (b"<urlset><url><loc>https://c.example/</loc></url></urlset>", "sitemap without news"),
        (b"<svg/>", "no feed that we know"),
        (b"Not found", "no feed that we know"),
        (b"{}", "no list of items"),
        (b'{"items": 3}', "no list of items"),
        (b"[1, 2", "cannot be read"),
        (b"\x1f\x8b\x08\x00", "no feed that we know"),
    ],
)
def test_what_is_no_feed_is_refused_in_a_sentence(body, says):
    with pytest.raises(NotAFeed, match=says) as refused:
        reading(body)

    assert str(refused.value).count(".") >= 1


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("utf-8", "application/rss+xml", ""),
        ("utf-8", "text/xml; charset=us-ascii", ""),
        ("utf-16", "", ""),
        ("windows-1252", "text/xml; charset=ISO-8859-1", ""),
        ("windows-1252", "", ' encoding="windows-1252"'),
        ("windows-1252", "application/xml", ' encoding="utf-8"'),
        ("gb18030", "", ' encoding="gb2312"'),
        ("utf-8", "text/xml; charset=zlib", ""),
    ],
)
def test_letters_survive_whatever_encoding_is_said(encoding, content_type, declared):
    body = rss("<title>Café – naïve</title>").replace('version="1.0"', f'version="1.0"{declared}').encode(encoding)

    assert reading(body, content_type=content_type).items[0].title == "Café – naïve"
