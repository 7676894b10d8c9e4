#!/usr/bin/env bash
# Makes sure that there is a Kannel for the test with a real SMS gateway, where it may install one.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

command -v bearerbox >/dev/null && [ -x /usr/lib/kannel/test/fakesmsc ] && exit 0
say "Installing Debian's kannel and kannel-extras for the test with a real SMS gateway ..."
{ debian_install kannel && debian_install kannel-extras; } || say "No Kannel, and it could not be" \
    "installed here: its test will be skipped. As root: 'apt-get install kannel kannel-extras'."
