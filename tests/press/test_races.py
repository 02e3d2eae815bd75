"""Several processes press at once, and are killed: what stands on the site is always whole, and in the end the newest."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from broadsheet.press import actions, queries
from broadsheet.press.models import Listed, Pressing, Slip, Snapshot
from tests import make
from tests.press.proofs import read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROOT = Path(__file__).resolve().parents[2]


def printer(how: str, ids: list[int]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.press.printer", str(connection.settings_dict["NAME"]), how, ",".join(map(str, ids))]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def everything_named_exists() -> bool:
    named = {digest for slip in Slip.objects.all() for digest in (slip.full_cut, *slip.previews.values()) if digest}
    return named == set(Snapshot.objects.filter(digest__in=named, superseded_at=None).values_list("digest", flat=True))


def test_two_presses_of_one_article_end_with_its_newest_revision():
    article = make.article(headline="Revision 0")
    printers = [printer("one", [article.pk]) for _ in range(2)]
    for process in printers:
        begin(process)

    # Each publish presses in this process too, as the desk's does.
    for number in range(1, 9):
        article = make.published(article, title=f"Revision {number}")
    for process in printers:
        process.communicate(timeout=60)

    assert [process.returncode for process in printers] == [0, 0]
    assert "Revision 8" in read(Slip.objects.get(path=article.address).full_cut)
    assert queries.unpressed(datetime.now(UTC)) == []
    assert everything_named_exists()
    assert Listed.objects.filter(article_id=article.pk, list="latest").count() == 1


def test_a_run_that_is_killed_leaves_whole_articles_and_goes_on(at):
    ids = [make.article(at=at).pk for _ in range(12)]
    process = printer("many", ids)
    begin(process)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)
    filed = Pressing.objects.count()
    assert 2 <= filed <= 12
    assert Slip.objects.count() == filed
    assert everything_named_exists()

    run = actions.press_many(ids, at=at)

    assert run.pressed + run.unchanged == 12
    assert run.unchanged == filed
    assert Pressing.objects.count() == Slip.objects.count() == Listed.objects.filter(list="latest").count() == 12
    numbers = list(Slip.objects.values_list("change", flat=True))
    assert len(set(numbers)) == 12


def test_many_are_printed_by_several_processes_as_by_one(at):
    ids = [make.article(at=at).pk for _ in range(6)]

    actions.press_many(ids, at=at, workers=2)

    together = dict(Slip.objects.values_list("path", "full_cut"))
    actions.press_many(ids, at=at, workers=0, anew=True)
    assert dict(Slip.objects.values_list("path", "full_cut")) == together
    assert everything_named_exists()
