"""The top story as one cut of an edition has it. What lies beyond the cut is not in the value, so no template can print it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from broadsheet.access.terms import Cut
from broadsheet.newsletters.composed import Line, Top
from broadsheet.newsletters.reprint import Block, reprinted
from broadsheet.newsroom.galley import Picture

COLUMN = 600  # pixels

InMail = Callable[[Picture], Picture]


@dataclass(frozen=True, slots=True)
class Story:
    """`goes_on`: on the site, beyond what stands here."""

    line: Line
    picture: Picture | None
    blocks: tuple[Block, ...]
    goes_on: bool

    @property
    def credits(self) -> tuple[str, ...]:
        """Without what it is, which stands above its headline."""
        return replace(self.line, label="").credits


def story_of(top: Top, *, cut: Cut, in_mail: InMail) -> Story:
    """Pictures before the cut are everybody's; those beyond it load for nobody who is not logged in. `in_mail`: a picture of the
    site as mail programs can show it."""
    address, whole = top.line.address, cut is Cut.FULL
    picture = top.picture and _set(in_mail(replace(top.picture, src=urljoin(address, top.picture.src), srcset="")))
    free = [
        replace(block, picture=_set(in_mail(block.picture))) if block.picture else block
        for block in reprinted(top.free, address=address, gated=False)
    ]
    rest = reprinted(top.rest, address=address, gated=True) if whole else ()
    return Story(top.line, picture, (*free, *rest), goes_on=bool(top.rest) and not whole)


def _set(picture: Picture) -> Picture:
    """In the measure of the column: some mail programs heed nothing but the size that stands at a picture."""
    width = min(picture.width, COLUMN)
    return replace(picture, width=width, height=round(picture.height * width / picture.width)) if picture.width else picture
