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


REPORT = "/reports/special-report-strait-of-malacca/"
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
    page.evaluate("document.fonts.ready")
    if shot.at:
        page.locator(shot.at).scroll_into_view_if_needed()
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


def main() -> None:
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for shot in SHOTS:
            take(browser, base, shot)
            print(f"{shot.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
