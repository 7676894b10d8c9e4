#!/usr/bin/env bash
# Builds Loket's wheel into dist/ (or the folder given): framework, static files, templates, migrations,
# and the lock that installs it. The assistant in this folder stays out.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

out=$(realpath -m "${1:-dist}")
# From a copy: setuptools keeps what it built, so that a file that was removed would still be packed.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar --create --exclude=__pycache__ bot channels rasa_plus.py pyproject.toml README.md requirements.lock \
    | tar --extract --directory "$copy"
if ! .venv/bin/uv build --quiet --offline --wheel --no-build-isolation --python .venv/bin/python \
    --out-dir "$out" "$copy" >"$copy/build.log" 2>&1; then
    cat "$copy/build.log" >&2
    fail "The wheel could not be built; see above."
fi
wheel=$(ls -t "$out"/loket-*.whl | head -n 1)
say "To install it: python3.11 $wheel/bot/install .venv"
printf '%s\n' "$wheel"
