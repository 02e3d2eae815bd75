"""When an article is about somebody, when there is enough for a page, and what alerts tell, and when. Pure."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

IN_HEADLINE, IN_STANDFIRST, IN_TEXT = 4, 2, 1
ABOUT = 3  # weight from which on an article is about whom it names ...
A_THOUSAND_WORDS = 1  # ... and for each thousand of its words
OF_AN_ISSUE = 4  # weight from which on an article that no editor tagged is on it ...
FOR_A_THOUSAND_WORDS = 3  # ... and for each thousand of its words
RELATIONS = "relations"  # what a page shows that names all relations
RULES = "library-rules"


def weight_at(start: int, *, in_headline: int, in_standfirst: int) -> int:
    """What a mention counts, by where it stands."""
    if start < in_headline:
        return IN_HEADLINE
    return IN_STANDFIRST if start < in_standfirst else IN_TEXT


def is_about(weight: int, *, words: int) -> bool:
    return weight >= ABOUT and weight * 1000 >= A_THOUSAND_WORDS * words


def is_on(weight: int, *, words: int) -> bool:
    """Whether an article is on an issue by its text alone."""
    return weight >= OF_AN_ISSUE and weight * 1000 >= FOR_A_THOUSAND_WORDS * words


def is_worth_keeping(weight: int, *, free_weight: int) -> bool:
    """Whoever is named once in passing is not remembered."""
    return weight >= 2 or free_weight >= 1


def is_country(actor: str) -> bool:
    return actor.startswith("country:")


def is_issue(actor: str) -> bool:
    return actor.startswith("issue:")


def country(code: str) -> str:
    return f"country:{code}"


def issue(slug: str) -> str:
    return f"issue:{slug}"


def key_of(actor: str) -> str:
    """What a page about one actor shows: it is printed again when an article about him joins."""
    return f"about:{actor}"


def key_of_both(one: str, other: str) -> str:
    first, second = sorted((one, other))
    return f"between:{first}:{second}"


def key_of_links_to(path: str) -> str:
    """What a page shows that says what links to it."""
    return f"linked:{path}"


# Alerts


class Often(StrEnum):
    """How often somebody wants to be told."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"


HOUR = time(7)  # of the publication's zone: on whoever's breakfast table it is to lie
FRESH = timedelta(days=30)
HEARD_KEPT = 3 * FRESH  # longer than anything is news


def last_round(often: Often, *, at: datetime, zone: tzinfo) -> datetime:
    """The last moment at which such alerts were due: what was found until then is told now, whenever now is."""
    if often is Often.AT_ONCE:
        return at
    day = at.astimezone(zone).date()
    step = timedelta(days=1)
    if often is Often.WEEKLY:
        day, step = day - timedelta(days=day.weekday()), timedelta(days=7)
    moment = _in_the_morning(day, zone)
    return moment if moment <= at else _in_the_morning(day - step, zone)


def _in_the_morning(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, HOUR, tzinfo=zone).astimezone(UTC)


def is_news(*, came_out_at: datetime, dated_at: datetime, wanted_since: datetime, at: datetime) -> bool:
    """An old article that is corrected or taken over from elsewhere is none, nor what stood there when it was first asked for."""
    return came_out_at > max(wanted_since, at - FRESH) and dated_at > came_out_at - FRESH
