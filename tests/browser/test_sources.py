"""The sources' desk in a browser: an outlet's feed is found by its address, and many sources are ticked at once."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def desk(desktop: Page) -> Page:
    """Edda's browser."""
    desktop.goto("/demo/")
    desktop.get_by_role("button", name="Edda").first.click()
    expect(desktop).not_to_have_url(re.compile("/demo/"))
    return desktop


def test_a_feed_is_found_by_the_address_of_its_outlet(desk: Page, publication):
    desk.goto("/admin/wire/sources/add/")
    desk.get_by_label("Address").fill(f"{publication.host}/outlets/steppe-city/")
    desk.get_by_role("button", name="Look for its feeds").click()

    expect(desk.locator(".sources-found")).to_contain_text("Steppe & City")


def test_all_on_a_page_are_ticked_at_once(desk: Page):
    desk.goto("/admin/wire/sources/lists/")
    desk.get_by_role("button", name="Put them on the list").click()
    expect(desk.locator(".sources-counts")).to_contain_text("Not listened to")
    all_of_them, ticks = desk.get_by_label("Tick all on this page"), desk.locator("input[name=source]")

    all_of_them.check()
    expect(desk.locator("input[name=source]:checked")).to_have_count(ticks.count())
    ticks.first.uncheck()

    expect(all_of_them).not_to_be_checked()
