"""The wire read by keyboard: Carlo goes through the stories, Edda drops one meanwhile, and nothing moves under his hand."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, ROOT, Publication

OUTLETS = ("Outlet One", "Outlet Two", "Outlet Three", "Outlet Four", "Outlet Five")
TELL = """
import sys
import django
django.setup()
from datetime import timedelta
from broadsheet.kit import clock
from tests.wire import stories
for said in sys.argv[1:]:
    headline, outlets = said.rsplit(":", 1)
    tellers = {outlets!r}[: int(outlets)]
    stories.story(headline, outlets=tellers, at=clock.now() - timedelta(minutes=30), now=clock.now())
""".replace("{outlets!r}", repr(OUTLETS))


def tell(publication: Publication, *told: str) -> None:
    """Stories as grouping leaves them: "headline:outlets" each, into the database of the publication that runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    environment |= {
        "BROADSHEET_DEMO": "yes",
        "BROADSHEET_STATE": str(publication.state),
        "BROADSHEET_URL": publication.url,
        "BROADSHEET_CLOCK_FILE": str(publication.state / "clock"),
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-c", TELL, *told], cwd=ROOT, env=environment, check=True, timeout=120)


@pytest.fixture
def edda(browser: Browser, publication: Publication) -> Page:
    context = browser.new_context(base_url=publication.url, **DESKTOP)
    return context.new_page()


def test_stories_are_read_by_keyboard_while_others_work_at_them_and_news_come_in(desktop, edda, publication):
    tell(publication, "Quagga seen:5", "Quagga denied:4", "Quagga sold:3", "Quagga lost:2")
    _open(desktop, "Carlo")
    _open(edda, "Edda")

    _pick_and_note(desktop)
    _drop_and_undo(desktop)
    _merge_and_split(desktop)
    _see_what_another_did(desktop, edda)
    _let_news_wait(desktop, publication)


def _pick_and_note(page: Page) -> None:
    page.keyboard.press("j")
    expect(_here(page)).to_contain_text("Quagga seen")
    page.keyboard.press("e")
    expect(_here(page).locator("details")).to_have_attribute("open", "")
    page.keyboard.press("p")
    expect(page.locator(".wire-news")).to_contain_text("Picked “Quagga seen”")
    expect(_here(page)).to_contain_text("Picked by you")
    expect(_here(page).locator("details")).to_have_attribute("open", "")
    expect(page.locator("#wire-aside")).to_contain_text("Quagga seen")
    page.keyboard.press("n")
    expect(page.locator("#wire-aside textarea").first).to_be_focused()
    page.keyboard.type("jd?")
    page.keyboard.press("Escape")
    expect(page.locator(".wire-story")).to_have_count(4)


def _drop_and_undo(page: Page) -> None:
    page.keyboard.press("j")
    expect(_here(page)).to_contain_text("Quagga denied")
    page.keyboard.press("d")
    expect(page.locator(".wire-news")).to_contain_text("Dropped “Quagga denied”")
    expect(_here(page)).to_contain_text("Quagga sold")
    page.keyboard.press("u")
    expect(_here(page)).to_contain_text("Quagga denied")
    expect(_headlines(page)).to_have_text(["Quagga seen", "Quagga denied", "Quagga sold", "Quagga lost"])


def _merge_and_split(page: Page) -> None:
    for key in ("j", "j", "x", "k", "m"):
        page.keyboard.press(key)
    expect(_headlines(page)).to_have_text(["Quagga seen", "Quagga denied", "Quagga sold"])
    expect(_here(page)).to_contain_text("4 other headlines")
    expect(page.locator(".wire-count")).to_contain_text("3 stories")
    expect(page.get_by_role("button", name="Merge marked here")).to_have_count(0)  # that could be pressed
    for key in ("J", "X", "J", "X", "s"):
        page.keyboard.press(key)
    expect(page.locator(".wire-news")).to_contain_text("Split off")
    expect(page.locator(".wire-story")).to_have_count(4)
    page.keyboard.press("u")
    expect(page.locator(".wire-story")).to_have_count(3)


def _see_what_another_did(page: Page, other: Page) -> None:
    while "Quagga denied" not in _here(page).inner_text():
        page.keyboard.press("k")
    other.locator(".wire-story", has_text="Quagga seen").get_by_role("button", name="Drop").click()
    expect(other.locator(".wire-news")).to_contain_text("Carlo had picked from it")
    expect(page.locator(".wire-told-of")).to_contain_text("Edda dropped “Quagga seen”")
    expect(_headlines(page)).to_have_text(["Quagga denied", "Quagga sold"])
    expect(_here(page)).to_contain_text("Quagga denied")


def _let_news_wait(page: Page, publication: Publication) -> None:
    tell(publication, "Quagga found:5")
    fresh = page.get_by_role("button", name="1 new story")
    expect(fresh).to_be_visible()
    expect(_headlines(page)).to_have_text(["Quagga denied", "Quagga sold"])
    page.keyboard.press("i")
    expect(_headlines(page)).to_have_text(["Quagga found", "Quagga denied", "Quagga sold"])
    expect(_here(page)).to_contain_text("Quagga denied")
    expect(fresh).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def _open(page: Page, name: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=f"Enter as {name}", exact=True).click()
    expect(page).not_to_have_url(re.compile("/demo/"))
    page.goto("/admin/wire/?q=quagga")
    expect(page.locator(".wire-story")).to_have_count(4)


def _here(page: Page):
    return page.locator(".wire-here")


def _headlines(page: Page):
    return page.locator(".wire-story:not(.wire-gone) .wire-headline")
