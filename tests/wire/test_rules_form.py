"""The wire's house rules as a publisher writes them."""

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire.models import WireRules
from tests import cast, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(at):
    """Petra's browser."""
    return cast.log_in(cast.petra(at))


@pytest.fixture
def address():
    return reverse("wagtailsettings:edit", args=["wire", "wirerules", WireRules.load().pk])


def test_our_countries_are_chosen_by_typing_and_without_a_script_from_a_list(desk, address):
    kenya, _ = make.country("Kenya", code="KE"), make.country("Egypt", code="EG")
    WireRules.load().our_countries.add(kenya)
    page = LexborHTMLParser(desk.get(address).content.decode())

    chooser = page.css_first("select[name=our_countries][multiple][data-choose-many]")
    assert [(option.text(), "selected" in option.attributes) for option in chooser.css("option")] == [
        ("Egypt", False),
        ("Kenya", True),
    ]
    assert page.css_first("select[name=our_issues][data-choose-many]") is not None
    assert page.css("script[src$='choose-many.js']")


def test_every_rule_stands_in_the_form(desk, address):
    page = LexborHTMLParser(desk.get(address).content.decode())
    rules = [field.name for field in (*WireRules._meta.fields, *WireRules._meta.many_to_many) if field.name != "id"]

    assert [name for name in rules if page.css_first(f"[name={name}]") is None] == []


def test_what_is_chosen_is_saved_and_what_is_no_name_is_refused(desk, address):
    kenya, water = make.country("Kenya", code="KE"), make.issue("Water")
    said = {
        "roundup_at": "05:45",
        "least_picks": 3,
        "audience": "metered",
        "items_days": 30,
        "history_days": 14,
        "links_beside": 5,
    }
    desk.post(address, {**said, "our_countries": [kenya.pk], "our_issues": [water.pk]})
    assert [str(row) for row in (*WireRules.load().our_countries.all(), *WireRules.load().our_issues.all())] == ["Kenya", "Water"]

    answer = desk.post(address, {**said, "our_countries-typed": "Atlantis"})
    assert "Atlantis" in answer.content.decode()
    assert WireRules.load().our_countries.get() == kenya
