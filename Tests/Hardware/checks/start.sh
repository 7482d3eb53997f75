# shellcheck shell=bash
# The station starts on the first board while the second is still missing.

: "${hardware:?}" "${share:?}" "${http_port:?}" "${programs:?}" "${ROOT:?}"

check 'stationctl resolves and activates the station file' gx "mkdir -m 700 /var/lib/stationd
    stationctl activate --devices '$ROOT/Devices' '$hardware/seed.yaml'"
gx 'chip add station-gpio
    station watch'
rows=$(gx 'station start')
check 'stationd is ready, its second board missing' told 'message READY=1'
# a request with a bias turns gpio-sim's pull; the door is closed
gx 'echo pull-down > /run/gpio/station-gpio/gate-contact/pull'
check 'a key is made without a hub' gx 'stationctl key create --standalone'
cp "$hardware/seed.csv" "$share/roster.csv"
check 'a roster is imported' gx 'stationctl roster import /share/roster.csv'

token=$("$programs/station-gateway" token rig 2> "$share/tokens")
gx 'station gateway /share/tokens'
check 'the gateway answers outside the guest' within 30 get /v1/station
check 'and nobody without a token' equal 401 "$(status_of /v1/events)"
