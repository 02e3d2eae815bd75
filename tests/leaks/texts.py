"""Texts with a free word before the cut and a paid one in every place beyond it."""

import json
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Pixels
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests.leaks.words import Planter

FILLER = "The river has no flag until somebody builds a gauge upon it and then it has two. " * 8  # 136 words: more than the cut
SIZE = (500, 20)  # of a picture: wide enough for two sizes to choose from
Block = dict[str, Any]


def free_paragraph(words: Planter) -> Block:
    """With a day on which something happened, which pages that gather such days quote."""
    on_a_day = f"On 15 January 2019 Kenya and Ethiopia signed the treaty on their border at {words.free('free telling')}."
    return _paragraph(f"{words.free('free paragraph')} {FILLER} {on_a_day}")


def paid_blocks(words: Planter, picture: int | None) -> list[Block]:
    """One of every block that an article's body takes."""
    paid = words.paid
    return [
        _block("heading", f"Heading {paid('heading')}"),
        _paragraph(f"Beyond {paid('paragraph')}.[^1]"),
        _paragraph(f"On 3 February 2020 Kenya and Ethiopia signed an accord, and troops withdrew to {paid('telling')}."),
        _block("subheading", f"Subheading {paid('subheading')}"),
        _paragraph(f'<a href="https://elsewhere.example/{paid("address of a link")}">{paid("text of a link")}</a>'),
        _block("quotation", f"<p>{paid('quotation')}</p>"),
        _block("list", f"<ul><li>{paid('list')}</li></ul>"),
        _block("table", {"caption": paid("caption of a table"), "rows": [[paid("head of a table"), "b"], [paid("cell"), "2"]]}),
        *([_picture(words, picture)] if picture else []),
        _chart(words),
        _block("pull", paid("pull quote")),
        _block("embed", {"url": f"https://vimeo.com/{paid('address of an embed')}", "title": paid("title of an embed")}),
        _block("footnote", {"mark": "1", "text": f"<p>{paid('footnote')}</p>"}),
        _paragraph("The last of it."),
    ]


def body(words: Planter, picture: int | None) -> list[Block]:
    """A pull quote from beyond the cut stands before it: it must move with what it repeats."""
    early = words.paid("pull quote before the cut")
    return [
        _block("pull", f"They said {early}."),
        free_paragraph(words),
        *paid_blocks(words, picture),
        _paragraph(f"They said {early}."),
    ]


def talk(words: Planter) -> list[Block]:
    return [
        _exchange(words.free("first question"), FILLER),
        _exchange(words.paid("question"), f"<b>{words.paid('answer')}</b>"),
    ]


def chapters(words: Planter, picture: int | None) -> list[Block]:
    first = {"title": words.free("title of the first chapter"), "body": [free_paragraph(words)]}
    blocks = paid_blocks(words, picture)
    return [_block("chapter", first), _block("chapter", {"title": words.paid("title of a chapter"), "body": blocks})]


def links(words: Planter) -> list[Block]:
    return [
        _link(words.free("first link"), FILLER, "first"),
        _link(words.paid("headline of a link"), words.paid("note of a link"), words.paid("address of a roundup's link")),
        _link("The last one", "Nothing.", "last"),
    ]


def key_points(words: Planter) -> list[str]:
    return [words.free("first key point"), words.paid("second key point")]


def picture(word: str) -> Any:
    """A picture like no other, so that its bytes say whose it is."""
    drawn = BytesIO()
    Pixels.frombytes("RGB", SIZE, Random(word).randbytes(SIZE[0] * SIZE[1] * 3)).save(drawn, "PNG")
    return get_image_model().objects.create(title=word, file=ImageFile(BytesIO(drawn.getvalue()), name=f"{word}.png"))


def recording(word: str) -> Any:
    return get_document_model().objects.create(title=word, file=ContentFile(f"a voice says {word} ".encode() * 50, f"{word}.mp3"))


def stream(blocks: list[Block]) -> str:
    return json.dumps(blocks)


def _picture(words: Planter, number: int) -> Block:
    said = {name: words.paid(f"{name} of a picture") for name in ("alt", "caption", "credit")}
    return _block("picture", {"image": number, **said})


def _chart(words: Planter) -> Block:
    said = {name: words.paid(f"{name} of a chart") for name in ("title", "unit", "source")}
    labels, series = [words.paid("label of a chart"), "2025"], [{"name": words.paid("line of a chart"), "values": [1.0, 2.0]}]
    return _block("chart", {**said, "kind": "line", "labels": labels, "series": series})


def _exchange(question: str, answer: str) -> Block:
    return _block("exchange", {"question": question, "answer": f"<p>{answer}</p>"})


def _link(headline: str, note: str, page: str) -> Block:
    told = {"url": f"https://outlet.example/{page}", "outlet": "The Outlet", "author": "", "minutes": 4, "paywalled": False}
    return _block("link", {"headline": headline, "note": note, **told})


def _paragraph(html: str) -> Block:
    return _block("paragraph", f"<p>{html}</p>")


def _block(kind: str, value: Any) -> Block:
    return {"type": kind, "value": value}
