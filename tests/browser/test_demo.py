"""What only the demo has: one click into somebody's place, the outbox, the clock's page."""

import re
import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.conftest import Publication


def test_una_finds_her_code_in_the_outbox_and_is_registered_by_it(desktop: Page):
    desktop.goto("/demo/")
    desktop.get_by_role("button", name="Enter as Una").click()
    expect(desktop).to_have_url(re.compile("/briefings/"))

    desktop.goto("/demo/outbox/")
    desktop.locator("li", has_text="una@example.org").first.get_by_role("link").click()
    code = re.search(r"\b[A-Z]{3}-[A-Z]{3}\b", desktop.locator("details pre").text_content() or "")
    assert code
    desktop.goto("/join/code/")
    desktop.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code[0])
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile("/briefings/"))

    desktop.goto("/account/")
    expect(desktop.locator("main")).to_contain_text("una@example.org")
    desktop.get_by_role("link", name="Which newsletters you get").click()
    desktop.get_by_label("The Daily").uncheck()
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_role("status")).to_contain_text("Saved")
    expect(desktop.get_by_label("The Daily")).not_to_be_checked()


def test_moving_the_clock_says_so_while_it_takes(desktop: Page):
    desktop.goto("/demo/")
    desktop.evaluate("addEventListener('submit', (event) => event.preventDefault())")  # as if it took for ever
    desktop.get_by_role("button", name="Next month").click()

    expect(desktop.locator(".demo-wait")).to_have_text("Moving the clock a day at a time: some seconds …")
    expect(desktop.get_by_role("button", name="Next month")).to_be_disabled()
    expect(desktop.get_by_role("button", name="Next weekday 06:00")).to_be_disabled()


def test_ten_weekdays_are_scheduled_ahead(publication: Publication):
    # Of the first day's own pieces some are due at noon; those at half past five, whatever the season, are the mornings ahead.
    mornings = "strftime('%H:%M', approved_go_live_at) IN ('04:30', '05:30')"
    scheduled = f"SELECT count(DISTINCT object_id) FROM wagtailcore_revision WHERE {mornings}"
    with sqlite3.connect(publication.state / "broadsheet.sqlite3") as database:
        assert database.execute(scheduled).fetchall() == [(10,)]
