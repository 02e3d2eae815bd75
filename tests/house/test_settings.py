"""Settings: all of them written down, and none believed that makes no sense."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.config.environment import BadSetting, key, number, text, words, yes_or_no

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bBROADSHEET_[A-Z_]+[A-Z]\b")
SECRET = "quite long enough and never seen by anybody before"
# Not in the demo, with a secret, and with nothing else.
GOOD = {"BROADSHEET_SECRET_KEY": SECRET, "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
POSTMARK = {"BROADSHEET_MAIL_PROVIDER": "postmark", "BROADSHEET_MAIL_KEY": "k"}


def test_every_setting_is_written_down_and_every_written_one_is_read():
    source = "".join(file.read_text() for file in (ROOT / "broadsheet").rglob("*.py"))
    read = {name.removesuffix("_FILE") if name != "BROADSHEET_CLOCK_FILE" else name for name in NAME.findall(source)}
    written = set(re.findall(r"^#?(BROADSHEET_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read == written


def boot(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import broadsheet.config.settings"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_secret_of_ones_own_is_all_that_is_needed():
    booted = boot(GOOD)

    assert (booted.returncode, booted.stderr) == (0, "")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"BROADSHEET_SECRET_KEY": ""}, "BROADSHEET_SECRET_KEY"),
        ({"BROADSHEET_SECRET_KEY": "short"}, "BROADSHEET_SECRET_KEY"),
        ({"BROADSHEET_SECRET_KEY": "the demo's secret; everybody knows it; never on the open net"}, "BROADSHEET_SECRET_KEY"),
        ({"BROADSHEET_SECRET_KEY_FILE": "no/such/file"}, "BROADSHEET_SECRET_KEY_FILE"),
        ({"BROADSHEET_DEMO": "perhaps"}, "BROADSHEET_DEMO"),
        ({"BROADSHEET_SMTP_PORT": "smtp"}, "BROADSHEET_SMTP_PORT"),
        ({"BROADSHEET_SMTP_PORT": "0"}, "BROADSHEET_SMTP_PORT"),
        ({"BROADSHEET_SMTP_PORT": "-25"}, "BROADSHEET_SMTP_PORT"),
        ({"BROADSHEET_DATABASE_URL": "mysql://localhost/press"}, "BROADSHEET_DATABASE_URL"),
        ({"BROADSHEET_DATABASE_URL": "nonsense"}, "BROADSHEET_DATABASE_URL"),
        ({"BROADSHEET_ZONE": "Europe/Atlantis"}, "BROADSHEET_ZONE"),
        ({"BROADSHEET_URL": "meridian.example"}, "BROADSHEET_URL"),
        ({"BROADSHEET_RETURNS_MAILBOX": "https://me:secret@mail.example"}, "BROADSHEET_RETURNS_MAILBOX"),
        ({"BROADSHEET_MAIL_PROVIDER": "pigeon"}, "BROADSHEET_MAIL_PROVIDER"),
        ({"BROADSHEET_MAIL_PROVIDER": "postmark"}, "BROADSHEET_MAIL_KEY"),
        (POSTMARK | {"BROADSHEET_MAIL_NOTICES_SECRET": "no colon"}, "BROADSHEET_MAIL_NOTICES_SECRET"),
        (
            POSTMARK | {"BROADSHEET_MAIL_PROVIDER": "mailgun", "BROADSHEET_MAIL_NOTICES_SECRET": "a:b"},
            "BROADSHEET_MAIL_SIGNING_KEY",
        ),
        ({"BROADSHEET_DKIM_KEY": "no key"}, "BROADSHEET_DKIM_KEY"),
        ({"BROADSHEET_DKIM_KEY_FILE": "no/such/file"}, "BROADSHEET_DKIM_KEY_FILE"),
        ({"BROADSHEET_RETURNS_TO": "Returns <returns@review.example>"}, "BROADSHEET_RETURNS_TO"),
        ({"BROADSHEET_RETURNS_TO": "all-that-comes-back-to-us@review.example"}, "BROADSHEET_RETURNS_TO"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence_that_names_it(change, named):
    booted = boot(GOOD | change)

    assert booted.returncode == 1
    assert booted.stderr.startswith(named)
    assert booted.stderr.count("\n") == 1  # a sentence, not a traceback


def test_a_setting_may_lie_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("BROADSHEET_SECRET_KEY_FILE", str(tmp_path / "secret"))

    assert text("BROADSHEET_SECRET_KEY") == "from a file"


def test_a_missing_setting_says_where_it_is_explained(monkeypatch):
    monkeypatch.delenv("BROADSHEET_NOWHERE", raising=False)

    with pytest.raises(BadSetting, match=r"BROADSHEET_NOWHERE is not set.*\.env\.example"):
        text("BROADSHEET_NOWHERE")


@pytest.mark.parametrize("value", ["", "three", "3.5", "-1", "1e3", "٣x", "11"])
def test_a_number_out_of_bounds_is_refused(value, monkeypatch):
    monkeypatch.setenv("BROADSHEET_WORKERS", value)

    with pytest.raises(BadSetting, match="BROADSHEET_WORKERS"):
        number("BROADSHEET_WORKERS", 2, least=1, most=10)


@pytest.mark.parametrize(("value", "meant"), [("yes", True), ("YES", True), ("no", False)])
def test_yes_and_no_are_the_only_answers(value, meant, monkeypatch):
    monkeypatch.setenv("BROADSHEET_DEMO", value)

    assert yes_or_no("BROADSHEET_DEMO", default=False) is meant


def test_several_values_are_divided_by_commas(monkeypatch):
    monkeypatch.setenv("BROADSHEET_HOSTS", " a.example, ,b.example ")

    assert words("BROADSHEET_HOSTS") == ("a.example", "b.example")


@pytest.mark.parametrize("value", ["sk-é", "sk 1", "sk\r\nHost: x"])
def test_a_key_that_no_header_carries_is_refused_and_not_said(value, monkeypatch):
    monkeypatch.setenv("BROADSHEET_MODEL_KEY", value)

    with pytest.raises(BadSetting, match="BROADSHEET_MODEL_KEY") as refused:
        key("BROADSHEET_MODEL_KEY")
    assert value not in str(refused.value)


def test_a_key_may_be_missing(monkeypatch):
    monkeypatch.delenv("BROADSHEET_MODEL_KEY", raising=False)

    assert key("BROADSHEET_MODEL_KEY") == ""
