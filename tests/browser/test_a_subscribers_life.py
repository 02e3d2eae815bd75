"""A subscriber's whole life as its reader sees it: the wall, the plans, paying, a charge that fails, colleagues, the end.

What they type and are told in secret on the way is then looked for wherever something is kept.
"""

import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, Publication

REPORT = "/reports/special-report-strait-of-malacca/"
PAID_TEXT = "The Court awarded Pedra Branca to Singapore"
PAYS, FAILS_LATER = "4242 4242 4242 4242", "4000 0000 0000 0341"
LONG = 90_000  # milliseconds, for a month of the publication on a machine that does other things too
CODE = re.compile(r"\b[A-Z]{3}-[A-Z]{3}\b")
SECRETS = ("sk_test_of_the_demo", "whsec_of_the_demo")
# A code is in its own mail, which the demo keeps to be read; the till stands in for Stripe, which knows its endpoint's secret.
# The two tables of sessions are what a key is compared with.
MAY_HAVE_CODES = {"mailroom_dispatch.subject", "mailroom_dispatch.text", "mailroom_dispatch.html"}
MAY_HAVE_KEYS = {"django_session.session_key", "membership_device.session_key"}
MAY_HAVE_SECRETS = {"documents.body"}


@pytest.fixture
def codes() -> list[str]:
    """All that were told."""
    return []


@pytest.fixture
def somebody_else(browser: Browser, publication: Publication) -> Iterator[Page]:
    with browser.new_context(base_url=publication.url, **DESKTOP) as context:
        yield context.new_page()


def test_a_subscriber_s_whole_life_and_no_secret_is_left(
    desktop: Page, somebody_else: Page, publication: Publication, codes: list[str]
):
    _subscribe_at_the_wall(desktop, codes)
    keys = _session_keys(desktop.context)
    _let_the_card_fail(desktop)
    _mend_it(desktop)
    _end_it_with_a_refund(desktop)
    _take_a_copy_and_go(desktop, publication)
    _invite_two_and_remove_one(desktop, somebody_else, codes)

    assert len(codes) == 2
    assert _found(publication.state, codes, keys + _session_keys(somebody_else.context)) == []


def _subscribe_at_the_wall(page: Page, codes: list[str]) -> None:
    page.goto(REPORT)
    assert PAID_TEXT not in page.content()
    page.get_by_role("link", name="Subscribe and read on").click()
    page.get_by_role("region", name="All-Access").get_by_role("button", name="Subscribe").click()
    _come_in(page, "nora@example.org", codes)
    expect(page.locator("main")).to_contain_text("€9")
    page.get_by_role("button", name="Go to the payment").click()
    page.get_by_label("Card number").fill(PAYS)
    page.get_by_label("Expiry").fill("12/40")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Subscribe").click()

    expect(page).to_have_url(re.compile(REPORT))
    expect(page.locator("main")).to_contain_text(PAID_TEXT)
    expect(page.locator(".wall")).to_have_count(0)


def _let_the_card_fail(page: Page) -> None:
    page.goto("/account/subscription/")
    page.get_by_role("button", name="Card, address and bills").click()
    page.get_by_role("button", name=FAILS_LATER).click()
    for _ in range(2):
        page.goto("/demo/")
        page.get_by_role("button", name="Next month").click(timeout=LONG)
        expect(page.get_by_role("status").first).to_contain_text("What was due has been done.", timeout=LONG)
    page.goto(REPORT)
    expect(page.locator("[data-account]")).to_have_text("Payment failed: your account")
    expect(page.locator(".wall")).to_contain_text("The last payment did not go through")
    assert PAID_TEXT not in page.content()


def _mend_it(page: Page) -> None:
    page.get_by_role("link", name="Payment failed: your account").click()
    page.get_by_role("link", name="See to the payment").click()
    page.get_by_role("button", name="Pay what is open").click()
    page.get_by_role("button", name=PAYS).click()
    page.get_by_role("link", name="Back to The Meridian Review").click()
    _look_until(page, "/account/subscription/", "It renews on")
    page.goto(REPORT)
    expect(page.locator("main")).to_contain_text(PAID_TEXT)


def _end_it_with_a_refund(page: Page) -> None:
    page.goto("/account/subscription/cancel/")
    now = page.get_by_role("button", name=re.compile("End it now and pay back €"))
    refund = now.inner_text().removeprefix("End it now and pay back ")
    expect(page.locator("main")).to_contain_text(f"{refund} for the days that are left goes back to your card")
    now.click()
    expect(page.locator("main")).to_contain_text("You hold no subscription.")
    page.goto(REPORT)
    expect(page.locator(".wall")).to_be_visible()


