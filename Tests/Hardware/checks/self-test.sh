# shellcheck shell=bash
# Proves the rig itself with Debian's gpiod tools and no stationd: what is played is seen, what is
# driven is followed.

: "${hardware:?}" "${http_port:?}"
card26=01001110000111100000110101 # no meaning, only a pattern that no damage maps to itself
line=/run/gpio/station-gpio

# Plays a card and prints the bits that gpiomon saw, in the order of the kernel's time stamps:
# a fall of line 0 is a 0, of line 1 a 1.
seen() { # wiegand-play argument...
    gx "gpiomon --falling-edge --line-buffered -F '%s %n %o' station-gpio 0 1 > /run/edges &
        until [ \$(gpioinfo station-gpio | grep -c gpiomon) = 2 ]; do sleep 0.05; done
        wiegand-play --d0 $line/gate-d0/pull --d1 $line/gate-d1/pull $* > /run/played
        sleep 0.3; kill %1; wait; sort -k1,1n -k2,2n /run/edges | cut -d' ' -f3 | tr -d '\n'"
}

damaged() { # WHAT EXPECTED wiegand-play argument...
    local what=$1 expected=$2
    shift 2
    check "$what" equal "$expected" "$(seen "$@")"
}

check 'a chip comes up' gx 'chip add station-gpio'
check 'a guest command keeps its exit status' equal 7 "$(gx 'exit 7'; echo $?)"
check 'the chip is found by its label' equal 'station-gpio' \
    "$(gx 'gpiodetect' | sed -n 's/.*\[\(.*\)\].*/\1/p')"
check 'lines have their names' equal \
    "$(awk '!/^#/ { print $2 }' "$hardware/chips/station-gpio")" \
    "$(gx 'gpioinfo station-gpio' | sed -n 's/.*line.*"\([a-z0-9-]*\)".*unused.*/\1/p')"
check 'data lines idle high, the strike idles low' equal '1 1 0' \
    "$(gx 'gpioget station-gpio 0 1 4')"

damaged 'a card of 26 bits arrives bit for bit' "$card26" "$card26"
longest=$(gx 'cat /run/played' | sed 's/.*\.\.//')
check "  no pause in it could be taken for its end: $longest us" test "$longest" -lt 10000
damaged 'two cards arrive, one after the other' "$card26${card26}10101010" \
    "$card26" "${card26}10101010"
damaged 'a lost bit is lost' "${card26:0:4}${card26:5}" --drop 5 "$card26"
damaged 'a ghost bit comes after its neighbour' "${card26:0:5}0${card26:5}" --ghost 5 "$card26"
damaged 'swapped lines turn every bit over' "$(tr 01 10 <<< "$card26")" --swap "$card26"
# shellcheck disable=SC2001
damaged 'bouncing pulses double every bit' "$(sed 's/./&&/g' <<< "$card26")" --double "$card26"

watch="line-watch --for-ms 20000 gate-strike=$line/gate-strike/value"
gx "$watch --until gate-strike=0 > /run/watch & sleep 0.3
    gpioset --mode=time --sec=1 station-gpio 4=1; wait"
check 'a strike released for a second is followed' equal '0 1 0' \
    "$(gx 'cut -d" " -f3 /run/watch' | paste -sd' ')"
held=$(gx 'cat /run/watch' | awk '{ at[NR] = $1 } END { print int((at[3] - at[2]) / 1e6) }')
check "  and its time is measured: $held ms" test "${held:-0}" -ge 950

gx "echo pull-up > $line/gate-strike/pull
    gpioset --mode=signal station-gpio 4=0 &
    until gpioinfo station-gpio | grep -q gpioset; do sleep 0.05; done
    $watch --until gate-strike=1 --socket /run/marks > /run/watch & sleep 0.3
    printf before | socat -u - UNIX-SENDTO:/run/marks; kill -9 %1; wait" > /dev/null
check 'a strike whose driver is killed falls to its pull, and marks are kept in order' equal \
    'gate-strike 0,message before,gate-strike 1' "$(gx 'cut -d" " -f2- /run/watch' | paste -sd,)"

check 'a second chip comes while the guest runs' gx 'chip add annex-gpio'
check '  with its names' equal '0 "annex-d0"' \
    "$(gx 'gpioinfo annex-gpio' | sed -n 's/.*line *\(0\): *\("[a-z0-9-]*"\).*/\1 \2/p')"
gx 'chip remove annex-gpio'
check '  and goes away again' equal '' "$(gx 'gpiodetect' | grep annex)"

gx 'setsid busybox httpd -p 8080 -h /share/chips'
check 'a server in the guest answers outside' equal "$(< "$hardware/chips/annex-gpio")" \
    "$(curl -s --retry 20 --retry-delay 1 --retry-all-errors "127.0.0.1:$http_port/annex-gpio")"
