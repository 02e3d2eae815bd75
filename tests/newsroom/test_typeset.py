"""The finished page of each cut."""

import json
import re

import pytest

from broadsheet.access.terms import WALLS, Reason
from broadsheet.newsroom import typeset
from broadsheet.newsroom.galleys import galley_of
from tests import make

pytestmark = pytest.mark.django_db
FREE, PAID = "antimacassar", "zugzwang"
LONG = "word " * 120


def chart(word):
    return {
        "title": word,
        "kind": "bar",
        "unit": word,
        "source": word,
        "labels": [word],
        "series": [{"name": word, "values": [1]}],
    }


PAID_BLOCKS = [
    {"type": "heading", "value": PAID},
    {"type": "table", "value": {"caption": PAID, "rows": [[PAID], [PAID]]}},
    {"type": "chart", "value": chart(PAID)},
    {"type": "embed", "value": {"url": f"https://vimeo.com/{PAID}", "title": PAID}},
    {"type": "pull", "value": PAID},
    {"type": "quotation", "value": PAID},
    {"type": "footnote", "value": {"mark": "1", "text": PAID}},
    f"<p>{PAID}[^1]</p>",
]
RAW_PAID = [make.block(block) for block in PAID_BLOCKS]


def gated(kind, audience):
    """An article of this type with a free word before its wall and a paid one in every part that lies beyond."""
    more = {
        "interview": {"talk": [("exchange", {"question": PAID, "answer": f"<p>{PAID}</p>"})], "expert": FREE},
        "report": {"chapters": [("chapter", {"title": "Second", "body": RAW_PAID})], "key_points": [FREE, PAID]},
        "podcast": {"recording": make.document(f"{PAID}.mp3")},
        "roundup": {"links": [("link", {"headline": PAID, "url": f"https://example.org/{PAID}", "outlet": PAID, "note": PAID})]},
    }
    return make.article(kind, audience=audience, body=[f"{FREE} {LONG}", *PAID_BLOCKS], **more.get(kind, {}))


@pytest.mark.parametrize("kind", make.TYPES)
@pytest.mark.parametrize("audience", ["registered", "metered", "members"])
def test_no_preview_holds_a_word_from_beyond_the_wall(kind, audience):
    galley = galley_of(gated(kind, audience))
    full, previews = typeset.full(galley), [typeset.preview(galley, reason) for reason in WALLS]

    assert PAID in full
    assert all(FREE in html for html in (full, *previews))
    assert not any(PAID in html for html in previews)


def test_what_is_declared_paid_is_what_the_page_marks_as_beyond():
    galley = galley_of(gated("briefing", "metered"))

    for html in (typeset.full(galley), typeset.preview(galley, Reason.REGISTER)):
        told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html).group(1))
        assert told["hasPart"]["cssSelector"] == ".beyond"
        assert re.search(r'class="[^"]*\bbeyond\b', html)


def test_an_open_article_is_printed_whole_and_declares_no_wall():
    html = typeset.full(galley_of(make.article(audience="open", body=["one", PAID])))

    assert PAID in html
    assert "hasPart" not in html


def test_the_same_galley_prints_the_same_page():
    galley = galley_of(gated("report", "members"))

    assert typeset.full(galley) == typeset.full(galley)
    assert galley.digest() == galley_of(galley_article(galley)).digest()


def galley_article(galley):
    return make.TYPES[galley.kind].objects.get(pk=galley.id)


def test_a_page_asks_no_other_host_for_anything():
    html = typeset.full(galley_of(gated("report", "members")))

    assert not re.findall(r'(?:src|srcset|data-src)="https?://', html)
    assert "<iframe" not in html
    assert "style=" not in html
