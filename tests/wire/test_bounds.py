"""Whatever a feed holds, reading it stays small and quick, and nothing in it acts. Bounds are counts and sizes, never times."""

import json
import re
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.wire.reading import bounds
from broadsheet.wire.reading.decoding import decoded
from broadsheet.wire.reading.feeds import read
from broadsheet.wire.reading.sifting import sifted
from broadsheet.wire.reading.text import from_markup, plain, words_in
from broadsheet.wire.reading.values import Author, Feed, Item, NotAFeed

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROOM = {
    "title": bounds.MOST_IN_TITLE,
    "summary": bounds.MOST_IN_SUMMARY,
    "description": bounds.MOST_IN_SUMMARY,
    "id": bounds.MOST_IN_ID,
    "link": bounds.MOST_IN_LINK,
    "outlet": bounds.MOST_IN_NAME,
    "outlet_link": bounds.MOST_IN_LINK,
    "name": bounds.MOST_IN_NAME,
    "email": bounds.MOST_IN_NAME,
    "language": 40,
    "kind": 20,
    "trouble": 600,
    "identity": 0,
}
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]")


def reading(body, *, content_type=""):
    return read(
        body if isinstance(body, bytes) else body.encode(), content_type=content_type, address="https://c.example/", at=AT
    )


def rss(inner, head=""):
    return f'{head}<rss version="2.0"><channel>{inner}</channel></rss>'


