# shellcheck shell=bash
# Counts and prints checks: check, check_equal, not_run, summary. Sourced by ../run.

passed=0 failed=0 left_out=()

ok() { echo "ok   $1"; passed=$((passed + 1)); }
bad() { # WHAT DETAIL...
  echo "FAIL $1"
  shift
  printf '     %s\n' "$@"
  failed=$((failed + 1))
}

check() { # WHAT COMMAND...: passes if the command does
  local what=$1 said
  shift
  if said=$("$@" 2>&1); then ok "$what"; else bad "$what" "${said:-$*}"; fi
}

check_equal() { # WHAT EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then ok "$1"; else bad "$1" "expected: $2" "actual:   $3"; fi
}

not_run() { left_out+=("$1"); }

summary() { # the closing line is for machines; the exit status says the same
  if [ ${#left_out[@]} -gt 0 ]; then printf 'not run: %s\n' "${left_out[@]}"; fi
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
