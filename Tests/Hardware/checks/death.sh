# shellcheck shell=bash
# What becomes of the strike when nobody holds its line: the line is pulled to released, then the
# daemon is killed.

: "${rows:?}" "${known:?}"
strike=/run/gpio/station-gpio/gate-strike

gx "echo pull-up > $strike/pull"
rows=$(gx 'station kill')
check 'after kill -9 nobody holds the strike: the line shows released' equal '1' "$(levels strike)"

gx 'station sets' > /dev/null
check 'stationd --make-safe ends well' gx 'station make-safe'
sets=$(gx 'station sets')
check '  having set the strike to secured, and nothing to anything else but its safe level' equal \
    'stationd gate-strike 0' "$(grep strike <<< "$sets" | cut -d' ' -f1,3,4)"
made_safe=$(awk '$1 == "mark" { at = $5 } $3 == "gate-strike" { print int($5 - at) }' <<< "$sets")
check '  within 300 ms of its start here, which are 30 on a processor that is none emulated' \
    test "${made_safe:-999}" -lt 300

rows=$(gx 'station start; sleep 1')
check 'after a restart the strike is secured' equal '0' "$(levels strike)"
check '  before stationd is ready and before anything else moves' equal "gate-strike 0" \
    "$(sed -n '2p' <<< "$rows" | cut -d' ' -f2-)"
started_safe=$(awk 'NR == 1 { at = $1 } $2 == "gate-strike" { print int(($1 - at) / 1e6); exit }' \
    <<< "$rows")
echo "outputs safe after $started_safe ms of stationd's start, $made_safe ms of --make-safe's" \
    '(in the emulated guest, which is ten times slower than its host)'
tap "$known"
check '  and the known card releases it again' equal '1 0' "$(levels strike)"
gx "echo pull-down > $strike/pull"
