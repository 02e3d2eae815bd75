"""How Stripe is asked."""

import pytest
import requests
import stripe

from broadsheet.billing import stripe_api


def test_no_page_and_no_errand_waits_for_stripe_longer_than_two_times_ten_seconds(settings, monkeypatch):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.STRIPE_HTTP_CLIENT = "sk_test_of_a_test", "", None
    waited: list[float] = []

    def request(self, *args, timeout, **kwargs):
        waited.append(timeout)
        raise requests.Timeout

    monkeypatch.setattr(requests.Session, "request", request)
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *args, **kwargs: 0)

    with pytest.raises(stripe_api.Unreachable):
        stripe_api.subscription("sub_1")

    assert waited == [10, 10]
