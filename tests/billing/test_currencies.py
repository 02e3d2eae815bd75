"""Amounts as Stripe counts them, which is not for every currency as Unicode's data do."""

from decimal import Decimal

import pytest

from broadsheet.billing import currencies, plans


@pytest.mark.parametrize(
    ("amount", "currency", "read"),
    [
        (120_000, "EUR", "€1,200.00"),
        (1_200, "JPY", "JP¥1,200"),
        (120_000, "RSD", "RSD1,200.00"),
        (120_000, "ISK", "ISK1,200.00"),
        (120_000, "UGX", "UGX1,200.00"),
        (1_200_500, "kwd", "KWD1,200.500"),
        (-950, "USD", "-US$9.50"),
    ],
)
def test_an_amount_is_read_in_the_units_that_stripe_charges(amount, currency, read):
    assert currencies.written(amount, currency) == read


def test_a_round_sum_is_read_without_its_fraction():
    assert [plans.money(120_000, "RSD"), plans.money(900, "EUR"), plans.money(950, "EUR")] == ["RSD1,200", "€9", "€9.50"]


def test_a_form_is_filled_with_as_many_places_as_the_currency_has():
    assert [plans.plain(50_000, "RSD"), plans.plain(500, "JPY")] == ["500.00", "500"]
    assert currencies.in_units(50_000, "RSD") == Decimal(500)
