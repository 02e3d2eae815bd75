"""A publication that really runs, and Debian's Chromium to read it with."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import databases

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATIENCE = 240  # seconds for a publication to be written, printed and served, on a machine that does other things too
MOVE_THE_CLOCK = ("test_newsletters.py", "test_a_subscribers_life.py")  # so they come last: all files share one publication
# The second line keeps Chromium from calling home, which takes it seconds where nobody answers.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
expect.set_options(timeout=20_000)
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(PATIENCE + 60))
    items.sort(key=lambda item: item.path.name in MOVE_THE_CLOCK and 1 + MOVE_THE_CLOCK.index(item.path.name))


@dataclass(frozen=True, slots=True)
class Publication:
    url: str
    state: Path

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Publication]:
    """The demo publication as `broadsheet demo` runs it: web processes, worker, a state folder of its own."""
    state = tmp_path_factory.mktemp("publication")
    shutil.copy(databases.migrated_file(), state / "broadsheet.sqlite3")  # which is all that this start need not show
    port = _free_port()
    command = [Path(sys.executable).with_name("broadsheet"), "demo", "--port", str(port), "--state", state]
    # The settings of the tests are for their own process.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    with (state / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _await(f"http://127.0.0.1:{port}/", running, state / "log")
        yield Publication(f"http://127.0.0.1:{port}", state)
    finally:
        running.terminate()
        running.wait(timeout=30)


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(url).status_code == httpx.codes.OK:
                return
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=0.2)
            break  # it has ended, and nobody will answer
    pytest.fail(f"The publication does not answer:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file of tests: while it runs, its event loop would have Django refuse its database to other tests."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and in CI nothing may wait.")
        pytest.skip("waits for Chromium: on Debian, apt install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def phone(browser: Browser, publication: Publication) -> Iterator[Page]:
    yield from _reading(browser, publication, PHONE)


@pytest.fixture
def desktop(browser: Browser, publication: Publication) -> Iterator[Page]:
    yield from _reading(browser, publication, DESKTOP)


def _reading(browser: Browser, publication: Publication, device: dict[str, Any]) -> Iterator[Page]:
    """A visitor without any cookie. Whatever the page asks of others, and whatever fails in its scripts, fails the test."""
    context = browser.new_context(base_url=publication.url, **device)
    page = context.new_page()
    elsewhere: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url) if _is_elsewhere(request.url, publication) else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    context.close()
    assert elsewhere == []
    assert troubles == []


def _is_elsewhere(url: str, publication: Publication) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != publication.host
