"""When a source is asked again, and how it fares, from what it has told so far. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOONEST = timedelta(minutes=5)  # more often is rude, and nobody reads the desk any faster
SOONEST_WHOLE = timedelta(minutes=15)  # of a server that sends all of it each time, whether or not it has changed
LATEST = timedelta(days=1)  # what publishes twice a year is heard on the next day all the same
UNKNOWN = timedelta(hours=1)  # of one that says nothing of when it publishes
QUESTIONS = 6  # for each item that is to be expected: so it waits a twelfth of its outlet's rhythm
MOST_OF_SILENCE = timedelta(hours=1)  # that a server's Cache-Control may ask for: many say a day, and publish every hour
FIRST_RETRY = timedelta(minutes=10)
MOST_DOUBLINGS = 8  # of that: longer than a day already
SPREAD = 0.1  # of a pause at most is added by chance, so that what began together does not stay together
SAMPLE = 20  # items by whose moments a rhythm is judged
DOZES_OFF_AFTER = timedelta(days=90)  # without anything new
FAILURES_THAT_COUNT = 3  # in a row: less is weather


@dataclass(frozen=True, slots=True)
class History:
    """What a source has told. Moments that never were are None.

    `published`: when its items were, or when we first saw them, in any order. `says_unchanged`: it can answer just that.
    `failing_since`: the first of the `failures` in a row; `trouble` is the last one's sentence. `retry_after` and `max_age` are
    seconds, as the last answer had them.
    """

    tried_at: datetime | None = None
    failing_since: datetime | None = None
    gone_at: datetime | None = None
    failures: int = 0
    trouble: str = ""
    published: tuple[datetime, ...] = ()
    says_unchanged: bool = True
    retry_after: float | None = None
    max_age: float | None = None


class Level(StrEnum):
    NEW = "new"
    WELL = "well"
    FALTERING = "faltering"
    FAILING = "failing"
    ASLEEP = "asleep"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Health:
    level: Level
    sentence: str


def next_at(history: History, *, at: datetime, jitter: float) -> datetime | None:
    """None: not again, until somebody on the desk wants it. `jitter` is chance, from 0 to below 1."""
    if history.gone_at is not None:
        return None
    if history.tried_at is None:
        return at
    pause = _after_failures(history) if history.failures else _after_an_answer(history)
    return history.tried_at + min(pause, LATEST) * (1 + SPREAD * jitter)


def _after_an_answer(history: History) -> timedelta:
    soonest = SOONEST if history.says_unchanged else SOONEST_WHOLE
    asked_for = min(_seconds(history.max_age), MOST_OF_SILENCE)
    return max(rhythm(history) / QUESTIONS, soonest, asked_for, _seconds(history.retry_after))


def _after_failures(history: History) -> timedelta:
    """Twice as long each time, but never sooner than it would have been asked had all been well."""
    doubled = FIRST_RETRY * 2 ** min(history.failures - 1, MOST_DOUBLINGS)
    return max(doubled, _after_an_answer(history))


def rhythm(history: History) -> timedelta:
    """Between two items. The silence since the last one counts as well, so that what falls silent is asked less and less."""
    past = sorted((moment for moment in history.published if history.tried_at and moment <= history.tried_at), reverse=True)
    if history.tried_at is None or not past:
        return UNKNOWN * QUESTIONS
    latest = past[:SAMPLE]
    return (history.tried_at - latest[-1]) / len(latest)


def _seconds(said: float | None) -> timedelta:
    """A day at most: that is asked again sooner than any server may wish."""
    return min(timedelta(seconds=min(max(said or 0.0, 0.0), LATEST.total_seconds())), LATEST)


def dozes_off_at(history: History) -> datetime | None:
    """When it is asleep, if nothing new comes until then; None of what has never published."""
    return max(history.published) + DOZES_OFF_AFTER if history.published else None


def health(history: History, *, at: datetime) -> Health:
    if history.gone_at is not None:
        return Health(Level.GONE, f"Gone for good since {_day(history.gone_at)}, as its server says. It is not asked any more.")
    if history.tried_at is None:
        return Health(Level.NEW, "Not asked yet.")
    if history.failures >= FAILURES_THAT_COUNT and history.failing_since is not None:
        since = f"Failed {history.failures} times in a row since {_day(history.failing_since)}."
        return Health(Level.FAILING, f"{since} {history.trouble}".strip())
    if history.failures:
        return Health(Level.FALTERING, f"Failed the last time. {history.trouble}".strip())
    asleep_at = dozes_off_at(history)
    if asleep_at is not None and asleep_at <= at:
        return Health(Level.ASLEEP, f"Answers, but has brought nothing new since {_day(max(history.published))}.")
    return Health(Level.WELL, f"Answers. {_how_often(history)}")


def items_a_day(history: History) -> float | None:
    """None: it has brought nothing yet."""
    return timedelta(days=1) / max(rhythm(history), timedelta(minutes=1)) if history.published else None


def _how_often(history: History) -> str:
    a_day = items_a_day(history)
    if a_day is None:
        return "It has brought nothing yet."
    if a_day >= 1.5:
        return f"About {a_day:.0f} items a day."
    if a_day >= 1.5 / 7:
        return f"About {a_day * 7:.0f} items a week."
    return f"About {max(a_day * 30, 1):.0f} items a month." if a_day * 30 >= 1.5 else "About one item a month, or fewer."


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
