"""The till: a stand-in for Stripe's API, for demo, development and tests. No money moves, and no live key is taken.

till = Till(":memory:", clock=time.time, public_url="http://127.0.0.1:8001")
till.wsgi            # the WSGI application: /v1/… for the SDK, /till/… for people
till.run_due()       # what time brings: renewals, retries, expiries
till.deliver_due()   # webhooks that are due; no threads of its own
"""

from collections.abc import Callable
from typing import Any

from broadsheet.till import deliver
from broadsheet.till.app import App
from broadsheet.till.drawer import Drawer


class Till(Drawer):
    def __init__(self, place: str, clock: Callable[[], float], public_url: str, **house: Any) -> None:
        super().__init__(place, clock, public_url, **house)
        self.wsgi = App(self)

    def deliver_due(self, now: int | None = None, mischief: deliver.Mischief | None = None) -> int:
        """Send the webhooks that are due; how many were tried."""
        return deliver.deliver_due(self, self.now() if now is None else now, mischief or deliver.Mischief())
