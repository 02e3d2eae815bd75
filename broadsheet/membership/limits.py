"""How often somebody may knock at a door: counted by all processes together, or by each, at the rates of ACCOUNT_RATE_LIMITS.

Of a rate such as 6/h/key the middle is the wait, which whoever is turned away is told. All of them stand in docs/operations.md.
"""

import threading
import time
from collections import OrderedDict
from datetime import timedelta

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.design.page import PageMeta

WORDS = {
    timedelta(seconds=10): "ten seconds",
    timedelta(minutes=1): "a minute",
    timedelta(minutes=5): "five minutes",
    timedelta(hours=1): "an hour",
    timedelta(days=1): "a day",
}
CODES = (
    "join-from",
    "join-here",
    "join",
    "join-beyond",
    "code",
    "code-borrowed",
)  # where a mail that came lets its reader in all the same

MOST_KNOCKING = 10_000  # networks of which a process remembers when they knocked: those that came last
_KNOCKS = OrderedDict[str, tuple[float, list[float]]]()  # until when each counts, and its moments
_COUNTING = threading.Lock()


class NoSuchLimit(LookupError):
    """A door that is to be limited, and whose rate nobody has set."""


def is_within(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Counts this request, whatever its method, unless it is refused."""
    if not rates_of(action):
        raise NoSuchLimit(action)
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))


def is_within_here(request: HttpRequest, action: str) -> bool:
    """Counted by this process alone, asking no database: of a limit per network that keeps machines free, not secrets."""
    rates = rates_of(action)
    if not rates:
        raise NoSuchLimit(action)
    keys = [ratelimit.get_cache_key(request, app="allauth.account", action=action, rate=rate) for rate in rates]
    now = time.time()
    with _COUNTING:
        within = [_counted(key, rate, now) for key, rate in zip(keys, rates, strict=True)]
        while len(_KNOCKS) > MOST_KNOCKING or next(iter(_KNOCKS.values()))[0] <= now:
            _KNOCKS.popitem(last=False)
    return all(within)


def _counted(key: str, rate: ratelimit.Rate, now: float) -> bool:
    within, knocks = ratelimit.apply_rate(_KNOCKS.pop(key, (now, []))[1], now, rate)
    _KNOCKS[key] = now + rate.duration, knocks
    return bool(within)


def forget_knocks() -> None:
    _KNOCKS.clear()


def later(request: HttpRequest, *, action: str) -> HttpResponse:
    """Too often: says how long to wait."""
    wait = wait_of(action)
    page = PageMeta(title="Later, please", kind="later", noindex=True)
    response = render(request, "pages/later.html", {"page": page, "wait": WORDS[wait], "codes": action in CODES}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def later_at_allauths(request: HttpRequest) -> HttpResponse:
    """Where allauth turns somebody away with a page of its own it does not say at which door: the longest wait of them."""
    return later(request, action=max("reauthenticate", "manage_email", "confirm_email", key=wait_of))


def wait_of(action: str) -> timedelta:
    return max(timedelta(seconds=rate.duration) for rate in rates_of(action))


def rates_of(action: str) -> list[ratelimit.Rate]:
    return ratelimit.get_rates(app="allauth.account", action=action, config=app_settings.RATE_LIMITS)
