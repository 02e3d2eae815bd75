"""Which articles say the like of another, for the box under it: by the extra `meaning`, where its vectors are there."""

from collections.abc import Mapping

from broadsheet.library.keeping import NotBuilt, has_meaning
from broadsheet.library.queries import index_here
from broadsheet.library.sight import STRANGER

MOST = 100  # of which those that came out later are left out
LEAST = 0.4  # closeness below which two say nothing alike


def alike(article: int, text: str) -> Mapping[int, float]:
    """What settings.ALIKE names. It goes by what everybody may read: the box is the same for strangers."""
    if not has_meaning():
        return {}
    reader = index_here()
    try:
        with reader.reading():
            meaning = reader.meaning(reader.looking(STRANGER))
            near = meaning.like(article, text, most=MOST) if meaning else {}
    except NotBuilt:
        return {}
    return {pk: close for pk, close in near.items() if close >= LEAST}
