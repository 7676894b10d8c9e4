#!/bin/sh
# Renews both locks from pyproject.toml. What they hold already keeps its version, unless `--upgrade`
# is given, or the names of packages that may change: `scripts/lock.sh authlib`.
set -eu
cd "$(dirname "$0")/.."
uv="$PWD/.venv/bin/uv"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

free=$(printf '%s\n' "$@")
held() {
    [ "${1:-}" = --upgrade ] && return
    grep -oh '^[a-z0-9][^ ]*==[^ ]*' requirements.lock requirements-dev.lock | sort -u |
        while IFS= read -r pin; do
            printf '%s\n' "$free" | grep -qxF "${pin%%==*}" || printf '  "%s",\n' "$pin"
        done
}

{
    echo 'constraint-dependencies = ['
    held "$@"
    echo ']'
} >"$folder/held"
sed "/^\[tool\.uv\]\$/r $folder/held" pyproject.toml >"$folder/pyproject.toml"
cp README.md "$folder"
(cd "$folder" && "$uv" lock --quiet)
for lock in requirements.lock:--no-dev requirements-dev.lock:--only-dev; do
    (cd "$folder" && "$uv" export --quiet --frozen "${lock#*:}" --no-annotate --no-header \
        --no-emit-project --output-file "${lock%%:*}" >/dev/null)
    cp "$folder/${lock%%:*}" "${lock%%:*}"
done
