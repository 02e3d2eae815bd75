"""Where a long article was left: kept in the browser and offered on return, without a server."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from broadsheet import design
from tests.browser.conftest import PHONE

SITE = "http://review.example"
SCRIPT = (Path(design.__file__).parent / "static/js/broadsheet.js").read_text()
TEXT = "".join(f"<p style='height: 300px'>{number}</p>" for number in range(30))
NARROW = "<meta name='viewport' content='width=device-width'>"
ARTICLE = f"{NARROW}<div class='article-body'><div class='prose'>{TEXT}</div>%s</div><script>{SCRIPT}</script>"
OFFER = "Continue where you were"


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)
    page = ARTICLE % ""
    context.route(f"{SITE}/**", lambda route: route.fulfill(body=page, content_type="text/html"))
    context.route(
        f"{SITE}/shut/", lambda route: route.fulfill(body=ARTICLE % "<div class='wall'></div>", content_type="text/html")
    )
    yield context
    context.close()


def logged_in(reader: BrowserContext) -> None:
    told(reader)
    reader.add_cookies([{"name": "arrived", "value": "yes", "url": SITE}])


def told(reader: BrowserContext, **note: object) -> None:
    """What the server says of whoever reads."""
    said = quote(json.dumps({"name": "", "state": "member"} | note))
    reader.add_cookies([{"name": "reader", "value": said, "url": SITE}])


def opened(reader: BrowserContext, path: str = "/long/") -> Page:
    page = reader.new_page()
    page.goto(f"{SITE}{path}")
    return page


def left_at(reader: BrowserContext, top: int, path: str = "/long/") -> None:
    page = opened(reader, path)
    page.evaluate(f"scrollTo(0, {top})")
    page.goto(f"{SITE}/elsewhere/")
    page.close()


def test_whoever_comes_back_is_led_to_where_they_were(reader: BrowserContext) -> None:
    left_at(reader, 4000)
    page = opened(reader)
    page.get_by_role("link", name=OFFER).click()

    expect(page.locator(".arrived")).to_have_count(0)
    assert page.evaluate("Math.abs(document.getElementById('place').getBoundingClientRect().top)") < 100
    assert page.locator("#place").inner_text() == "13"


def test_what_is_said_once_covers_no_end_of_the_page_and_is_closed(reader: BrowserContext) -> None:
    logged_in(reader)
    page = opened(reader)
    expect(page.locator("body > :last-child")).to_have_class("arrived")
    page.get_by_role("button", name="Close").click()

    expect(page.locator(".arrived")).to_have_count(0)


@pytest.mark.parametrize(("top", "path"), [(100, "/long/"), (99_999, "/long/"), (4000, "/shut/")])
def test_nothing_is_offered_of_what_was_not_begun_or_was_read_or_cannot_be(reader: BrowserContext, top: int, path: str) -> None:
    left_at(reader, 4000, "/other/")
    left_at(reader, top, path)

    expect(opened(reader, path).get_by_role("link", name=OFFER)).to_have_count(0)


def test_for_whoever_wants_no_history_no_place_is_kept_and_those_that_were_are_dropped(reader: BrowserContext) -> None:
    left_at(reader, 4000)
    told(reader, forgets=True)
    left_at(reader, 4000)
    page = opened(reader)

    expect(page.get_by_role("link", name=OFFER)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('places')") is None


def test_who_logged_out_leaves_no_places_to_the_next_at_this_device(reader: BrowserContext) -> None:
    told(reader)
    left_at(reader, 4000)
    reader.clear_cookies()

    expect(opened(reader).get_by_role("link", name=OFFER)).to_have_count(0)


def test_who_logs_in_is_offered_no_places_of_whoever_was_logged_in_before(reader: BrowserContext) -> None:
    told(reader)
    left_at(reader, 4000)
    logged_in(reader)
    opened(reader, "/elsewhere/").close()

    expect(opened(reader).get_by_role("link", name=OFFER)).to_have_count(0)
