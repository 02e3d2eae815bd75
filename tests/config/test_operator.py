"""The operator's commands, as real processes on a folder of their own."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

NAMED = ["--name", "The Harbour Review", "--owner", "anna@example.org", "--zone", "Europe/Lisbon"]


def broadsheet(*words: str, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    command = [sys.executable, "-m", "broadsheet.config.cli", *words]
    return subprocess.Popen(command, env=kept | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=110)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("publication") / "harbour"
    code, out, err = said(broadsheet("new", str(folder), *NAMED))
    assert code == 0, err
    return folder, out


def rows(folder: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(folder / "state" / "broadsheet.sqlite3") as database:
        return database.execute(sql).fetchall()


def test_a_new_publication_has_a_secret_of_its_own_that_others_cannot_read(founded):
    folder, out = founded
    settings = folder / "broadsheet.env"

    assert "is founded in" in out
    assert settings.stat().st_mode & 0o077 == 0
    assert "demo" not in settings.read_text().partition("SECRET_KEY")[2]


def test_a_new_publication_has_its_pages_its_sections_and_its_owner(founded):
    folder, _ = founded

    assert rows(folder, "SELECT count(*) FROM newsroom_articleindex") == [(8,)]
    assert rows(folder, "SELECT count(*) FROM newsroom_country") == [(250,)]
    assert rows(folder, "SELECT email, is_superuser FROM membership_reader") == [("anna@example.org", 1)]
    assert rows(folder, "SELECT count(*) FROM newsroom_article") == [(0,)]


def test_a_folder_is_founded_once(founded):
    code, _, err = said(broadsheet("new", str(founded[0]), *NAMED))

    assert code == 1
    assert "holds a publication already" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--zone", "Lisbon"], "'Lisbon' is no time zone"),
        (["--owner", "anna"], "'anna' is no mail address"),
    ],
)
def test_what_cannot_be_right_is_refused_before_anything_is_made(tmp_path, words, says):
    code, _, err = said(broadsheet("new", str(tmp_path / "x"), *NAMED, *words))

    assert (code, (tmp_path / "x").exists()) == (1, False)
    assert says in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", [["serve"], ["sweep"], ["doctor"], ["import", "library", "x.jsonl"]])
def test_without_a_secret_nothing_starts(tmp_path, command):
    place = ["--folder", str(tmp_path)] if command[0] == "import" else [str(tmp_path)]
    code, _, err = said(broadsheet(*command, *place))

    assert code != 0
    assert "BROADSHEET_SECRET_KEY is not set" in err
    assert "Traceback" not in err


def test_the_doctor_says_of_each_thing_how_it_stands_and_what_to_do(founded):
    code, out, err = said(broadsheet("doctor", str(founded[0]), BROADSHEET_SMTP_HOST="127.0.0.1", BROADSHEET_SMTP_PORT="1"))
    lines = dict(line.split(": ", 1) for line in out.splitlines())

    assert (code, err) == (1, "")
    assert lines["WRONG  mail"].startswith("127.0.0.1:1 does not take our mail")
    assert lines["WRONG  worker"] == "None is running. Start it: broadsheet serve does."
    assert lines["well   tables"] == "They are of this version."


def test_the_doctor_makes_no_database_where_there_is_none(tmp_path):
    secret = {"BROADSHEET_SECRET_KEY": "x" * 50, "BROADSHEET_STATE": str(tmp_path)}
    code, out, _ = said(broadsheet("doctor", str(tmp_path), **secret))

    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "WRONG  database: There is none" in out


def test_the_doctor_makes_no_demo_where_there_is_none(tmp_path):
    code, out, _ = said(broadsheet("doctor", "--demo", str(tmp_path)))

    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "WRONG  database: There is none" in out


def test_the_demo_is_not_served(tmp_path):
    code, _, err = said(broadsheet("serve", str(tmp_path), BROADSHEET_DEMO="yes", BROADSHEET_STATE=str(tmp_path)))

    assert code == 1
    assert "never served" in err


@pytest.mark.timeout(300)
def test_an_import_that_was_killed_goes_on_where_it_was(founded, tmp_path):
    folder = shutil.copytree(founded[0], tmp_path / "harbour")
    library = tmp_path / "library.jsonl"
    items = [
        {
            "id": f"item-{n}",
            "title": f"Item {n}",
            "date": "2020-01-01",
            "body_html": f"<p>{'Word ' * 60}</p>" * 3,
            "topics": ["Water"],
        }
        for n in range(900)
    ]
    library.write_text("\n".join(map(json.dumps, items)))
    report = tmp_path / "report.jsonl"
    words = ["import", "library", str(library), "--folder", str(folder), "--report"]

    first, pause = broadsheet(*words, str(report)), threading.Event()
    while first.poll() is None and not (report.exists() and report.stat().st_size):
        pause.wait(0.02)  # until the first batch is told of
    first.send_signal(signal.SIGKILL)
    first.communicate()
    (before,) = rows(folder, "SELECT count(*) FROM newsroom_article")[0]
    code, out, err = said(broadsheet(*words, str(report)))

    assert code == 0, err
    assert before > 0
    assert f"{before:,} unchanged" in out
    assert rows(folder, "SELECT count(*), count(DISTINCT source_id) FROM newsroom_article") == [(900, 900)]
    assert rows(folder, "SELECT count(*) FROM press_slip WHERE kind = 'article' AND NOT withdrawn") == [(900,)]
    assert rows(folder, "SELECT numchild FROM wagtailcore_page WHERE slug = 'briefings'") == [(900,)]
    assert len(report.read_text().splitlines()) == 900


def test_a_fresh_demo_removes_only_what_a_demo_made(founded):
    state = founded[0] / "state"

    code, _, err = said(broadsheet("demo", "--fresh", "--state", str(state)))

    assert code == 1
    assert "was not made by a demo" in err
    assert (state / "broadsheet.sqlite3").is_file()
