#!/usr/bin/env bash
# Builds .venv from the two locks, for serving and for development. Does nothing when .venv is already
# what they ask for.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

venv=.venv
log=$venv/setup.log
python=$venv/bin/python
locks=(requirements.lock requirements-dev.lock)

# Two stamps say what .venv was made of: the packages, and Loket's own installation in it. An
# environment cannot be moved, so the folder counts too.
packages() { { pwd; cat "${locks[@]}" scripts/environment.sh; } | sha256sum; }
installation() { { packages; cat pyproject.toml; } | sha256sum; }
is_current() { [ -x "$python" ] && [ "$(cat "$venv/$1.stamp" 2>/dev/null)" = "$("$1")" ]; }

# The lines of one package in the locks, with its hashes.
locked() { awk -v name="$1==" 'index($0, name) == 1 {on = 1} on {print} on && !/\\$/ {exit}' "${locks[@]}"; }

# Runs a step of the set-up; explains the failure in one sentence.
step() {
    local what=$1
    shift
    say "$what ..."
    "$@" >>"$log" 2>&1 && return 0
    local why="see $log for what went wrong"
    if grep -qiE 'no space left' "$log"; then
        why="the disk is full (the environment needs 2 GB)"
    elif grep -qiE 'permission denied|read-only file system' "$log"; then
        why="no permission to write in $PWD or in the package cache (see $log)"
    elif grep -qiE 'hash(es)? (mismatch|do not match)|THESE PACKAGES DO NOT MATCH' "$log"; then
        why="a downloaded package is not the one that was locked (see $log); nothing of it is installed"
    elif grep -qiE 'gcc|g\+\+|compiler' "$log"; then
        why="a package wants a compiler, which should not be needed on Linux x86-64 (see $log); \
'apt-get install build-essential python3-dev' provides one"
    elif grep -qiE 'dns|name or service|name resolution|connection|network|certificate|timed out|unreachable|could not find a version' "$log"; then
        why="the package index could not be reached; check the network or proxy, then try again (see $log)"
    fi
    fail "Setting up failed at '$what': $why."
}

find_python() {
    local candidate version found=""
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 /usr/bin/python3.11 python3 python; do
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if [ "$version" = 3.11 ]; then
            # Not an active environment's python: that could be the one we are about to replace.
            "$candidate" -c 'import sys; print(getattr(sys, "_base_executable", "") or sys.executable)'
            return
        fi
        found=${found:-$version}
    done
    if [ -n "$found" ]; then
        found="this machine has Python $found"
    else
        found="this machine has no Python"
    fi
    fail "Loket needs Python 3.11; $found. Debian 12: 'apt-get install python3.11 python3.11-venv'." \
        "Or name one: 'PYTHON=/path/to/python3.11 make env'."
}

make_venv() {
    local base
    base=$(find_python)
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        say "Installing Debian's python3.11-venv ..."
        debian_install python3.11-venv && "$base" -c 'import ensurepip, venv' 2>/dev/null || fail \
            "Python's venv module is missing. As root: 'apt-get install python3.11-venv', then try again."
    fi
    rm -rf "$venv"
    mkdir "$venv"
    step "Creating $venv" "$base" -m venv "$venv"
}

if is_current packages && is_current installation; then
    exit 0
fi

case "$(uname -sm)" in
    "Linux x86_64") ;;
    *) fail "Loket's libraries are there for Linux on x86-64; this is $(uname -sm). Use such a machine or container." ;;
esac
probe=$(mktemp -d "$PWD/.loket-probe.XXXXXX" 2>/dev/null) \
    || fail "No permission to write in $PWD. Use a copy in a folder of your own, or change the owner of this one."
rmdir "$probe"
if [ -e "$venv" ] && ! [ -w "$venv" ]; then
    fail "No permission to write in $PWD/$venv. Remove it as its owner, then try again."
fi

[ "$("$python" -c 'import sys; print(sys.version_info[:2] == (3, 11))' 2>/dev/null)" = True ] \
    && grep -qF "$PWD/$venv" "$venv/bin/activate" 2>/dev/null \
    || make_venv
: >"$log"

export UV_PYTHON_DOWNLOADS=never
# Trust whom this machine trusts (a company's proxy, say), if it keeps such a list; else uv's own list.
[ -e /etc/ssl/certs/ca-certificates.crt ] && export UV_SYSTEM_CERTS=true
# An account without a home (a service, a container) keeps downloads with the environment.
[ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR=$PWD/$venv/uv-cache
uv=("$venv/bin/uv" pip)
to=(--python "$python" --no-deps --no-build-isolation)
if ! is_current packages; then
    rm -f "$venv"/*.stamp
    locked uv >"$venv/uv.lock.txt"
    locked setuptools >"$venv/setuptools.lock.txt"
    step "[1/4] Installing uv" "$python" -m pip install \
        --no-deps --require-hashes --disable-pip-version-check -r "$venv/uv.lock.txt"
    step "[2/4] Installing setuptools" \
        "${uv[@]}" install "${to[@]}" --require-hashes -r "$venv/setuptools.lock.txt"
    # Compiled now, once: Rasa starts twice as fast, also where Python may not write later.
    step "[3/4] Installing $(grep -oh '^[a-z0-9][^ ]*==' "${locks[@]}" | sort -u | wc -l) packages (2 GB on disk, a minute or two)" \
        "${uv[@]}" sync --python "$python" --no-build-isolation --require-hashes --compile-bytecode \
        "${locks[@]}"
    packages >"$venv/packages.stamp"
fi
step "[4/4] Installing the loket command" "${uv[@]}" install "${to[@]}" \
    --config-settings editable_mode=compat --editable .
installation >"$venv/installation.stamp"
say "The environment is ready in $venv."
