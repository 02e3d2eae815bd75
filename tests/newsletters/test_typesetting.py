"""What leaves the house as an edition: in HTML and in plain text, in each cut."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.template.defaultfilters import linebreaksbr
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from broadsheet.access.terms import Cut
from broadsheet.design import bundle
from broadsheet.mailroom.mould import Mould
from broadsheet.newsletters import places
from broadsheet.newsletters.composed import Part
from broadsheet.newsletters.flagging import MOST_WEIGHT
from broadsheet.newsletters.typesetting import UNSET, typeset
from broadsheet.newsroom.galley import Picture
from tests.newsletters import samples
from tests.newsletters.test_reprint import CHART, EMBED, FIGURE, TABLE

DESIGN = Path(bundle.__file__).parent
EDITION = DESIGN / "templates/edition"
TOKENS = (DESIGN / "css/tokens.css").read_text()
WORDS = "What the treaty leaves out is the larger half of what it is about, and whoever signs it knows that. "


def printed(
    composed=None, *, cut=Cut.FULL, leads=lambda path: True, imprint="12 Press Lane, Paris", in_mail=lambda picture: picture
):
    return typeset(composed or samples.composed(), cut=cut, house=samples.HOUSE, leads=leads, in_mail=in_mail, imprint=imprint)


def tree(html):
    return LexborHTMLParser(html)


# What it says


@pytest.mark.parametrize("form", ["html", "text"])
@pytest.mark.parametrize(
    "said",
    [
        *("The Daily", "Monday, 2 March 2026", "Good morning.", "Two things today.", "Free words.", "Paid words.", "Also today"),
        *("A Near Thing", "https://review.test/notes/near/", "Amara Osei · Note · 1\u00a0min", "What Stands Elsewhere"),
        *("B. Outside · The Other Review · 9\u00a0min · paywalled", "12 Press Lane, Paris", "https://review.test/imprint/"),
    ],
)
def test_both_forms_say_the_same(form, said):
    assert said in getattr(printed(), form)


@pytest.mark.parametrize("form", ["html", "text"])
def test_the_free_cut_ends_with_the_way_to_go_on(form):
    free = getattr(printed(cut=Cut.PREVIEW), form)

    assert "Free words." in free
    assert "Paid words." not in free
    assert "Go on reading “The Dam &amp; the River”" in free or "Go on reading “The Dam & the River”" in free
    assert "https://review.test/subscribe/" in free


def test_an_open_story_is_whole_in_the_free_cut_too():
    open_one = samples.composed(top=samples.top(rest=""))

    assert "Go on reading" not in printed(open_one, cut=Cut.PREVIEW).html


@pytest.mark.parametrize("name", sorted(places.NAMES))
def test_each_place_stands_in_both_forms(name):
    place = getattr(places, name.upper())

    assert place in printed().html
    assert place in printed().text


def test_a_mould_takes_it_and_leaves_no_place_open():
    one = printed()
    mould = Mould(subject=one.subject, text=one.text, html=one.html, headers={}, places=places.NAMES)

    message = bytes(mould.cast({"To": "sada@example.org"}, {name: f"own-{name}" for name in places.NAMES}))

    assert b"own-leave" in message
    assert "\ue000".encode() not in message


def test_nobody_opens_a_place_by_writing_one():
    written = samples.composed(note=(f"Leave at {places.LEAVE}.",), top=samples.top(free=f"<p>{places.ADDRESS}</p>"))

    assert printed(written).html.count(places.LEAVE) == printed().html.count(places.LEAVE)
    assert printed(written).text.count(places.ADDRESS) == printed().text.count(places.ADDRESS)


# What is not in it


def walled(words):
    """Everything of the paid part that could carry a word, each with one of its own."""
    marked = iter(words)
    rest = "".join(
        [
            f"<p>{next(marked)} <a href='/briefings/{next(marked)}/'>{next(marked)}</a></p>",
            f"<h2 class='chapter' id='{next(marked)}'>{next(marked)}</h2>",
            FIGURE.replace("A dam", next(marked)).replace("The gate", next(marked)).replace("dam.webp", f"{next(marked)}.webp"),
            CHART.replace("Water", next(marked)),
            TABLE.replace("Who signed", next(marked)),
            EMBED.replace("The talk", next(marked)),
            f"<aside class='pull'><p>{next(marked)}</p></aside><ul><li>{next(marked)}</li></ul>",
            f"<h2 class='question'>{next(marked)}</h2><blockquote><p>{next(marked)}</p></blockquote>",
        ]
    )
    return samples.composed(top=samples.top(rest=rest))


@given(st.lists(st.text("bcdfghjklmnpqrstvwxz", min_size=9, max_size=12), min_size=15, max_size=15, unique=True))
@settings(max_examples=10, deadline=None)
def test_nothing_from_beyond_the_cut_is_in_the_free_one(words):
    free = printed(walled(words), cut=Cut.PREVIEW)

    found = [word for word in words for form in (free.html, free.text, free.subject, free.preheader, *free.flags) if word in form]
    assert found == []


def test_pictures_beyond_the_cut_are_in_no_cut():
    full = printed(samples.composed(top=samples.top(free="<p>Free.</p>", rest=FIGURE, picture=samples.PICTURE)))

    assert re.findall(r'<img [^>]*src="([^"]+)"', full.html) == ["https://review.test/media/images/dam.webp"]


def test_it_loads_nothing_but_our_own_pictures_and_runs_nothing():
    html = printed(samples.composed(top=samples.top(free=FIGURE + EMBED, picture=samples.PICTURE))).html

    assert {src.split("/media/")[0] for src in re.findall(r'src="([^"]+)"', html)} == {"https://review.test"}
    assert not re.search(r"<script|<link|@import|@font-face|url\(|<iframe|<object|onload=", html)


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_stands_there_as_text(typed):
    made = printed(samples.composed(note=(f"a{typed}z",), parts=(Part("articles", typed, (replace(samples.NEAR, said=typed),)),)))

    seen = {paragraph.text() for paragraph in tree(made.html).css("p")}
    expected = tree(f"<p>{linebreaksbr(_escaped(f'a{typed}z'), autoescape=False)}</p>").css_first("p").text()
    assert " ".join(expected.split()) in {" ".join(text.split()) for text in seen}


def _escaped(text):
    return text.translate(UNSET).replace("&", "&amp;").replace("<", "&lt;")


# How it is built


def test_its_headings_go_down_step_by_step():
    html = printed(samples.composed(top=samples.top(free="<h2>Part</h2><h3>Within</h3><p>Text.</p>"))).html

    assert [node.tag for node in tree(html).css("h1, h2, h3, h4")] == ["h1", "h2", "h3", "h4", "h2", "h3", "h2", "h3"]


def test_it_says_its_language_and_what_is_no_table():
    html = tree(printed().html)

    assert html.css_first("html").attributes["lang"] == "en-GB"
    assert {table.attributes.get("role") for table in html.css("table")} == {"presentation"}


def test_a_picture_that_is_not_shown_leaves_its_words():
    image = tree(printed(samples.composed(top=samples.top(picture=samples.PICTURE))).html).css_first("img")

    assert image.attributes["alt"] == "A dam at noon"
    assert "font:italic" in image.attributes["style"]


def test_no_line_of_the_text_is_wider_than_a_screen():
    long_one = samples.composed(note=(WORDS * 5,), top=samples.top(free=f"<p>{WORDS * 9}</p><ul><li>{WORDS * 2}</li></ul>"))

    assert max(len(line) for line in printed(long_one).text.splitlines() if "://" not in line) <= 72


def test_links_of_the_text_stand_below_it_once_each():
    linked = '<p>See <a href="/a/">this</a> and <a href="https://b.test/">that</a>, and <a href="/a/">this</a> again.</p>'

    text = printed(samples.composed(top=samples.top(free=linked, rest=""))).text

    assert "See this [1] and that [2], and this [1] again." in text
    assert "Links:\n[1] https://review.test/a/\n[2] https://b.test/" in text


def test_a_daily_of_its_usual_length_stays_below_what_gmail_hides():
    paragraphs = "".join(f"<p>{WORDS * 4}</p>" for _ in range(20))  # 1,520 words
    lines = tuple(replace(samples.NEAR, id=n, address=f"https://review.test/notes/{n}/", said=WORDS) for n in range(10, 22))
    daily = samples.composed(top=samples.top(rest=paragraphs), parts=(Part("articles", "Also today", lines),))

    assert printed(daily).weight < MOST_WEIGHT / 2


# Flags


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": ""}, "It has no subject"),
        ({"subject": "x" * 61}, "The subject has 61 characters"),
        ({"subject": "READ THIS NOW"}, "all capitals"),
        ({"preheader": " "}, "It has no preheader"),
        ({"top": None, "parts": ()}, "Nothing stands in it"),
        ({"top": samples.top(picture=replace(samples.PICTURE, alt=" "))}, "no alternative text"),
        ({"top": samples.top(free=FIGURE.replace("A dam", ""))}, "no alternative text"),
        ({"top": samples.top(free='<p><a href="/gone/">x</a></p>')}, "links to /gone/, where nothing is"),
        ({"parts": (Part("articles", "", (replace(samples.NEAR, address="https://review.test/gone/"),)),)}, "no longer stands"),
        ({"parts": (Part("links", "", (replace(samples.LINK, address="https://review.test/gone/"),)),)}, "leads to /gone/"),
        ({"parts": (Part("articles", "", (samples.NEAR, samples.NEAR)),)}, "stands in it twice"),
        ({"top": samples.top(rest=f"<p>{WORDS * 1000}</p>")}, "It weighs"),
    ],
)
def test_what_an_editor_should_look_at_is_said(changes, said):
    flags = printed(samples.composed(**changes), leads=lambda path: path != "/gone/").flags

    assert [flag for flag in flags if said in flag] == list(flags)
    assert flags


def test_an_edition_as_it_should_be_has_no_flag():
    assert printed(samples.composed(top=samples.top(picture=samples.PICTURE))).flags == ()


def test_a_picture_stands_in_the_measure_of_the_column_as_mail_programs_can_show_it():
    def in_mail(picture):
        return replace(picture, src=picture.src.replace("webp", "jpg"), width=1200, height=675)

    html = printed(samples.composed(top=samples.top(free=FIGURE, picture=samples.PICTURE)), in_mail=in_mail).html

    shown = [(node.attributes["src"][-4:], node.attributes["width"], node.attributes["height"]) for node in tree(html).css("img")]
    assert shown == [(".jpg", "600", "338")] * 2


def test_a_picture_that_is_narrower_than_the_column_stays_so():
    html = printed(samples.composed(top=samples.top(picture=replace(samples.PICTURE, width=300, height=200)))).html

    assert (tree(html).css_first("img").attributes["width"], "max-width:300px" in html) == ("300", True)


def test_a_picture_needs_no_size():
    assert "<img" in printed(samples.composed(top=samples.top(picture=Picture("/media/a.webp", "A", 0, 0)))).html


# How it looks


def theme(name):
    block = {"light": ":root {", "dark": ':root[data-theme="dark"] {'}[name]
    return set(re.findall(r"#[0-9a-f]{6}\b", TOKENS.partition(block)[2].partition("}")[0]))


def test_its_colours_are_the_sites():
    styles = (EDITION / "styles.mjml").read_text()
    dark = styles.partition("prefers-color-scheme: dark")[2]
    light = "".join(file.read_text() for file in EDITION.glob("*.mjml")).replace(dark, "")

    assert set(re.findall(r"#[0-9a-f]{6}\b", dark)) <= theme("dark")
    assert set(re.findall(r"#[0-9a-f]{6}\b", light)) <= theme("light")


@pytest.mark.parametrize("name", sorted(file.stem for file in EDITION.glob("*.mjml")))
def test_every_template_says_what_it_takes(name):
    assert re.search(r"{#.*#}|{% comment %}.*{% endcomment %}", (EDITION / f"{name}.mjml").read_text(), re.DOTALL)
