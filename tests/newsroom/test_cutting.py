"""A text in two parts: what stands before the wall and what stands beyond it."""

from broadsheet.newsroom.cutting import cut
from broadsheet.newsroom.galley import Picture
from broadsheet.newsroom.print_blocks import Bearings

WORDS = "word " * 50


def block(kind, value=None):
    return {"type": kind, "value": value}


def paragraph(text=""):
    return block("paragraph", f"<p>{text} {WORDS}</p>")


def cut_of(*blocks, gated=True, bearings=None):
    return cut([list(blocks)], bearings or Bearings(), gated=gated, least=100)


def test_an_open_text_has_no_wall():
    found = cut_of(paragraph("first"), paragraph("last"), gated=False)

    assert "last" in found.free
    assert found.rest == ""


def test_the_editors_wall_goes_before_the_rule():
    found = cut_of(paragraph("first"), block("wall"), paragraph("second"), paragraph("third"))

    assert "second" not in found.free
    assert "second" in found.rest


def test_a_wall_with_nothing_after_it_is_no_wall():
    found = cut_of(paragraph("first"), paragraph("second"), block("wall"))

    assert found.wall_at_the_end
    assert "second" in found.rest


def test_one_paragraph_alone_stands_wholly_beyond_the_wall():
    found = cut_of(paragraph("only"))

    assert found.free == ""
    assert "only" in found.rest


def test_several_paragraphs_in_one_block_are_cut_between_them():
    found = cut_of(block("paragraph", f"<p>first {WORDS}</p><p>second {WORDS}</p><p>third {WORDS}</p>"))

    assert "second" in found.free
    assert found.rest.startswith("<p>third")


def test_a_heading_goes_with_what_follows_it():
    found = cut_of(paragraph(), paragraph(), block("heading", "The turn"), paragraph())

    assert "The turn" not in found.free
    assert found.rest.startswith("<h2>The turn</h2>")


def test_a_chart_between_free_and_paid_stands_beyond():
    chart = {"title": "Oil", "kind": "bar", "labels": ["A"], "series": [{"name": "x", "values": [1.0]}]}
    found = cut_of(paragraph(), paragraph(), block("chart", chart), paragraph())

    assert "Oil" not in found.free


def test_a_pull_quote_before_the_wall_gives_no_paid_sentence_away():
    found = cut_of(
        block("pull", "Nobody pays."), block("pull", "It works."), paragraph("It works."), paragraph(), paragraph("Nobody pays.")
    )

    assert 'aria-hidden="true"><p>It works.' in found.free
    assert "Nobody pays." not in found.free
    assert found.rest.count("Nobody pays.") == 2


def test_a_footnote_belongs_where_its_mark_stands():
    note = {"mark": "a", "text": "<p>Paid note.</p>"}
    free = {"mark": "b", "text": "<p>Free note.</p>"}
    found = cut_of(
        paragraph("see[^b]"), paragraph(), paragraph("see[^a] and[^b]"), block("footnote", note), block("footnote", free)
    )

    assert [(one.html, one.mark, one.free) for one in found.footnotes] == [
        ("<p>Free note.</p>", "1", True),
        ("<p>Paid note.</p>", "2", False),
    ]
    assert '<a id="mark-1" href="#note-1"' in found.free
    assert '<a href="#note-1"' in found.rest


def test_a_mark_without_a_note_is_not_printed_and_a_note_without_a_mark_is_paid():
    found = cut_of(paragraph("see[^x]"), paragraph(), paragraph(), block("footnote", {"mark": "y", "text": "Note."}))

    assert "[^" not in found.free
    assert [one.free for one in found.footnotes] == [False]


def test_an_answer_is_cut_at_a_paragraph_and_its_question_stays_before_it():
    talk = [block("exchange", {"question": "Who pays?", "answer": f"<p>One {WORDS}</p><p>Two {WORDS}</p><p>Three {WORDS}</p>"})]
    found = cut([[], talk], Bearings(), gated=True, least=100)

    assert found.free.startswith('<h2 class="question">Who pays?</h2><p>One')
    assert found.rest.startswith("<p>Three")


def test_chapters_are_listed_and_those_beyond_the_wall_are_marked():
    chapters = [
        block("chapter", {"title": f"Part {name}", "body": [paragraph(name), paragraph(), block("heading", "H")]})
        for name in "AB"
    ]
    found = cut([[], chapters], Bearings(), gated=True, least=100)

    assert [(chapter.title, chapter.free) for chapter in found.chapters] == [("Part A", True), ("Part B", False)]
    assert found.chapters[1].anchor == "2-part-b"
    assert '<h2 class="chapter" id="2-part-b">' in found.rest
    assert "<h3>H</h3>" in found.rest


def test_links_of_a_roundup_stay_in_a_list_on_both_sides_of_the_wall():
    link = {"headline": f"News {WORDS}", "url": "https://example.org/a", "outlet": "The Example", "minutes": 4, "paywalled": True}
    found = cut_of(*[block("link", link) for _ in range(4)])

    assert found.free.startswith('<ul class="links"><li')
    assert found.free.endswith("</li></ul>")
    assert found.rest.startswith('<ul class="links"><li')


def test_a_picture_beyond_the_wall_has_its_files_beyond_it():
    bearings = Bearings(pictures={7: Picture("/media/a.webp", "", 960, 540, srcset="/media/s.webp 480w, /media/a.webp 960w")})
    found = cut_of(
        paragraph(),
        paragraph(),
        block("picture", {"image": 7, "alt": "A dam", "caption": "Paid caption"}),
        paragraph(),
        bearings=bearings,
    )

    assert [(file.path, file.free) for file in found.files] == [("/media/a.webp", False), ("/media/s.webp", False)]
    assert "Paid caption" not in found.free
    assert 'alt="A dam"' in found.rest


def test_nothing_is_lost_between_the_two_parts():
    blocks = [paragraph(str(number)) for number in range(9)]

    assert cut_of(*blocks).free + cut_of(*blocks).rest == cut_of(*blocks, gated=False).free
