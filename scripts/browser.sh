#!/usr/bin/env bash
# Makes sure that there is a browser for the browser tests, where it may install one.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

command -v chromium >/dev/null && exit 0
say "Installing Debian's chromium for the browser tests ..."
debian_install chromium || say "No chromium, and it could not be installed here: the browser tests will be" \
    "skipped. As root: 'apt-get install chromium'."
