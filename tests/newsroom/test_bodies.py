"""Bodies from elsewhere become blocks, and nothing that runs comes with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.newsroom.bodies import BadMarkdown, blocks_from_html, body_from_markdown


def types(blocks):
    return [block["type"] for block in blocks]


def test_html_becomes_blocks_in_its_order():
    blocks = blocks_from_html("<h2>One</h2><p>Two</p><ul><li>Three</li></ul><blockquote>Four</blockquote><h4>Five</h4>")

    assert types(blocks) == ["heading", "paragraph", "list", "quotation", "subheading"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Text<script>alert(1)</script></p>",
        "<p onclick=alert(1)>Text</p>",
        '<p><a href="javascript:alert(1)">Text</a></p>',
        "<iframe src=https://evil.example></iframe><p>Text</p>",
        "<p>Text<img src=x onerror=alert(1)></p>",
        "<svg onload=alert(1)><p>Text</p></svg>",
        "<style>p{}</style><p style=position:fixed>Text</p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math><p>Text</p>",
    ],
)
def test_what_runs_is_left_behind_and_the_text_stays(html):
    said = " ".join(str(block["value"]) for block in blocks_from_html(html))

    assert "Text" in said
    assert not any(word in said.lower() for word in ("script", "alert", "onclick", "onerror", "onload", "iframe", "style"))


def test_loose_text_between_blocks_is_a_paragraph_of_its_own():
    blocks = blocks_from_html("Loose <b>words</b><p>Paragraph</p>tail")

    assert [block["value"] for block in blocks] == ["<p>Loose <b>words</b></p>", "<p>Paragraph</p>", "<p>tail</p>"]


def test_a_table_keeps_its_cells():
    blocks = blocks_from_html("<table><caption>Cap</caption><tr><th>A <b>B</b></th></tr><tr><td>1</td></tr></table>")

    assert blocks[0]["value"] == {"caption": "Cap", "rows": [["A B"], ["1"]]}


def test_empty_html_has_no_blocks():
    assert blocks_from_html("<p> </p><div></div>") == ()


@given(st.text())
def test_any_text_gets_an_answer(text):
    assert isinstance(blocks_from_html(text), tuple)


def test_an_interview_is_its_questions_and_what_follows_them():
    body = body_from_markdown("Introduction.\n\nQ: Why?\n\nBecause.\n\nAnd so.\n\nQ: Then?\n\nNothing.")

    assert types(body.blocks) == ["paragraph"]
    assert [question for question, _ in body.talk] == ["Why?", "Then?"]
    assert "Because." in body.talk[0][1]
    assert "And so." in body.talk[0][1]


def test_a_first_heading_begins_a_chapter():
    body = body_from_markdown("Before.\n\n# One\n\nText.\n\n# Two\n\nMore.")

    assert [(title, types(blocks)) for title, blocks in body.chapters] == [("One", ["paragraph"]), ("Two", ["paragraph"])]
    assert types(body.blocks) == ["paragraph"]


def test_a_footnote_leaves_its_mark_and_stands_as_a_block():
    body = body_from_markdown("Claim[^a].\n\n[^a]: Source.")

    assert body.blocks[0]["value"] == "<p>Claim[^a].</p>"
    assert body.blocks[1] == {"type": "footnote", "value": {"mark": "a", "text": "<p>Source.</p>"}}


@pytest.mark.parametrize(
    ("fence", "said"),
    [
        ("```chart\nnot toml\n```", "is not TOML"),
        ('```chart\nlabels = ["a", "b"]\n[[series]]\nvalues = [1]\n```', "as many values as there are labels"),
        ('```link\nheadline = "x"\nurl = "javascript:x"\n```', "a headline and a web address"),
        ("```python\nx\n```", "either chart or link"),
    ],
)
def test_a_special_block_that_cannot_be_read_says_why(fence, said):
    with pytest.raises(BadMarkdown, match=said):
        body_from_markdown(fence)
