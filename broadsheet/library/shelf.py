"""Articles as they stand on readers' shelves: their teasers, or that they are no longer here."""

from collections.abc import Iterable
from dataclasses import dataclass

from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.queries import standing


@dataclass(frozen=True, slots=True)
class Shelved:
    """`teaser` is None of what is not on the site, or no more: then not even the headline is told."""

    article: int
    teaser: Teaser | None


def shelved(article_ids: Iterable[int]) -> list[Shelved]:
    """In the order given, nothing from beyond the cut."""
    ids = list(article_ids)
    teasers = teasers_of(standing(ids))
    return [Shelved(pk, teasers.get(pk)) for pk in ids]
