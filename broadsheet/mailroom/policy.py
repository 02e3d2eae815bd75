"""When a mail is tried again, when it is given up, and what a header may hold."""

from datetime import timedelta

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))  # after the first failure, the second …
CLAIM_LIFE = timedelta(minutes=10)  # a claim older than this belongs to a sender that died
KEPT = timedelta(days=30)  # how long the outbox remembers what was sent, for whoever asks where a mail is
MOST_SUBJECT = 200
SECRET_KINDS = frozenset({"code", "new-address", "given-year", "group-invitation"})  # each lets somebody in, or opens something


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries that failed for now; None: give up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def is_final(code: int) -> bool:
    """Whether a server that answered so will never take this mail: 5xx, while 4xx asks to come back."""
    return 500 <= code < 600


def one_line(text: str) -> str:
    """A header's value: one line, without the control characters that would begin another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:MOST_SUBJECT]
