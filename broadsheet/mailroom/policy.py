"""When a mail is tried again, when it is given up, and what a header may hold."""

from datetime import timedelta

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))  # after the first failure, the second …
CLAIM_LIFE = timedelta(minutes=10)  # a claim older than this belongs to a sender that died
KEPT = timedelta(days=30)  # how long the outbox remembers what was sent, for whoever asks where a mail is
MOST_SUBJECT = 200
# Unseen, and yet part of what is written: joiners of Persian, Hindi and emoji, marks of direction, and the letters in some flags.
JOINING = frozenset("\u061c\u200c\u200d\u200e\u200f") | frozenset(map(chr, range(0xE0020, 0xE0080)))
# Each lets somebody in, or opens something.
SECRET_KINDS = frozenset({"code", "new-address", "given-year", "group-invitation", "newsletter-confirm"})


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries that failed for now; None: give up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def is_final(code: int) -> bool:
    """Whether a server that answered so will never take this mail: 5xx, while 4xx asks to come back."""
    return 500 <= code < 600


def one_line(text: str) -> str:
    """A subject: one line, and no longer than anybody reads."""
    return clean_line(text)[:MOST_SUBJECT]


def clean_line(text: str) -> str:
    """A header's value: without the control characters that would begin another header, or turn the rest of the line around."""
    return " ".join("".join(sign if sign.isprintable() or sign in JOINING else " " for sign in text).split())
