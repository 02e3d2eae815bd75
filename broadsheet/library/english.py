"""Words that are no slip of the finger though no text has them: from an open list, so it tells nobody what stands where."""

import gzip
from functools import cache
from pathlib import Path

PIECES = Path(__file__).parent / "wordpieces.txt.gz"  # BERT's, Apache-2.0: some twenty thousand of them are whole words


@cache
def words() -> frozenset[str]:
    pieces = gzip.decompress(PIECES.read_bytes()).decode().splitlines()
    return frozenset(piece for piece in pieces if piece.isalpha())
