"""Which providers take many letters in one call, and how each is told where a reader's own is to stand."""

import pytest

from broadsheet.mailroom.provided import PROVIDERS
from broadsheet.mailroom.smtp_lane import Fate
from broadsheet.newsletters import places
from broadsheet.newsletters.calls import MANNERS, PLAIN, TAKE_MARKS, named, outcome_of


@pytest.mark.parametrize(
    ("provider", "place"),
    [("Brevo", "{{params.own_leave}}"), ("Mailgun", "%recipient.own_leave%"), ("SparkPost", "{{own_leave}}")],
)
def test_a_place_is_written_as_the_provider_reads_it(provider, place):
    assert MANNERS[provider].places(places.OWN)["leave"] == place
    assert named({"leave": "x"}) == {"own_leave": "x"}


@pytest.mark.parametrize(
    ("provider", "text", "taken"),
    [
        ("Mailgun", "Say %recipient.name% to them", False),
        ("Mailgun", "%Recipient_email%", False),
        ("Mailgun", "50% of https://review.test/%D0%BC and {{this}}", True),
        ("SparkPost", "In {{braces}}", False),
        ("SparkPost", "{one} brace, %recipient.name%", True),
        ("Brevo", "In {{ braces }}", False),
        ("Brevo", "{% if %}", False),
        ("Brevo", ".a{color:red}", True),
    ],
)
def test_what_would_be_taken_for_a_place_is_known(provider, text, taken):
    assert MANNERS[provider].takes("A subject", text) == taken


@pytest.mark.parametrize(
    ("provider", "text", "spelled"),
    [
        ("Mailgun", "%recipient", "%recipient"),
        ("SparkPost", "a {{b}} {c}", "a {{own_sign}}{b}} {c}"),
        ("SparkPost", "{{{", "{{own_sign}}{{own_sign}}{"),
        ("Brevo", "{% if {{x", "{{params.own_sign}}% if {{params.own_sign}}{x"),
    ],
)
def test_what_begins_like_a_place_is_spelled_by_one(provider, text, spelled):
    assert MANNERS[provider].spelled(text) == spelled


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("sent", Fate.ACCEPTED),
        ("queued", Fate.ACCEPTED),
        ("unknown", Fate.ACCEPTED),
        ("invalid", Fate.REFUSED),
        ("rejected", Fate.REFUSED),
        ("failed", Fate.LATER),
        (None, Fate.UNKNOWN),
    ],
)
def test_what_a_provider_says_of_one_is_its_fate(status, fate):
    assert outcome_of(status).fate is fate


@pytest.mark.parametrize(
    "address", ["O'Brien@review.example", "a&b@review.example", "ü@review.example", "a@б.example", "a%b@c.de"]
)
def test_an_address_that_is_not_the_same_everywhere_is_known(address):
    assert not PLAIN.fullmatch(address)


def test_nobody_is_named_whom_the_settings_do_not_know():
    known = {provider.module for provider in PROVIDERS.values()}

    assert {name.casefold() for name in MANNERS} <= {name.casefold() for name in TAKE_MARKS} <= known
