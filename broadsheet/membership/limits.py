"""How often somebody may knock at a door: counted by all processes together, at the rates of ACCOUNT_RATE_LIMITS.

Of a rate such as 6/h/key the middle is the wait, which whoever is turned away is told.
"""

from datetime import timedelta

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.design.page import PageMeta

WORDS = {timedelta(minutes=1): "a minute", timedelta(hours=1): "an hour", timedelta(days=1): "a day"}


class NoSuchLimit(LookupError):
    """A door that is to be limited, and whose rate nobody has set."""


def is_within(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Counts this request, whatever its method, unless it is refused."""
    if not rates_of(action):
        raise NoSuchLimit(action)
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))


def later(request: HttpRequest, *, action: str) -> HttpResponse:
    """Too often: says how long to wait."""
    wait = max(timedelta(seconds=rate.duration) for rate in rates_of(action))
    page = PageMeta(title="Later, please", kind="later", noindex=True)
    response = render(request, "pages/later.html", {"page": page, "wait": WORDS[wait]}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def rates_of(action: str) -> list[ratelimit.Rate]:
    return ratelimit.get_rates(app="allauth.account", action=action, config=app_settings.RATE_LIMITS)
