#!/bin/sh
# All tests on SQLite, then those marked postgres once more on a PostgreSQL of their own: `test.sh [folder …]`.
# Three processes keep two cores busy: those that drive a browser or a server wait for it.
set -eu
[ $# -gt 0 ] || set -- tests

scripts/setup.sh dev
scripts/debian.sh
echo "On SQLite: $*"
.venv/bin/pytest -n 3 "$@"

if ! .venv/bin/python -m tests.postgres 2>/dev/null; then
    exit 0 # debian.sh has said what is missing, and refuses where nothing may wait
fi
echo "On PostgreSQL: what is marked postgres in $*"
status=0
TEST_DATABASE=postgres .venv/bin/pytest -n 3 -m postgres "$@" || status=$?
[ "$status" = 5 ] || exit "$status" # 5: nothing in these folders is marked
