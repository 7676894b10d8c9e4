# Shared by the scripts in this folder: where we are, how we speak, how we install a Debian package.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "loket: $*"
    exit 1
}

# The command that makes root of us without asking anything: empty for root, fails if there is none.
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        return 0
    fi
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && printf 'sudo -n'
}

# debian_install PACKAGE: installs it, or fails quietly where that is not allowed or not possible.
debian_install() {
    local prefix
    command -v apt-get >/dev/null || return 1
    prefix=$(root_prefix) || return 1
    local install=($prefix env DEBIAN_FRONTEND=noninteractive
        apt-get install --yes --quiet --no-install-recommends "$1")
    "${install[@]}" >/dev/null 2>&1 && return 0
    $prefix apt-get update --quiet >/dev/null 2>&1 || true
    "${install[@]}" >/dev/null 2>&1
}
