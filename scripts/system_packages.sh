#!/usr/bin/env bash
# Install the programs that the tests speak to, where this machine lets us: through
# apt-get as root, or by sudo without a password. Otherwise say what to run.
#
# HERALD_REQUIRE_REAL=1 (continuous integration): a missing program is a failure.
# Without it, the tests that need the program are skipped, and name it.
set -euo pipefail

# program = Debian package; alternatives to a program are separated by |
NEEDED=(
    "initdb=postgresql"
    "redis-server|valkey-server=redis-server"
    "chromium|chromium-browser|google-chrome=chromium"
    "ffmpeg=ffmpeg"
    "lame=lame"
    "espeak-ng=espeak-ng"
    "mktorrent=mktorrent"
    "git=git"
)

have() { # PROGRAM|PROGRAM…
    local program
    for program in ${1//|/ }; do
        if command -v "$program" >/dev/null; then return 0; fi
        # Debian keeps PostgreSQL's programs off PATH.
        if compgen -G "/usr/lib/postgresql/*/bin/$program" >/dev/null; then return 0; fi
    done
    return 1
}

missing() {
    local entry
    for entry in "${NEEDED[@]}"; do
        have "${entry%%=*}" || echo "${entry#*=}"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

packages=$(missing | tr '\n' ' ')
[ -n "$packages" ] || exit 0

command="apt-get install -y --no-install-recommends $packages"
if command -v apt-get >/dev/null &&
    { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing $packages…"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q </dev/null >/dev/null ||
        echo "apt-get update failed; trying with the lists that are here." >&2
    # No server of these packages may start: the tests run their own.
    policy=/usr/sbin/policy-rc.d
    if ! [ -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod +x "$policy"
        trap 'as_root rm -f "$policy"' EXIT
    fi
    # shellcheck disable=SC2086 # several words
    as_root env DEBIAN_FRONTEND=noninteractive $command </dev/null >/dev/null ||
        echo "The packages could not all be installed." >&2
fi

packages=$(missing | tr '\n' ' ')
[ -n "$packages" ] || exit 0
echo "Missing: $packages. Install them with: sudo $command" >&2
if [ "${HERALD_REQUIRE_REAL:-}" = 1 ]; then exit 1; fi
echo "The tests that need them are skipped." >&2
