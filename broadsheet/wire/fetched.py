"""What a fetch is told, and what comes of it. Pure values."""

from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.wire.reading.bounds import MOST_BYTES


class Kind(StrEnum):
    """Of what keeps a fetch from its end."""

    REFUSED = "refused"  # by us
    UNKNOWN = "unknown"  # the name leads nowhere
    UNREACHED = "unreached"
    UNPROVEN = "unproven"  # who answers cannot show that they are who was asked
    SLOW = "slow"
    LARGE = "large"
    BROKEN = "broken"
    CIRCLING = "circling"  # redirects without end


class CouldNotFetch(Exception):
    """The sentence is for the desk."""

    def __init__(self, sentence: str, kind: Kind) -> None:
        super().__init__(sentence)
        self.sentence, self.kind = sentence, kind


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` for all of it, redirects too; of these at most `name_seconds` to resolve a name, `door_seconds` to connect."""

    seconds: float = 20.0
    name_seconds: float = 5.0
    door_seconds: float = 6.0
    head: int = 65_536  # bytes before the body
    packed: int = MOST_BYTES  # bytes that come in
    unpacked: int = MOST_BYTES
    pieces: int = 20_000  # chunks that a body comes in: 250 bytes each, were it the longest


@dataclass(frozen=True, slots=True)
class Known:
    """What an address said the last time, so that it may answer that nothing has changed."""

    etag: str = ""
    last_modified: str = ""


NEVER_ASKED = Known()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status; a body is read of 200 alone. `size` is in bytes, unpacked.

    `retry_after` and `max_age` are seconds from the answer. `address` is where it was found in the end; `moved_to` is that too
    where each step there was for good, else "".
    """

    status: int
    address: str
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    retry_after: float | None = None
    max_age: float | None = None
    size: int = 0
    took: float = 0.0