def _take_a_copy_and_go(page: Page, publication: Publication) -> None:
    page.goto("/account/export/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Get the file").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert {"account.json", "subscriptions.json", "invoices.json", "terms.json", "consents.json"} <= held.keys()
    assert json.loads(held["account.json"])["email"] == "nora@example.org"
    assert len(json.loads(held["invoices.json"])) == 2

    page.goto("/account/erase/")
    page.get_by_label("Your address").fill("nora@example.org")
    page.get_by_role("button", name="Erase my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is erased")
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/join/"))
    with closing(sqlite3.connect(publication.state / "broadsheet.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM membership_reader WHERE email LIKE 'nora@%'").fetchone() == (0,)


def _invite_two_and_remove_one(manager: Page, colleague: Page, codes: list[str]) -> None:
    manager.goto("/demo/")
    manager.get_by_role("button", name="Enter as Gus").click()
    manager.goto("/account/group/")
    manager.get_by_label("Addresses, by lines, commas or spaces").fill("hana@example.org\nmilo@example.org")
    manager.get_by_role("button", name="Invite", exact=True).click()
    expect(manager.locator("main")).to_contain_text("1 of 3 seats taken, 2 invited")

    invitation = re.search(r"http://\S+/group/join/\S+/", _mail_to(colleague, "hana@example.org"))
    assert invitation
    colleague.goto(invitation[0])
    colleague.get_by_role("button", name="Continue with your address").click()
    _come_in(colleague, "hana@example.org", codes)
    colleague.get_by_role("button", name="Take the seat").click()
    expect(colleague.locator("main")).to_contain_text("You read by the subscription of")
    colleague.goto(REPORT)
    expect(colleague.locator("main")).to_contain_text(PAID_TEXT)

    manager.reload()
    manager.get_by_role("button", name="Remove hana@example.org").click()
    expect(manager.locator("main")).to_contain_text("1 of 3 seats taken, 1 invited")
    for _ in range(20):  # each process hears of it within a fifth of a second, and later where the machine is busy
        colleague.reload()
        if colleague.locator(".wall").is_visible():
            break
    expect(colleague.locator(".wall")).to_be_visible()
    assert PAID_TEXT not in colleague.content()


def _come_in(page: Page, address: str, codes: list[str]) -> None:
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    expect(page).to_have_url(re.compile("/join/code/"))
    with page.context.new_page() as outbox:
        code = CODE.search(_mail_to(outbox, address))
    assert code
    codes.append(code[0])
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code[0])
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/join/code/"))


def _mail_to(page: Page, address: str) -> str:
    """The newest."""
    page.goto("/demo/outbox/")
    page.locator("li", has_text=address).first.get_by_role("link").click()
    return page.locator("details pre").text_content() or ""


def _look_until(page: Page, path: str, words: str) -> None:
    """What Stripe tells comes by the worker, a few seconds later."""
    for _ in range(60):
        page.goto(path)
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
    pytest.fail(f"{path} does not say: {words}")


def _session_keys(context: BrowserContext) -> list[str]:
    return [str(cookie["value"]) for cookie in context.cookies() if cookie["name"] == "session"]


def _found(state: Path, codes: list[str], keys: list[str]) -> list[str]:
    """Where something stands that should stand nowhere: "table.column" of a database, or a file, and which it is."""
    cards = [card.replace(" ", between) for card in (PAYS, FAILS_LATER) for between in (" ", "", "-")]
    places = [
        *((word, "a card", frozenset[str]()) for word in cards),
        *((word, "a code", MAY_HAVE_CODES) for word in codes),
        *((word, "a secret", MAY_HAVE_SECRETS) for word in SECRETS),
        *((word, "a session's key", MAY_HAVE_KEYS) for word in keys),
    ]
    kept = [*_rows(state), *_files(state)]
    return sorted({f"{place}: {what}" for place, text in kept for word, what, may in places if word in text and place not in may})


def _rows(state: Path) -> Iterator[tuple[str, str]]:
    for file in state.glob("*.sqlite3"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = database.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in rows.description]
                for row in rows:
                    yield from ((f"{table}.{name}", _text(value)) for name, value in zip(names, row, strict=True) if value)


def _files(state: Path) -> Iterator[tuple[str, str]]:
    """The log is all that any process of it has said."""
    for file in state.rglob("*"):
        if file.is_file() and "sqlite3" not in file.name and "static" not in file.parts:
            yield str(file.relative_to(state)), _text(file.read_bytes())


def _text(value: object) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