def filled(piece, size=2_000_000):
    return piece * (size // len(piece))


def item(inner):
    return rss(f"<item><title>First</title>{inner}</item><item><title>Last</title></item>")


def strings(value):
    """Each text of a feed, with the name of its field."""
    for field in fields(value):
        said = getattr(value, field.name)
        for each in said if isinstance(said, tuple) else [said]:
            if isinstance(each, str):
                yield field.name, each
            elif isinstance(each, Item | Author):
                yield from strings(each)


def assert_bounded(feed):
    assert len(feed.items) <= bounds.MOST_ITEMS
    assert all(len(text) <= ROOM.get(name, bounds.MOST_IN_NAME) for name, text in strings(feed))
    assert not any(UNSEEN.search(text) for _, text in strings(feed))
    assert all(len(each.authors) <= bounds.MOST_AUTHORS for each in (feed, *feed.items))
    assert all(len(each.categories) <= bounds.MOST_CATEGORIES for each in feed.items)


HOSTILE = {
    "entries without end": (rss(filled("<item><title>a</title></item>")), "first 1,000 entries"),
    "empty entries": (rss(filled("<item/>")), "first 1,000 entries"),
    "elements without end": (rss(filled("<a/>")), "first 200,000 elements"),
    "nested": (item("<description>" + "<b>" * 50_000 + "</b>" * 50_000 + "</description>"), "60 elements deep"),
    "nested and never closed": (item("<description>" + "<b>" * 100_000), "not well-formed"),
    "nested entries": (rss("<item>" * 10_000 + "</item>" * 10_000), "within entries"),
    "a long title": (item(f"<title>{filled('long ')}</title>"), "only the beginning"),
    "a long name": (item(f"<author>{'a' * 300_000}</author>"), "too long"),
    "a long address": (item(f"<author>a@{'a-' * 150_000}</author>"), "too long"),
    "a long name in pieces": (item("<author>" + "<b x=''>aaaaaaaa</b>" * 10_000 + "</author>"), "too long"),
    "a long date": (item(f"<pubDate>{' 1:' * 100_000}</pubDate>"), "too long"),
    "a long attribute": (item(f'<link href="{filled("a")}"/>'), "too long or too many"),
    "attributes": (item("<b " + " ".join(f'a{number}=""' for number in range(50_000)) + "/>"), "too long or too many"),
    "default attributes": (rss("<item/>" * 999, f'<!DOCTYPE rss [<!ATTLIST item a CDATA "{"a" * 9_000}">]>'), ""),
    "namespaces": (item("".join(f'<p{n}:a xmlns:p{n}="urn:{n}"/>' for n in range(30_000))), "too many namespaces"),
    "undeclared namespaces": (item("".join(f"<p{n}:a/>" for n in range(30_000))), "too many namespaces"),
    "categories": (item("".join(f"<category>{n}</category>" for n in range(20_000))), "only the beginning"),
    "authors": (item("<author>Ada</author>" * 20_000), "only the beginning"),
    "verbatim": (item("<description>" + filled("<![CDATA[")), "not well-formed"),
    "brackets": (item("<description>" + filled("<")), "not well-formed"),
    "ampersands": (item("<description>" + filled("&")), "not well-formed"),
    "comments": (item(filled("<!--")), "not well-formed"),
    "instructions": (item(filled("<?a ")), "not well-formed"),
    "declarations": (item(filled("<!")), "not well-formed"),
    "quotation marks": (item("<b " + filled('a="')), "not well-formed"),
    "tables in tables": (rss(f"<item><description>{'&lt;table>&lt;b>' * 500}</description></item>" * 400), ""),
    "objects": (json.dumps({"items": [{"id": str(n), "title": "a"} for n in range(40_000)]}), "first 1,000 entries"),
    "a sitemap": (
        "<urlset>"
        + "<url><loc>https://c.example/a</loc><news:news><news:title>a</news:title></news:news></url>" * 20_000
        + "</urlset>",
        "first 1,000 entries",
    ),
}


@pytest.mark.parametrize(("body", "says"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_feed_is_read_as_far_as_the_bounds_go(body, says):
    feed = reading(body)

    assert says in feed.trouble
    assert_bounded(feed)


XML = {name: body for name, (body, _) in HOSTILE.items() if body.startswith("<")}


@pytest.mark.parametrize("body", XML.values(), ids=list(XML))
def test_what_a_hostile_feed_is_read_from_is_small(body):
    """All that comes after costs by what this lets through."""
    xml = sifted(body, entries=frozenset({"url"}) if body.startswith("<urlset") else frozenset({"item"})).xml.decode()
    depth = deepest = 0
    for tag in re.findall(r"<(/?)", xml):
        depth += -1 if tag else 1
        deepest = max(deepest, depth)

    assert depth == 0
    assert deepest <= bounds.MOST_DEPTH
    assert len(xml) <= bounds.MOST_SIFTED + 100 * bounds.MOST_ELEMENTS
    assert max(map(len, re.findall(r"<[^<]*", xml))) <= bounds.MOST_MARKUP + bounds.MOST_ATTRIBUTES * bounds.MOST_IN_ATTRIBUTE
    assert xml.count("<!") == xml.count("<?") == 0


LAUGHS = '<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 10 + '"><!ENTITY c "' + "&b;" * 10 + '">'


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><title>&c;</title></item>", f"<!DOCTYPE rss [{LAUGHS}]>"),
        rss("<item><title>" + "&a;" * 10_000 + "</title></item>", f'<!DOCTYPE rss [<!ENTITY a "{"a" * 5_000}">]>'),
        rss("<item><title>" + filled("&a;") + "</title></item>", f'<!DOCTYPE rss [<!ENTITY a "{"a" * 150}">]>'),
        rss("<item/>", "<!DOCTYPE rss [" + "".join(f'<!ENTITY a{n} "a">' for n in range(1_000)) + "]>"),
        filled(" ", bounds.MOST_BYTES + 10),
        "[" * 200_000,
        '{"items":' + "[" * 90_000,
        '{"items": [' + "9" * 100_000 + "]}",
    ],
    ids=[
        "laughs",
        "long entity",
        "many references",
        "many entities",
        "bytes",
        "lists",
        "nested lists",
        "a long number",
    ],
)
def test_what_would_grow_is_refused(body):
    with pytest.raises(NotAFeed):
        reading(body)


def test_nothing_is_fetched_for_a_feed():
    file = 'SYSTEM "file:///etc/hosts"'
    outside = f"<!DOCTYPE rss {file} [<!ENTITY a {file}><!ENTITY % b {file}> %b;]>"
    feed = reading(rss("<item><title>Here: &a;</title></item>", outside))

    assert [each.title for each in feed.items] == ["Here:"]


def test_a_short_entity_of_its_own_is_read():
    feed = reading(rss("<item><title>&house; reports</title></item>", '<!DOCTYPE rss [<!ENTITY house "The Courier">]>'))

    assert feed.items[0].title == "The Courier reports"


SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<scr<script>ipt>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<!--<script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img onerror=alert(1)>",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_is_inert_in_every_field(script):
    escaped = script.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    names = ("title", "description", "author", "category", "guid", "pubDate", "comments", "source")
    every = "".join(f"<{name}>{escaped}</{name}>" for name in names) + f"<link>javascript:{escaped}</link>"
    feed = reading(rss(f"{every}<item>{every}</item>"))

    (only,) = feed.items
    assert only.link == feed.link == only.outlet_link == ""
    shown = [text for name, text in strings(feed) if name not in ("id", "trouble")]
    assert not any(re.search(r"<(script|img|svg|iframe|style|math)\b", text) for text in shown)


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_is_text_in_json(script):
    """JSON Feed has a title be text, where `<` is a character; a link is a link all the same."""
    said = {
        "id": "1",
        "title": script,
        "content_html": script,
        "url": f"javascript:{script}",
        "authors": [{"name": script, "url": "data:,x"}],
    }
    (only,) = reading(json.dumps({"items": [said]})).items

    assert (only.link, [author.link for author in only.authors]) == ("", [""])
    assert "<script" not in only.summary
    assert only.title == " ".join(script.split())


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("nul\x00l", "null"),
        ("bell\x07 and \x1b[31mcolour", "bell and [31mcolour"),
        ("left \u202eright\u202c left", "left right left"),
        ("iso\u2066late\u2069d", "isolated"),
        ("in\u200bvis\u2060i\ufeffble", "invisible"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tag\U000e0041\U000e0042ged", "tagged"),
        ("lone \ud800 half", "lone half"),
        ("non\ufffecharacter\uffff", "noncharacter"),
        ("lines\r\n\tand  spaces\u2028here", "lines and spaces here"),
        ("Cafe\u0301", "Café"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("family 👩\u200d👧", "family 👩\u200d👧"),
    ],
)
def test_characters_that_hide_or_turn_are_left_out(written, seen):
    assert plain(written, most=100) == seen
    assert from_markup(f"<p>{written}</p>", most=100) == seen


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("One<br>Two", "One Two"),
        ("un<b>brok</b>en", "unbroken"),
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("1 < 2 & 3", "1 < 2 & 3"),
        ("a<script>b</script>c", "ac"),
        ("not <i closed", "not"),
    ],
)
def test_markup_becomes_what_is_seen_of_it(markup, text):
    assert from_markup(markup, most=100) == text


