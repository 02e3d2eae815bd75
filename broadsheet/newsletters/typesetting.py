"""An edition typeset: what leaves the house in one cut of it, but for what is each reader's own (`places`)."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from django.template.loader import render_to_string

from broadsheet.access.terms import Cut
from broadsheet.design.mjml import attribute, html_of
from broadsheet.newsletters import places
from broadsheet.newsletters.composed import Composed, without_notes_beyond
from broadsheet.newsletters.flagging import flags_of
from broadsheet.newsletters.plain import plain
from broadsheet.newsletters.story import InMail, Story, story_of
from broadsheet.newsroom.metadata import House

Composition = TypeVar("Composition")

# Unseen signs that take room: a mail program's list shows the preheader, and not the first words of the text behind it.
FILLER = "\u2007\u034f" * 60
BEGINS, ENDS = places.WEB[0], places.WEB[-1]
# These, and what no HTML may carry.
UNSET = dict.fromkeys(
    [ord(BEGINS), ord(ENDS), *range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]
)


@dataclass(frozen=True, slots=True)
class Printed:
    """`weight`: bytes of the HTML. `flags`: sentences on what an editor should look at before it goes."""

    subject: str
    preheader: str
    html: str
    text: str
    weight: int
    flags: tuple[str, ...]


def typeset(
    composed: Composed, *, cut: Cut, house: House, leads: Callable[[str], bool], in_mail: InMail, imprint: str = ""
) -> Printed:
    """`leads`: whether a path of our own site leads anywhere. `in_mail`: a picture of it as mail programs can show it. `imprint`:
    who publishes it and where, in a line."""
    clean = _settable(composed if cut is Cut.FULL else without_notes_beyond(composed))
    story = story_of(clean.top, cut=cut, in_mail=in_mail) if clean.top else None
    clean = replace(clean, top=None)  # from here on, only the story knows of it
    subject, preheader = " ".join(clean.subject.split()), " ".join(clean.preheader.split())
    html = _html(clean, story, subject=subject, preheader=preheader, house=house, imprint=imprint)
    text = plain(clean, story, house=house, imprint=imprint)
    weight = len(html.encode())
    flags = flags_of(clean, story, html, subject=subject, preheader=preheader, house=house, leads=leads)
    return Printed(subject, preheader, html, text, weight, flags)


def _html(composed: Composed, story: Story | None, *, subject: str, preheader: str, house: House, imprint: str) -> str:
    context = {
        "composed": composed,
        "story": story,
        "subject": subject,
        "preheader": preheader,
        "filler": FILLER,
        "house": house,
        "imprint": imprint,
        "places": {name: getattr(places, name) for name in ("ADDRESS", "LEAVE", "PREFERENCES", "REASON", "WEB")},
    }
    html = html_of(render_to_string("edition/edition.mjml", context))
    return html.replace(attribute(BEGINS), BEGINS).replace(attribute(ENDS), ENDS)


def _settable(value: Composition) -> Composition:
    """Without signs that would open a place, wherever they were typed in."""
    return _without_unset(value)


def _without_unset(value: Any) -> Any:
    if isinstance(value, str) and type(value) is str:
        return value.translate(UNSET)
    if isinstance(value, tuple):
        return tuple(map(_without_unset, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _without_unset(getattr(value, field.name)) for field in fields(value)})
    return value
