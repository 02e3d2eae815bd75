#!/bin/sh
# See to what the tests need beside Python: Chromium and PostgreSQL. On Debian as root they are installed where they are missing;
# elsewhere one line says what to install and which tests wait for it. Where CI=true nothing may wait.
set -eu

has_postgresql() {
    for initdb in /usr/lib/postgresql/*/bin/initdb initdb; do
        if "$initdb" --version >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

missing() {
    chromium --version >/dev/null 2>&1 || printf ' chromium'
    has_postgresql || printf ' postgresql'
}

packages=$(missing)
if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$packages …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    # shellcheck disable=SC2086 # one word a package
    apt-get -qq install --yes --no-install-recommends $packages >/dev/null
    packages=$(missing)
fi
case "$packages" in
"") exit 0 ;;
" chromium") waits="tests/browser waits" ;;
" postgresql") waits="the second run, on PostgreSQL, waits" ;;
*) waits="tests/browser and the second run, on PostgreSQL, wait" ;;
esac
echo "Missing:$packages. On Debian: apt install$packages. Until then $waits."
[ "${CI:-}" != true ]
