"""Raw data into HTML that is safe whoever wrote it."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from broadsheet.newsroom.outward import language_named
from broadsheet.newsroom.print_blocks import Bearings, embed_label, joined, linked_pages, pieces, safe

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def html(kind, value, bearings=None):
    return joined(list(pieces([{"type": kind, "value": value}], bearings or Bearings())))


def test_a_link_to_our_own_page_follows_it_wherever_it_moves():
    text = '<p>See <a linktype="page" id="7">the dam</a> and <a id="8" linktype="page">the gone</a>.</p>'

    assert safe(text, Bearings(paths={7: "/briefings/dam/"})) == '<p>See <a href="/briefings/dam/">the dam</a> and the gone.</p>'
    assert linked_pages([[{"type": "paragraph", "value": text}]]) == {7, 8}


def test_a_link_elsewhere_gets_no_opener_and_a_script_no_link():
    assert (
        safe('<p><a href="https://example.org/">x</a></p>', Bearings())
        == '<p><a rel="noopener" href="https://example.org/">x</a></p>'
    )
    assert safe('<p><a href="javascript:alert(1)">x</a></p>', Bearings()) == "<p>x</p>"


def test_a_file_is_never_linked_since_it_has_no_wall():
    assert safe('<p><a linktype="document" id="3">the PDF</a></p>', Bearings()) == "<p>the PDF</p>"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("paragraph", f"<p>{EVIL}</p>"),
        ("quotation", EVIL),
        ("list", f"<ul><li>{EVIL}</li></ul>"),
        ("heading", EVIL),
        ("subheading", EVIL),
        ("pull", EVIL),
        ("table", {"caption": EVIL, "rows": [[EVIL], [EVIL]]}),
        ("embed", {"url": "https://youtube.com/" + EVIL, "title": EVIL}),
        ("exchange", {"question": EVIL, "answer": f"<p>{EVIL}</p>"}),
        ("chapter", {"title": EVIL, "body": []}),
        ("link", {"headline": EVIL, "url": "https://example.org/" + EVIL, "outlet": EVIL, "author": EVIL, "note": EVIL}),
        ("link", {"headline": "x", "url": "https://example.org/", "language": EVIL, "published_on": EVIL, "minutes": EVIL}),
        (
            "link",
            {"headline": "x", "url": "", "rivals": [{"headline": EVIL, "url": "https://example.org/" + EVIL, "outlet": EVIL}]},
        ),
        (
            "chart",
            {
                "title": EVIL,
                "kind": "line",
                "unit": EVIL,
                "source": EVIL,
                "labels": [EVIL],
                "series": [{"name": EVIL, "values": [1]}],
            },
        ),
    ],
)
def test_script_is_inert_in_every_block(kind, value):
    printed = html(kind, value)

    assert "<script" not in printed
    assert "<img" not in printed


def test_a_link_of_a_roundup_leads_only_to_the_web():
    assert "href" not in html("link", {"headline": "News", "url": "javascript:alert(1)", "outlet": ""})
    rival = {"headline": "News", "url": "data:text/html,x", "outlet": ""}
    assert "href" not in html("link", {"headline": "News", "url": "http://[x]/", "outlet": "", "rivals": [rival]})


LINK = {
    "headline": "Le barrage",
    "url": "https://example.org/a",
    "outlet": "Le Journal",
    "author": "Ada Plume",
    "published_on": "2026-03-01",
    "language": "fr",
    "minutes": 6,
    "paywalled": True,
    "note": "Read it slowly.",
}


def test_a_link_of_a_roundup_gives_credit_and_tells_the_outlet_nothing():
    printed = LexborHTMLParser(html("link", LINK))
    anchor = printed.css_first("a")

    assert printed.css_first(".outward-source").text() == "Le Journal · Ada Plume · 1 March 2026 · 6 min · in French · paywalled"
    assert (anchor.attributes["rel"], anchor.attributes["hreflang"]) == ("noopener noreferrer", "fr")
    assert printed.css_first(".outward-note").text() == "Read it slowly."


@pytest.mark.parametrize("around", [lambda rival: rival, lambda rival: {"type": "item", "value": rival, "id": "1"}])
def test_rival_readings_stand_beside_a_link_with_their_own_credit_however_they_are_stored(around):
    rivals = [around({"headline": f"Reading {n}", "url": f"https://r{n}.example/", "outlet": f"Rival {n}"}) for n in (1, 2)]
    printed = LexborHTMLParser(html("link", LINK | {"rivals": rivals}))

    assert [node.text() for node in printed.css(".outward-rivals a")] == ["Reading 1", "Reading 2"]
    assert [node.text() for node in printed.css(".outward-rivals cite")] == ["Rival 1", "Rival 2"]


@pytest.mark.parametrize(
    ("code", "said"), [("", ""), ("en-US", ""), ("pt-BR", "Brazilian Portuguese"), ("fr-CA", "French"), ("xx", "")]
)
def test_a_language_is_named_where_it_is_not_ours(code, said):
    assert language_named(code) == said


def test_an_embed_is_a_link_that_says_where_it_leads_and_only_to_hosts_on_the_list():
    assert embed_label("https://www.youtube.com/watch?v=1") == "Video on YouTube"
    assert embed_label("https://youtube.com.evil.example/") is None
    assert embed_label("http://youtube.com/") is None
    assert "iframe" not in html("embed", {"url": "https://vimeo.com/1", "title": "A talk"})
    assert html("embed", {"url": "https://evil.example/1", "title": "A talk"}) == ""


def test_a_table_tells_which_cells_are_heads():
    printed = html("table", {"caption": "Oil", "rows": [["Year", "Barrels"], ["2006", "12"]]})

    assert '<th scope="col">Barrels</th>' in printed
    assert '<th scope="row">2006</th><td>12</td>' in printed
    assert "<caption>Oil</caption>" in printed


def test_text_outside_of_paragraphs_is_kept():
    assert html("quotation", "A river.") == "<blockquote><p>A river.</p></blockquote>"
    assert html("paragraph", "loose <p>one</p><p>two</p>") == "loose <p>one</p><p>two</p>"
