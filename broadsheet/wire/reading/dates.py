"""When something was published, as far as a feed can be believed. None is for the caller to fill, by first sight."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # a zone that was left out, or a clock that is fast, puts a fresh piece so far into the future


# Hours that a zone is ahead of UTC, of those that feedparser takes for UTC itself. Names that two zones bear are left so.
ZONES = {
    "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "EAT": 3, "PKT": 5,
    "WIB": 7, "HKT": 8, "SGT": 8, "PHT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip


def moment(parts: Sequence[int] | None, *, written: str = "", at: datetime) -> datetime | None:
    """Of year, month, day, hour, minute and second, as feedparser has it of what is written."""
    if not parts:
        return None
    ahead = timedelta(hours=ZONES.get(written.strip().rpartition(" ")[2].upper(), 0))
    try:
        year, month, day, hour, minute, second = parts[:6]
        return believed(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - ahead, at=at)
    except (ValueError, OverflowError):
        return None


def moment_of(text: object, *, at: datetime) -> datetime | None:
    """Of ISO 8601, as JSON feeds and sitemaps write it; without a zone it is taken for UTC."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        read = datetime.fromisoformat(text.strip())
        return believed(read if read.tzinfo else read.replace(tzinfo=UTC), at=at)
    except (ValueError, OverflowError):
        return None


def believed(said: datetime, *, at: datetime) -> datetime | None:
    """A little ahead is now; far ahead, or before there was a web, is nothing."""
    said = said.astimezone(UTC)
    if not EARLIEST <= said <= at + AHEAD:
        return None
    return min(said, at.astimezone(UTC))


def set_right(published: datetime | None, updated: datetime | None) -> tuple[datetime | None, datetime | None]:
    """A piece that only says when it was changed was published by then; none is changed before it is published."""
    if published and updated:
        return published, max(published, updated)
    return published or updated, updated
