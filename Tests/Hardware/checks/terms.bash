# shellcheck shell=bash disable=SC2034,SC2317
# What the checks are said in: comparing, waiting, what a hub is told, what a watch of lines saw.

known=10111101100010001110101110   # 123,04567 of seed.csv as 26 bits
unknown=11110000000000101001110011 # 224,01337

equal() { # EXPECTED ACTUAL: a comparison that says what it saw
    [ "$1" = "$2" ] || { printf 'expected: %s\nactual:   %s\n' "$1" "$2" && return 1; }
}

# What a hub sees from outside the guest.
# shellcheck disable=SC2154 # http_port, token, seen, rows: the checks set them
get() { curl -sSf --max-time 10 -H "Authorization: Bearer $token" "127.0.0.1:$http_port$1"; }
status_of() { curl -sS --max-time 10 -o /dev/null -w '%{http_code}' "127.0.0.1:$http_port$1"; }
# Events later than $seen, as compact JSON, one a line.
events() {
    get '/v1/events?limit=500' | jq -c --argjson seen "$seen" '.[] | select(.id | tonumber > $seen)'
}
newest() { get '/v1/events?limit=500' | jq 'last.id | tonumber'; }
faults_of() { get "/v1/devices/$1" | jq -r '.faults[].kind'; }
well() { # DEVICE
    local faults
    faults=$(faults_of "$1") && [ -z "$faults" ]
}

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
