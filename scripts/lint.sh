#!/usr/bin/env bash
# Runs every check of code and content, all of them even when one fails, and sums up at the end.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

export PATH="$PWD/.venv/bin:$PATH" PYTHONPATH="$PWD"
export RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=2
failed=()

check() {
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed+=("$name")
}

# Rasa's own complaints only: not its progress, not what libraries announce for later, and not the
# replies that our actions choose, which Rasa looks for in stories alone.
validate() {
    python -m bot.core.rasa_command data validate --fail-on-warnings 2>&1 | tr '\r' '\n' | sed 's/\x1b\[[0-9;]*m//g' | grep -vE \
        -e ' INFO  |^Processed story|^$|Nesting argument|Cross Validation|declare_namespace|^ *import ' \
        -e 'DeprecationWarning|MovedIn20Warning|DeclarativeMeta|implicit namespace packages' \
        -e "The utterance '.*' is not used in any story or rule|Slot auto-fill|raise_warning\("
    return "${PIPESTATUS[0]}"
}

check "ruff: style and likely mistakes" ruff check .
check "ruff: format" ruff format --check .
check "mypy: types" mypy
check "import-linter: which module may import which" lint-imports --no-logo
check "yamllint: content files" yamllint --strict .
check "rasa data validate: intents, rules, stories and domain agree" \
    validate

echo
if [ "${#failed[@]}" -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[@]}"
    exit 1
fi
echo "Every check passed."
