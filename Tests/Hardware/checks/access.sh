# shellcheck shell=bash
# Cards at the gate: known, unknown, damaged. Light and beeper answer in three rhythms, low is on.

: "${rows:?}" "${known:?}" "${unknown:?}"

come_in='0 1' try_again='0 1 0 1' ask_someone='0 1 0 1 0 1'

tap() { # wiegand-play argument...
    seen=$(newest)
    rows=$(gx "station tap $*")
}

tap "$known"
check 'a known card releases the strike, which is then secured' equal '1 0' "$(levels strike)"
held=$(milliseconds strike 1)
check "  after the second that the station file says: $held ms" test "$held" -ge 950
check '  the light says come in' equal "$come_in" "$(levels led)"
check '  and so does the beeper' equal "$come_in" "$(levels beep)"
check '  and it is written down' equal 'k-known' \
    "$(events | jq -r 'select(.type == "io.stationd.access.granted").data.key')"

tap "$unknown"
check 'an unknown card moves no strike' equal '' "$(levels strike)"
check '  the light says ask someone' equal "$ask_someone" "$(levels led)"
check '  and the denial is written down with its reason' equal 'unknown' \
    "$(events | jq -r 'select(.type == "io.stationd.access.denied").data.reason')"

damaged() { # WHAT DIAGNOSIS wiegand-play argument...
    local what=$1 diagnosis=$2
    shift 2
    tap "$@"
    check "$what moves no strike" equal '' "$(levels strike)"
    check '  the light says try again' equal "$try_again" "$(levels led)"
    check "  and it is diagnosed: $diagnosis" equal "$diagnosis" \
        "$(events | jq -r 'select(.type == "io.stationd.reader.diagnosed").data.diagnosis')"
}
damaged 'a known card with a lost bit' lostBits --drop 5 "$known"
damaged 'a known card with a ghost bit' extraBits --ghost 5 "$known"
damaged 'a known card on swapped lines' linesSwapped --swap "$known"
damaged 'a known card whose edges bounce' doubledEdges --double "$known"
