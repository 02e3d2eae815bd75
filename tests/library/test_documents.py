"""What the index reads of a galley's HTML."""

import pytest

from broadsheet.library.documents import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One<br>two<br/>three</p>", "One\ntwo\nthree"),
        ("<p>A <b>dam</b>, full.</p><p>Two</p>", "A dam, full.\nTwo"),
        ('<table><tr><th scope="col">Year</th><td>1</td></tr></table>', "Year\n1"),
        ('<p>Is 1 &lt; 2 &amp;amp; <a href="https://example.org/?a>b">so</a></p>', "Is 1 < 2 &amp; so"),
        ("<figure><svg><style>p{}</style><text>9</text></svg><figcaption>Rain</figcaption></figure>", "Rain"),
        ("<p>&lt;script&gt;shown&lt;/script&gt;</p><p><strong>spared</strong></p>", "<script>shown</script>\nspared"),
    ],
)
def test_all_that_is_read_is_there_a_line_a_paragraph_and_nothing_else(html, text):
    assert text_of(html) == text
