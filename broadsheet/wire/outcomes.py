"""What asking a source came to, in one of three words. Pure."""

from dataclasses import dataclass, replace
from hashlib import blake2b

from broadsheet.wire.fetched import NEVER_ASKED, Fetched, Known
from broadsheet.wire.reading.values import Feed

_SENTENCES = {
    401: "It wants a name and a password (401). Ask the outlet for an address that needs none.",
    402: "It wants to be paid (402). Ask the outlet for a feed that may be read.",
    403: "It lets us not in (403). The outlet may refuse all that read feeds: write to it.",
    404: "There is nothing at this address (404). Look for the feed on the outlet's page.",
    406: "It has the feed in no form that we can read (406).",
    410: "It is gone for good, as its server says (410).",
    429: "We ask too often, as its server says (429). It is asked less.",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A source that is to be asked, with what it said the last time. `digest` is of the body that was read then."""

    source: int
    address: str
    known: Known = NEVER_ASKED
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """A feed that was not there before. The answer's body is left out."""

    feed: Feed
    answer: Fetched
    digest: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """By its server's word, or because every byte is what it was."""

    answer: Fetched
    digest: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The sentence is for the desk. `answer` is None where none came."""

    sentence: str
    answer: Fetched | None = None
    took: float = 0.0

    @property
    def status(self) -> int | None:
        return self.answer.status if self.answer else None

    @property
    def retry_after(self) -> float | None:
        return self.answer.retry_after if self.answer else None

    @property
    def is_gone(self) -> bool:
        return self.status == 410


Outcome = Came | Unchanged | Failed


def digest_of(body: bytes) -> str:
    return blake2b(body, digest_size=16).hexdigest()


def without_reading(due: Due, answer: Fetched) -> Unchanged | Failed | None:
    """What the answer comes to by itself; None where its body is to be read."""
    if answer.status == 304 and due.known != NEVER_ASKED:
        return Unchanged(answer, due.digest)
    if answer.status != 200:
        return Failed(sentence_of(answer.status), answer, answer.took)
    if digest_of(answer.body) == due.digest:
        return Unchanged(replace(answer, body=b""), due.digest)
    return None


def sentence_of(status: int) -> str:
    if status in _SENTENCES:
        return _SENTENCES[status]
    if status >= 500:
        return f"Its server has trouble of its own ({status})."
    return f"Its server answered with neither a feed nor a reason ({status})."
