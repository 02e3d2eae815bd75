"""Lists of feeds come in from any reader, and go out so that they come in again the same."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.wire.reading.opml import NotAList, Outline, read_outlines, write_outlines

LIST = b"""<?xml version="1.0"?><opml version="1.1"><head><title>Ada's feeds</title></head><body>
    <outline text="Africa"><outline text="West"><outline title="The Courier" text="ignored" xmlUrl="https://courier.example/feed"
        htmlUrl="https://courier.example/"/></outline>
    <outline type="rss" text="Sahel &amp; more" xmlurl="feed://sahel.example/rss?utm_source=opml"/></outline>
    <outline text="The Courier again" xmlUrl="http://www.courier.example/feed/"/>
    <outline text="Nowhere" xmlUrl="javascript:alert(1)"/><outline text="An empty folder"/></body></opml>"""
COURIER = Outline("https://courier.example/feed", "The Courier", "https://courier.example/", ("Africa", "West"))
SAHEL = Outline("http://sahel.example/rss", "Sahel & more", "", ("Africa",))


def test_a_list_is_read_with_its_folders_and_each_feed_once():
    outlines = read_outlines(LIST)

    assert outlines.title == "Ada's feeds"
    assert outlines.feeds == (COURIER, SAHEL)
    assert outlines.trouble == "1 of its feeds have no address on the web."


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co"]), min_size=1, max_size=20)
outline = st.builds(
    Outline,
    feed=st.integers(0, 10**6).map(lambda number: f"https://c{number}.example/feed?a=1&b={number}"),
    title=names,
    site=st.sampled_from(["", "https://c.example/"]),
    folders=st.lists(names, max_size=3).map(tuple),
    language=st.sampled_from(["", "fr", "pt-br"]),
)


@given(st.lists(outline, max_size=12, unique_by=lambda outline: outline.feed))
def test_what_goes_out_comes_in_the_same(feeds):
    once = read_outlines(write_outlines("Ours", feeds))
    again = read_outlines(write_outlines(once.title, once.feeds))

    assert again == once
    assert [outline.feed for outline in once.feeds] == [outline.feed for outline in feeds]


def test_folders_keep_the_order_of_their_feeds():
    feeds = [Outline(f"https://{name}.example/", name, "", folder) for name, folder in (("a", ("X",)), ("b", ()), ("c", ("X",)))]

    assert list(read_outlines(write_outlines("Ours", feeds)).feeds) == feeds


@pytest.mark.parametrize(
    ("said", "language"), [("fr", "fr"), ("pt_BR", "pt-br"), ("unknown", ""), ('x"><b>', ""), ("de-1996-abcdefgh", ""), ("", "")]
)
def test_a_list_says_in_what_language_a_feed_is(said, language):
    written = f'<opml><body><outline xmlUrl="https://courier.example/feed" language="{escape(said)}"/></body></opml>'

    assert [outline.language for outline in read_outlines(written.encode()).feeds] == [language]


def test_script_in_a_list_is_text():
    (outline,) = read_outlines(LIST.replace(b"Sahel &amp; more", b"&lt;script>x&lt;/script>")).feeds[1:]

    assert outline.title == "<script>x</script>"
    assert b"<script>" not in write_outlines("<script>", [outline])


@pytest.mark.parametrize(
    ("body", "says"), [(b"", "no list"), (b"<rss/>", "no list"), (b"{}", "no list"), (b" " * 6_000_000, "bytes")]
)
def test_what_is_no_list_is_refused_in_a_sentence(body, says):
    with pytest.raises(NotAList, match=says):
        read_outlines(body)


def test_a_list_of_any_length_and_depth_is_read_as_far_as_it_goes():
    deep = read_outlines(b"<opml><body>" + b"<outline text='x'>" * 500 + b"</outline>" * 500 + b"</body></opml>")
    many = b"".join(b"<outline text='f' xmlUrl='https://c%d.example/'/>" % number for number in range(4_000))
    long = read_outlines(b"<opml><body>" + many + b"</body></opml>")

    assert (deep.feeds, len(long.feeds)) == ((), 3_000)
    assert "60 elements deep" in deep.trouble
    assert "first 3,000" in long.trouble
