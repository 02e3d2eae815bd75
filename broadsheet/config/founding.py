"""Makes an empty publication: a folder with its settings and a secret of its own, its tables, its desk and its owner."""

import argparse
import os
import re
import secrets
import sys
from importlib import import_module
from pathlib import Path
from zoneinfo import available_timezones

import django

SETTINGS_FILE = "broadsheet.env"
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


def found(options: argparse.Namespace) -> None:
    folder: Path = options.folder
    if (folder / SETTINGS_FILE).exists():
        sys.exit(f"{folder} holds a publication already. Run it: broadsheet serve {folder}")
    name = _asked(options.name, "Name of the publication: ", "--name")
    zone = _zone(_asked(options.zone, "Its time zone, such as Europe/London: ", "--zone"))
    owner = _address(_asked(options.owner, "Mail address of its owner: ", "--owner"))
    url = options.url.rstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    # Its settings get their name last: a founding that was stopped is simply begun again.
    unfinished = folder / f"{SETTINGS_FILE}.new"
    if not unfinished.exists():
        _write(unfinished, name=name, zone=zone, url=url, mail_from=options.mail_from or f"{name} <{owner}>")
    _begin(folder, unfinished)
    import_module("broadsheet.config.first_day").lay_out(name=name, owner=owner)
    unfinished.rename(folder / SETTINGS_FILE)
    print(_farewell(folder, name=name, owner=owner, url=url))


def _begin(folder: Path, settings_file: Path) -> None:
    import_module("dotenv").load_dotenv(settings_file, override=True)
    os.environ["BROADSHEET_STATE"] = str((folder / "state").resolve())
    os.environ.pop("BROADSHEET_DEMO", None)
    django.setup()
    import_module("broadsheet.config.preparing").prepare_tables()


def _asked(given: str | None, question: str, option: str) -> str:
    if given:
        return given.strip()
    if not sys.stdin.isatty():
        sys.exit(f"{option} is needed: nobody is here to be asked.")
    return input(question).strip() or sys.exit(f"{option} is needed.")


def _zone(zone: str) -> str:
    if zone not in available_timezones():
        sys.exit(f"{zone!r} is no time zone. It is written Area/City, such as Europe/London or America/New_York.")
    return zone


def _address(address: str) -> str:
    if not ADDRESS.fullmatch(address):
        sys.exit(f"{address!r} is no mail address.")
    return address


def _write(file: Path, *, name: str, zone: str, url: str, mail_from: str) -> None:
    host = url.partition("://")[2].partition(":")[0]
    values = {
        "BROADSHEET_NAME": name,
        "BROADSHEET_ZONE": zone,
        "BROADSHEET_URL": url,
        "BROADSHEET_HOSTS": ",".join(dict.fromkeys([host, "127.0.0.1", "localhost"])),
        "BROADSHEET_MAIL_FROM": mail_from,
        # `serve` listens on the loopback: whoever comes from there is the proxy in front of it.
        "BROADSHEET_TRUSTED_PROXIES": "127.0.0.1,::1",
        "BROADSHEET_SECRET_KEY": secrets.token_urlsafe(48),
    }
    lines = [f"{key}='{value.replace(chr(39), '’')}'" for key, value in values.items()]
    file.touch(mode=0o600)
    file.write_text("\n".join(["# Every setting is explained in .env.example.", *lines, ""]))


def _farewell(folder: Path, *, name: str, owner: str, url: str) -> str:
    return (
        f"\n{name} is founded in {folder}.\n"
        f"  Run it:         broadsheet serve {folder}\n"
        f"  Enter the desk: {url}/admin/ as {owner} (codes come by mail: set BROADSHEET_SMTP_HOST first).\n"
        f"  Back it up:     {folder}, whole.\n"
    )
