# shellcheck shell=bash
# The station starts on the first board while the second is still missing; what the other checks ask
# it with.

: "${hardware:?}" "${share:?}" "${http_port:?}" "${programs:?}" "${ROOT:?}"

# What a hub sees from outside the guest.
get() { curl -sSf --max-time 10 -H "Authorization: Bearer $token" "127.0.0.1:$http_port$1"; }
status_of() { curl -sS --max-time 10 -o /dev/null -w '%{http_code}' "127.0.0.1:$http_port$1"; }
# Events later than $seen, as compact JSON, one a line.
events() {
    get '/v1/events?limit=500' | jq -c --argjson seen "$seen" '.[] | select(.id | tonumber > $seen)'
}
newest() { get '/v1/events?limit=500' | jq 'last.id | tonumber'; }
faults_of() { get "/v1/devices/$1" | jq -r '.faults[].kind'; }

within() { # SECONDS COMMAND...: waits for it to come true
    local deadline=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        if ((SECONDS >= deadline)); then
            echo "did not come true: $*"
            "$@"
            return 1
        fi
        sleep 0.2
    done
}

# What the watch of the gate's lines wrote, in $rows: a text that is there, the levels of one line,
# the time between two of its changes.
told() { grep -q -- "$1" <<< "$rows" || { echo "$rows" && return 1; }; }
levels() { awk -v line="gate-$1" '$2 == line { print $3 }' <<< "$rows" | paste -sd' '; }
milliseconds() { # LINE LEVEL: from its first change to LEVEL until it changes back
    awk -v line="gate-$1" -v level="$2" \
        '$2 == line && $3 == level && !on { on = $1 }
         $2 == line && $3 != level && on && !off { off = $1 }
         END { print int((off - on) / 1e6) }' <<< "$rows"
}

mkdir -p -m 700 "$share/state"
check 'stationctl resolves and activates the station file' "$programs/stationctl" activate \
    --devices "$ROOT/Devices" --state "$share/state" --socket "$share/none" "$hardware/seed.yaml"
gx 'chip add station-gpio
    cp -a /share/state /var/lib/stationd
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
