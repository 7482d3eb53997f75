#!/usr/bin/env bash
# A checklist for shell tests: run steps, count them, and close with "part: N passed, N failed".
#
#   part lint                          start the list called lint
#   check "what holds" command ...     run it; its output is shown only when it fails
#   not_run "what" "why"               say what this machine could not do
#   closing                            print the count; fails when a step failed or none ran

set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck disable=SC2034  # read by the scripts that source this file
ROOT=$PWD
REPORTS=$ROOT/.build/reports
mkdir -p "$REPORTS"

part() {
    PART=$1
    PASSED=0
    FAILED=0
    printf '\n%s\n' "== $PART"
}

check() {
    local sentence=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1 </dev/null; then
        PASSED=$((PASSED + 1))
        printf '   ok  %s\n' "$sentence"
    else
        FAILED=$((FAILED + 1))
        printf ' FAIL  %s\n       %s\n' "$sentence" "$*"
        tail -n 60 "$log" | sed 's/^/       | /'
    fi
    rm -f "$log"
}

not_run() {
    printf '  not run: %s (%s)\n' "$1" "$2"
}

closing() {
    printf '%s: %s passed, %s failed\n' "$PART" "$PASSED" "$FAILED"
    [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}
