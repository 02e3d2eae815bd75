"""Take the pictures of docs/screenshots from a running demo: `make demo` in another terminal, then `make screenshots`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path("docs/screenshots")
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1280, 900)}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@dataclass(frozen=True)
class Shot:
    name: str
    path: str
    size: str
    who: str = "vera"
    scheme: str = "light"
    at: str = ""  # scroll to this element first
    press: str = ""  # this button, which leads to the page that is meant


REPORT = "/reports/special-report-strait-of-malacca/"
RELATION = "/relations/egypt/ethiopia/"
SAVE = "form.follow[action='/account/alerts/'] button"
BRIEFING = "/briefings/the-service-engineer-as-foreign-policy/"
SHOTS = (
    Shot("front-desktop", "/", "desktop"),
    Shot("front-phone", "/", "phone"),
    Shot("front-dark", "/", "desktop", scheme="dark"),
    Shot("article-phone", BRIEFING, "phone"),
    Shot("article-dark-phone", BRIEFING, "phone", scheme="dark"),
    Shot("wall-phone", BRIEFING, "phone", at=".wall"),
    Shot("report-desktop", REPORT, "desktop", who="sada"),
    Shot("report-tablet", REPORT, "tablet", who="sada"),
    Shot("region-tablet", "/regions/africa/", "tablet"),
    Shot("plans-desktop", "/subscribe/", "desktop"),
    Shot("search-desktop", "/search/?q=dam+treaty", "desktop", who="sada"),
    Shot("search-phone", "/search/?q=dam+treaty", "phone"),
    Shot("alerts-desktop", "/search/?q=dam+treaty", "desktop", who="sada", press=SAVE),
    Shot("country-desktop", "/countries/russia/", "desktop", who="sada"),
    Shot("relation-desktop", RELATION, "desktop", who="sada"),
    Shot("relation-phone", RELATION, "phone"),
    Shot("relations-desktop", "/relations/", "desktop"),
    Shot("account-desktop", "/account/", "desktop", who="sada"),
    Shot("demo-desktop", "/demo/", "desktop"),
    Shot("desk-desktop", "/admin/", "desktop", who="edda"),
)


def take(browser: Browser, base: str, shot: Shot) -> None:
    width, height = SIZES[shot.size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=shot.scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{base}/demo/")
    with page.expect_navigation():
        page.locator(f"form[action='/demo/enter/{shot.who}/'] button").first.click()
    page.goto(f"{base}{shot.path}")
    if shot.press:
        with page.expect_navigation():
            page.locator(shot.press).first.click()
    page.evaluate("document.fonts.ready")
    if shot.at:
        page.locator(shot.at).scroll_into_view_if_needed()
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


def main() -> None:
    """`python -m scripts.screenshots [BASE [NAME …]]`: all, or those whose names begin so."""
    base, names = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000", tuple(sys.argv[2:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for shot in (shot for shot in SHOTS if not names or shot.name.startswith(names)):
            take(browser, base, shot)
            print(f"{shot.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
