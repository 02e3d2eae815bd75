"""Whether an article is a digest: one short entry after another, each of something else. Pure.

A digest tells what happened and seldom why; where it is asked openly, a few of them are read beside what was written about it.
"""

import re
from collections.abc import Sequence

from broadsheet.research.sentences import speaker_of

LOOKED_AT, FEWEST = 24, 4  # paragraphs
SHARE = 0.6  # of these, that begin with what they are of
SHORTEST = 40  # letters of a paragraph that is no heading
_ENTRY = re.compile(r"(?:\d{1,2} [A-Z][a-z]+|[A-Z0-9][^.:?!]{2,160}): \S")


def is_digest(paragraphs: Sequence[str]) -> bool:
    told = [one for one in paragraphs if len(one) >= SHORTEST][:LOOKED_AT]
    entries = sum(bool(_ENTRY.match(one)) and not speaker_of(one)[0] for one in told)
    return len(told) >= FEWEST and entries >= SHARE * len(told)
