"""Links are whole, safe, and the same where they lead to the same page."""

import pytest

from broadsheet.wire.reading.links import canonical_link, is_front_page, link_key


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://c.example/a?utm_source=rss&id=3&fbclid=x#top", "https://c.example/a?id=3"),
        ("https://c.example/a?UTM_Medium=x&gclid=1&mc_cid=2", "https://c.example/a"),
        ("https://c.example/a?partner=x&s=1", "https://c.example/a?partner=x&s=1"),
        ("HTTPS://C.Example:443/A", "https://c.example/A"),
        ("http://c.example:80/", "http://c.example/"),
        ("http://c.example:8080", "http://c.example:8080/"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://c.example/a b", "https://c.example/a%20b"),
        ("https://c.example/#!/page", "https://c.example/#!/page"),
        ("/mali", "https://base.example/mali"),
        ("//c.example/mali", "https://c.example/mali"),
        (" https://c.example/\n mali ", "https://c.example/%20mali"),
        ("https://www.google.com/amp/s/c.example/mali", "https://c.example/mali"),
        ("https://c-example.cdn.ampproject.org/c/s/c.example/mali", "https://c.example/mali"),
        ("https://c.example./a", "https://c.example/a"),
    ],
)
def test_a_link_is_made_whole(link, canonical):
    assert canonical_link(link, base="https://base.example/feed/") == canonical


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://c.example/",
        "mailto:a@c.example",
        "https://",
        "https:///path",
        "https://c.example:99999/",
        "https://c.example:x/",
        "https://[::1",
        "https://bank.example@c.example/",
        "https://user:secret@c.example/",
        "https://bank.example\\@c.example/",
        "https://c.exam\u202eple/",
        "https://c example/",
        "https://c.example/" + "a" * 3_000,
        "https://c.example/\ud800",
    ],
)
def test_a_link_that_leads_anywhere_else_is_refused(link):
    assert canonical_link(link, base="https://base.example/") == ""
    assert link_key(link) == ""


@pytest.mark.parametrize(
    "variant",
    [
        "http://c.example/mali",
        "https://www.c.example/mali/",
        "https://m.c.example/mali/index.html",
        "https://amp.c.example/mali",
        "https://c.example/amp/mali",
        "https://c.example/mali/amp/",
        "https://c.example/mali?amp=1&utm_campaign=x",
        "https://c.example/mali?outputType=amp",
        "https://c.example/%6dali#comments",
        "https://c-example.cdn.ampproject.org/v/s/c.example/mali?amp_js_v=0.1",
    ],
)
def test_variants_of_a_page_compare_as_one(variant):
    assert link_key(variant).partition("?amp_js")[0] == link_key("https://c.example/mali")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://c.example/a", "https://c.example/A"),
        ("https://c.example/?p=1", "https://c.example/?p=2"),
        ("https://c.example/a", "https://d.example/a"),
        ("https://c.example/a", "https://news.c.example/a"),
        ("https://c.example/a/b", "https://c.example/a%2Fb%3Fc"),
        ("https://c.example/camp", "https://c.example/c"),
        ("https://c.example/caf%E9", "https://c.example/caf%E8"),
        ("https://c.example/#!/a", "https://c.example/#!/b"),
    ],
)
def test_different_pages_stay_different(one, other):
    assert link_key(one) != link_key(other)


def test_the_order_of_parameters_means_nothing():
    assert link_key("https://c.example/?a=1&b=2") == link_key("https://c.example/?b=2&a=1")


@pytest.mark.parametrize("link", ["https://c.example/a?b=c&d", "https://bücher.example/ä?ö=ü", "http://c.example"])
def test_a_canonical_link_is_canonical(link):
    assert canonical_link(canonical_link(link)) == canonical_link(link) != ""


def test_a_front_page_is_no_pieces_page():
    assert is_front_page("https://www.c.example/index.html")
    assert not is_front_page("https://c.example/?p=1")
    assert not is_front_page("")
