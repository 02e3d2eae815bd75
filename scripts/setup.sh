#!/bin/sh
# Bring the environment in .venv up to date with uv.lock: `setup.sh run` for the programs, `setup.sh dev` for the tests as well.
# Needs nothing but Python 3.11 or later with its venv module; uv is put into .tools. Does nothing where nothing has changed.
set -eu
UV_VERSION=0.13.9
wanted=${1:-run}

refuse() {
    echo "$1" >&2
    exit 1
}

newest_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

install_uv() {
    python=$(newest_python) ||
        refuse "Broadsheet needs Python 3.11 or later and finds none: install it, or name it with PYTHON=/path/to/python3."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        refuse "Broadsheet needs Python's venv module, which $python lacks: on Debian and Ubuntu, apt install python3-venv."
    echo "Setting up: uv $UV_VERSION in .tools …"
    "$python" -m venv .tools
    .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
    touch ".tools/uv-$UV_VERSION"
}

# Three lines: the lock that .venv was made from, the folder it was made in, and whether it holds the tests' packages too.
stamp=.venv/broadsheet-setup
lock=$(cksum <uv.lock)
has=
if [ -f "$stamp" ] && [ -x .venv/bin/python ]; then
    { read -r made_from && read -r made_in && read -r has; } <"$stamp"
    [ "$made_in" = "$PWD" ] || rm -rf .venv # the programs in it begin with the old folder's name
    [ "$made_in" = "$PWD" ] || has=
    if [ "$made_from" = "$lock" ] && { [ "$has" = dev ] || [ "$has" = "$wanted" ]; }; then
        exit 0
    fi
fi

[ -f ".tools/uv-$UV_VERSION" ] && [ -x .tools/bin/python ] || install_uv
# A demo beside a development does not take its packages away.
[ "$has" != dev ] || wanted=dev
only=--no-dev
[ "$wanted" != dev ] || only=
echo "Setting up: the packages of uv.lock in .venv …"
# shellcheck disable=SC2086 # no word at all where it is empty
UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 .tools/bin/uv sync --frozen --inexact $only --python .tools/bin/python
printf '%s\n%s\n%s\n' "$lock" "$PWD" "$wanted" >"$stamp"
