"""Markup and odd characters into clean text: one line, in composed characters, nothing in it that acts or hides."""

import re
import unicodedata
from html import unescape
from itertools import islice

import nh3

from broadsheet.wire.reading.bounds import MOST_COUNTED, MOST_READ, MOST_TAGS

# Control characters, what turns the direction of writing, what has no width and joins nothing, tags, surrogates, non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u2060-\u206f\u202a-\u202e\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_MARKS = re.compile("[\u200c-\u200f]{2,}")  # one joins letters or sets a direction, more of them hide something
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_CLOSED = re.compile(r"</[a-zA-Z][a-zA-Z0-9]{0,9}\s*>|<(?:br|img|script|style|iframe)\b", re.IGNORECASE)
_OPENING = re.compile("<")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_APART = re.compile(
    r"(?=<(?:p|br|div|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|blockquote|figure|figcaption|section|article|hr|pre)\b)", re.I
)
_ACTS = re.compile(r"<(script|style|template|noscript)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.I)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ACTING = {
    "script",
    "style",
    "iframe",
    "object",
    "noscript",
    "template",
    "svg",
    "math",
    "title",
    "textarea",
    "form",
    "select",
    "button",
}


def plain(text: str, *, most: int) -> str:
    """Of what is text already: `<b>` in it are three characters."""
    return _shortened(_seen(text[:MOST_READ]), most)


def from_markup(markup: str, *, most: int) -> str:
    """Of HTML, escaped or not closed as it may be. What acts is left out with all that is in it."""
    beyond = next(islice(_OPENING.finditer(markup, 0, MOST_READ), MOST_TAGS, None), None)
    apart = _APART.sub(" ", _UNSEEN.sub("", markup[: beyond.start() if beyond else MOST_READ]))
    bare = nh3.clean(apart, tags=set(), clean_content_tags=_ACTING, strip_comments=True)
    return _shortened(_seen(unescape(bare)), most)


def has_markup(text: str) -> bool:
    """Of what calls itself plain: a single `<blink>` may be what it speaks of, an element that is closed is not."""
    return _CLOSED.search(text[:MOST_READ]) is not None


def words_in(markup: str) -> int:
    """Two characters of Chinese or Japanese count as a word, as readers' speeds have it."""
    text = unescape(_TAG.sub(" ", _COMMENT.sub(" ", _ACTS.sub(" ", markup[:MOST_COUNTED]))))
    ideographs = len(_IDEOGRAPH.findall(text))
    return len(_WORD.findall(_IDEOGRAPH.sub(" ", text))) + (ideographs + 1) // 2


def _seen(text: str) -> str:
    composed = unicodedata.normalize("NFC", _MARKS.sub("", _UNSEEN.sub("", text)))
    return " ".join(composed.split())


def _shortened(text: str, most: int) -> str:
    """Cut between words, where there is a space near."""
    if len(text) <= most:
        return text
    space = text.rfind(" ", most // 2, most)
    return text[: space if space > 0 else most - 1].rstrip(" ,;:–-") + "…"
