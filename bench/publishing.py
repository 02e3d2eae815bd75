"""What `bench.press` has done by a process with Django in it: found a publication, count it, publish in it and look for that."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 - models exist only after Django's set-up
from django_tasks_db.models import DBTaskResult  # noqa: E402

from broadsheet.config.preparing import prepare  # noqa: E402
from broadsheet.kit import clock  # noqa: E402
from broadsheet.newsroom.actions import take_back  # noqa: E402
from broadsheet.newsroom.layout import lay_out_the_site  # noqa: E402
from broadsheet.newsroom.models import ArticleIndex, Briefing, Country  # noqa: E402
from broadsheet.newsroom.tasks import index_between, index_what_came  # noqa: E402
from broadsheet.press.models import Listed, Slip  # noqa: E402
from broadsheet.press.queries import due  # noqa: E402

PATIENCE = 60  # seconds
SETTLES_IN = 600


def found() -> None:
    prepare()
    lay_out_the_site(name="The Bench", at=datetime.now(UTC))


def count() -> None:
    size = sum(file.stat().st_size for file in Path(settings.STATE).glob("broadsheet.sqlite3*")) / 1e6
    articles = Slip.objects.filter(kind="article").count()
    print(json.dumps({"articles": articles, "slips": Slip.objects.count(), "mb": size}))


def paths() -> None:
    print(json.dumps(list(Slip.objects.filter(kind="article", withdrawn=False).values_list("path", flat=True))))


def settle() -> None:
    """Wait until the worker has done what an import leaves behind: the desk's indexes, and pages that became due on the way."""
    began = time.monotonic()
    indexing = [errand.module_path for errand in (index_what_came, index_between)]
    left = DBTaskResult.objects.filter(task_path__in=indexing, status__in=["READY", "RUNNING"])
    while left.exists() or due(clock.now()).exists():
        if time.monotonic() - began > SETTLES_IN:
            raise SystemExit(f"After {SETTLES_IN} s the worker was still busy with the import.")
        time.sleep(1)
    print(f"{time.monotonic() - began:.0f}")


def publish(rounds: int, ports: list[int]) -> None:
    """Each round: publish, see the article and what lists it at every gate, take it back, see it gone."""
    country = busiest_country()
    dependents = ["/", "/latest/", "/briefings/", f"/countries/{country.slug}/", "/latest/feed.rss", "/sitemap.xml"]
    for path in dependents:
        for port in ports:
            ask(port, path)
    for number in range(rounds):
        print(json.dumps(one_round(f"Bench {os.getpid()} number {number}", country, dependents[:5], ports)), flush=True)


def one_round(headline: str, country: Country, dependents: list[str], ports: list[int]) -> dict[str, float]:
    article = written(headline, country)
    began = time.monotonic()
    article.save_revision().publish()
    live = since(began, "the article", lambda: all(headline in ask(port, article.address)[1] for port in ports))
    listed = since(began, "what lists it", lambda: all(headline in ask(port, path)[1] for port in ports for path in dependents))
    began = time.monotonic()
    take_back(article, by=None, at=datetime.now(UTC))
    withdrawn = since(began, "its withdrawal", lambda: all(ask(port, article.address)[0] == 410 for port in ports))
    return {"live": live, "dependents": listed, "withdrawn": withdrawn}


def busiest_country() -> Country:
    return max(Country.objects.all(), key=lambda country: Listed.objects.filter(list=f"countries/{country.slug}").count())


def written(headline: str, country: Country) -> Briefing:
    body = [("paragraph", "<p>" + "What is measured here is how soon this stands where readers look for it. " * 20 + "</p>")] * 6
    article = Briefing(title=headline, standfirst="How soon?", body=body, live=False, main_country=country)
    article.countries = [country]
    ArticleIndex.objects.get(article_type="briefing").add_child(instance=article)
    return article


def since(began: float, what: str, holds: Callable[[], bool]) -> float:
    while not holds():
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"After {PATIENCE} s {what} was not seen yet.")
        time.sleep(0.02)
    return time.monotonic() - began


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, ""


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["found"]:
            found()
        case ["count"]:
            count()
        case ["settle"]:
            settle()
        case ["paths"]:
            paths()
        case ["publish", rounds, *ports]:
            publish(int(rounds), [int(port) for port in ports])
        case _:
            raise SystemExit("It takes found, count, settle, paths, or publish ROUNDS PORT …")
