"""Letters as the index has them. Pure: it folds by the same table (`stems`), so that whatever is compared with it agrees."""

import unicodedata

from broadsheet.library.stems import FOLDED


def composed(text: str) -> str:
    """A letter and its accent are one character: apart, as macOS writes some, they would be two words. So would a small İ."""
    return unicodedata.normalize("NFC", text).replace("İ", "I")


def folded(text: str) -> str:
    """Lower case, without accents, its words one space apart; halves of characters are none."""
    return " ".join(FOLDED.analyze(composed(text).encode("utf-8", "replace").decode())).lower()