def test_a_long_text_is_cut_between_words():
    assert plain("seven words are too many for this", most=20) == "seven words are too…"
    assert len(plain("x" * 50, most=20)) == 20


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ("", 0),
        ("<p>It's a well-kept text.</p>", 4),
        ("漢字かな", 2),
        ("<script>not this</script>one", 1),
        ("<b", 1),
        ("3.5 &nbsp; x", 2),
    ],
)
def test_words_are_counted_as_they_are_read(markup, count):
    assert words_in(markup) == count


@given(
    st.binary(max_size=200), st.sampled_from(["", "text/xml; charset=utf-16", "a; charset=zlib", "charset=shift_jis", "charset="])
)
def test_bytes_of_any_kind_become_whole_characters(body, content_type):
    assert not any("\ud800" <= letter <= "\udfff" for letter in decoded(body, content_type))


PIECES = [
    "<",
    ">",
    "&",
    '"',
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<entry/>",
    "<image>",
    "<x:y:z>",
]
PIECES += [
    "<link>",
    "</link>",
    "&amp;",
    "&#0;",
    "\x00",
    "é",
    "<source url='a'>",
    "<category/>",
    '<a xmlns:b="">',
    "</channel>",
    "word",
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.integers(0, 80))
def test_a_feed_of_any_kind_is_read_or_refused(broken, place):
    whole = item("<link>https://c.example/a</link><category>x</category>")
    try:
        feed = reading(whole[:place] + broken + whole[place:])
    except NotAFeed as refused:
        feed = Feed(kind="", trouble=str(refused))

    assert_bounded(feed)
