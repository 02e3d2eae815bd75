"""An edition from the desk to its readers: Edda makes up the Daily, each gets their cut of it, and Sada reads on and leaves."""

import re

from playwright.sync_api import Page, expect

LONG = 90_000  # milliseconds, for a night of the publication on a machine that does other things too
NEWS = re.compile("As Badly as Everyone Else|The Rent Is Paid in Restraint")  # of the day before, by the hour at which this runs
SUBJECT = "A harbour, and who pays for it"


def test_the_daily_is_made_up_goes_to_each_in_their_cut_and_is_left_with_one_press(desktop: Page):
    _make_up_tomorrows_daily(desktop)
    _choose_regions_as_sada(desktop)
    _see_the_offer_as_fay(desktop)
    _let_the_morning_come(desktop)
    _see_how_many_had_it(desktop)

    free = _edition_of("fay@example.org", desktop)
    whole = _edition_of("sada@example.org", desktop)
    assert len(whole) > len(free)
    assert "subscribe" in free.lower()
    _read_on_and_leave(desktop, whole)


def _make_up_tomorrows_daily(page: Page) -> None:
    _enter(page, "Edda")
    page.get_by_role("link", name="Editions").click()
    page.locator("section[aria-labelledby=coming] td a").first.click()
    links = page.get_by_role("region", name=re.compile("Must-read links"))
    second = links.locator("b").nth(1).inner_text()
    page.get_by_label("Subject", exact=True).fill(SUBJECT)
    page.get_by_label("Editor’s note").fill("Good morning.\n\nThree lines of my own,\nand one more.")
    links.get_by_role("button", name=f"Up: {second}").click()
    expect(links.locator("b").first).to_have_text(second)
    links.get_by_role("button", name=f"Down: {second}").click()
    expect(links.locator("b").nth(1)).to_have_text(second)
    expect(page.get_by_label("Subject", exact=True)).to_have_value(SUBJECT)
    expect(page.frame_locator("iframe").first.locator("body")).to_contain_text("Three lines of my own")

    page.get_by_role("button", name="Send a test").click()
    expect(page.locator(".messages")).to_contain_text("The test is on its way to edda@example.org.")
    page.get_by_role("button", name="Let it go at its hour").click()
    expect(page.locator(".messages")).to_contain_text("Let go: it begins on")


def _choose_regions_as_sada(page: Page) -> None:
    _enter(page, "Sada")
    page.goto("/account/newsletters/")
    africa, asia = (page.get_by_role("checkbox", name=re.compile(f"^{region} weekly")) for region in ("Africa", "Asia-Pacific"))
    africa.check()
    asia.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(africa).to_be_checked()
    expect(asia).to_be_checked()


def _see_the_offer_as_fay(page: Page) -> None:
    _enter(page, "Fay")
    page.goto("/newsletters/")
    offered = page.get_by_role("region", name="For subscribers")
    expect(offered).to_contain_text("Africa weekly")
    expect(offered.get_by_role("checkbox")).to_have_count(0)
    expect(offered.get_by_role("link", name="See what a subscription opens")).to_have_attribute("href", "/subscribe/")


def _let_the_morning_come(page: Page) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name="Next weekday 06:00").click(timeout=LONG)
    expect(page.get_by_role("status").first).to_contain_text("What was due has been done.", timeout=LONG)


def _see_how_many_had_it(page: Page) -> None:
    _enter(page, "Petra")
    page.goto("/admin/editions/")
    row = page.locator("section[aria-labelledby=past] tbody tr").first
    expect(row).to_contain_text("The Daily")
    row.locator("td a").nth(3).click()  # after the day, how many it was for and how many wait
    expect(page.locator("main")).to_contain_text("A mail server has taken it.")
    expect(page.locator("tr", has_text="sada@example.org")).to_contain_text("whole")
    expect(page.locator("tr", has_text="fay@example.org")).to_contain_text("to its cut")


def _edition_of(address: str, page: Page) -> str:
    """Its plain text. The page stays at it."""
    page.goto("/demo/outbox/")
    page.locator("li", has_text=address).get_by_role("link", name=SUBJECT, exact=True).click()
    return page.locator("details pre").text_content() or ""


def _read_on_and_leave(page: Page, edition: str) -> None:
    """From the page of Sada's copy."""
    leave = re.search(r"http://\S+/newsletters/leave/\S+/", edition)
    assert leave
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name=NEWS).first.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(NEWS)

    page.context.clear_cookies()  # as in a browser that knows nobody
    page.goto(leave[0])
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You get The Daily no more")
    expect(page.locator("main")).to_contain_text("Africa weekly")


def _enter(page: Page, name: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=f"Enter as {name}", exact=True).click()
    expect(page).not_to_have_url(re.compile("/demo/"))
