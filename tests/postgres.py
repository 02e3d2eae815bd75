"""A PostgreSQL of the tests' own: in a temporary folder, on a Unix socket, gone with the process that started it.

Standard library only, since the settings of the tests start it. `python -m tests.postgres` says whether there is one to start.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

ROLE = "tests"
# Data that may be lost at any moment need not be written carefully.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
# Serves until its input ends, which it does however the process that holds the other end goes.
SERVE = """
"$1/pg_ctl" --pgdata="$2/data" --log="$2/log" --wait --options="$3" start >/dev/null || { cat "$2/log" >&2; exit 1; }
echo ready
cat >/dev/null
"$1/pg_ctl" --pgdata="$2/data" --mode=immediate --silent stop
rm -rf "$2"
"""


class NoPostgres(Exception):
    """PostgreSQL's programs are nowhere to be found, or do not start."""


def programs() -> Path:
    """The folder of the newest PostgreSQL whose programs run."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    for folder in (*installed, *on_path):
        if all(_runs(folder / name) for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NoPostgres("The tests need PostgreSQL's server: on Debian, apt install postgresql.")


def _runs(program: Path) -> bool:
    return program.exists() and subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


def start() -> str:
    """Start a server for as long as this process lives; the address of its one role's database."""
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-pg-"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    rights = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    initdb = [bin_folder / "initdb", "--username", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [*initdb, "--pgdata", folder / "data"], cwd=folder, capture_output=True, text=True, check=False, **rights
    )
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr}")
    options = f"{CARELESS} -c listen_addresses='' -c unix_socket_directories={folder}"
    server = subprocess.Popen(
        ["sh", "-c", SERVE, "serve", bin_folder, folder, options],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # so that an interrupt at the terminal leaves it time to stop
        **rights,
    )
    if server.stdout is None or server.stdout.readline() != b"ready\n":
        raise NoPostgres("PostgreSQL does not start.")
    atexit.register(_stop, server)
    return f"postgresql://{ROLE}@{quote(str(folder), safe='')}/postgres"


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.communicate()


def _unprivileged() -> str | None:
    """PostgreSQL refuses to be run by root: whom to run it as, None where we are nobody special."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


if __name__ == "__main__":
    try:
        programs()
    except NoPostgres as trouble:
        sys.exit(str(trouble))
