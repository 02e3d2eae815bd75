"""What mail carries of an article's text, and what stays on the site."""

import pytest

from broadsheet.newsletters.reprint import Kind, reprinted

ADDRESS = "https://review.test/briefings/the-dam/"
FIGURE = (
    '<figure class="picture"><img src="/media/dam.webp" srcset="/media/dam-480.webp 480w" width="960" height="540" alt="A dam" '
    'loading="lazy"><figcaption>The gate. <span class="credit">N. Lens</span></figcaption></figure>'
)
CHART = (
    '<figure class="chart"><figcaption><strong>Water</strong> <span>km3</span></figcaption><svg><text>12</text></svg>'
    "<details><table><tr><td>77</td></tr></table></details></figure>"
)
TABLE = '<div class="table"><table><caption>Who signed</caption><tbody><tr><td>Nobody</td></tr></tbody></table></div>'
EMBED = '<p class="embed"><a href="https://vimeo.com/1">The talk</a> <span class="embed-host">Video on Vimeo</span></p>'


def reprint(html, *, gated=False):
    return reprinted(html, address=ADDRESS, gated=gated)


def written(html, *, gated=False):
    return [(block.kind, *block.parts) for block in reprint(html, gated=gated)]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>One &amp; <b>two</b><br>three</p>", [("paragraph", "One &amp; <b>two</b><br/>three")]),
        ('<p>See <a href="/notes/near/">it</a>.</p>', [("paragraph", 'See <a href="https://review.test/notes/near/">it</a>.')]),
        ('<p><a href="#2-paid">below</a></p>', [("paragraph", f'<a href="{ADDRESS}#2-paid">below</a>')]),
        ('<p><a href="javascript:alert(1)">odd</a></p>', [("paragraph", "odd")]),
        ('<p><a href="//[x">odd</a></p>', [("paragraph", "odd")]),
        ('<p>Said.<sup class="mark"><a href="#note-1">1</a></sup></p>', [("paragraph", "Said.")]),
        ('<h2 class="chapter" id="1-a">A</h2><h3>B</h3>', [("heading", "A"), ("subheading", "B")]),
        ('<h2 class="question">Why?</h2><p>So.</p>', [("question", "Why?"), ("paragraph", "So.")]),
        ("<blockquote><p>One.</p><p>Two.</p></blockquote>", [("quotation", "One.", "Two.")]),
        ("<ul><li>One</li><li>Two<ol><li>deep</li></ol></li></ul>", [("bullets", "One", "Two<br/>– deep")]),
        ("<ol><li>One</li></ol>", [("numbers", "One")]),
        ('<aside class="pull" aria-hidden="true"><p>Repeated.</p></aside>', [("pull", "Repeated.")]),
        (CHART, [("elsewhere", "chart “Water”")]),
        (TABLE, [("elsewhere", "table “Who signed”")]),
        (EMBED, [("elsewhere", "Video on Vimeo “The talk”")]),
        ("<p> </p><script>alert(1)</script>", []),
    ],
)
def test_a_piece_of_an_article_becomes_a_block(html, blocks):
    assert written(html) == blocks


def test_a_picture_before_the_cut_has_a_whole_address_and_its_words():
    (block,) = reprint(FIGURE)

    assert block.kind is Kind.PICTURE
    assert (block.picture.src, block.picture.alt) == ("https://review.test/media/dam.webp", "A dam")
    assert (block.picture.caption, block.picture.credit) == ("The gate.", "N. Lens")


def test_a_picture_that_would_not_load_is_left_out_with_its_caption():
    assert written(f"<p>Text.</p>{FIGURE}", gated=True) == [("paragraph", "Text.")]
