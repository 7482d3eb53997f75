# shellcheck shell=bash disable=SC2016
# A flow meter at its highest rate with a busy processor; then the power goes while the valve is
# open and water flows, and comes back. A guest of its own, with a disk that outlives it.

: "${hardware:?}" "${share:?}" "${programs:?}" "${ROOT:?}" "${build:?}"
flow=/run/gpio/water-gpio/tap-flow/pull

# What a device says, by its point: value and quality.
says() { # DEVICE POINT
    gx 'stationctl devices --json' | jq -r --arg device "$1" --arg point "$2" \
        '.. | objects | select(.name? == $device and .points?) | .points[]
         | select(.name == $point) | "\(.value // .state // "-") \(.quality)"'
}
is() { equal "$3" "$(says "$1" "$2")"; } # DEVICE POINT ANSWER
pulses() { says water volume | awk '{ printf "%.0f", $1 * 450 }'; }
mount_disk() {
    gx "modprobe -d '$build/kernel' -a virtio_blk ext4 && mkdir -p /var/lib/stationd &&
        mount /dev/vda /var/lib/stationd && chmod 700 /var/lib/stationd"
}

check 'the guest has a disk' mount_disk
check 'stationctl resolves and activates the water station' \
    gx "stationctl activate --devices '$ROOT/Devices' '$hardware/water.yaml'"
gx 'chip add water-gpio'
# A thermometer that is none, but whose kernel driver is real: 23.125 degrees, of which an LM75
# tells halves.
gx "modprobe -d '$build/kernel' -a i2c-dev && modprobe -d '$build/kernel' i2c-stub chip_addr=0x48 &&
    modprobe -d '$build/kernel' lm75
    bus=\$(cd /sys/bus/i2c/devices && grep -l SMBus.stub i2c-*/name | cut -d/ -f1 | cut -d- -f2)
    i2c-word \$bus 0x48 0 0x2017 && echo lm75 0x48 > /sys/bus/i2c/devices/i2c-\$bus/new_device"
gx 'station water; station start' > /dev/null
# A request with a bias turns gpio-sim's pull: the wheel stands on its low half.
gx "echo pull-down > $flow"
check 'a total that never was begins at 0' is water volume '0.000 good'
check 'a thermometer of hwmon is read through its driver' \
    within 20 is fridge temperature '23.0 good'
check 'the board knows its memory and its clock' \
    test "$(says board memory | awk '$1 > 1000000 { print $2 }')" = good
check 'and what it does not have is absent, not 0' is board wear_a '- absent'

check 'a relay is switched on, and seen to be' gx 'stationctl do light switch_on'
check '  at low, as it is wired' equal 0 "$(gx 'cat /run/gpio/water-gpio/tap-light/value')"
gx 'echo pull-down > /run/gpio/water-gpio/tap-leak/pull'
check 'a leak rope is wet after two seconds' within 20 is floor water 'leak good'

# A minute at 225 a second, with programs that never stop in its way.
gx 'for n in 1 2 3; do (while :; do :; done) & echo $!; done > /run/load' > /dev/null
gx_seconds=600 gx "pulse-play $flow 225 13500 > /run/pulses; kill \$(cat /run/load)"
check '13,500 pulses at 225 a second on a busy processor: none is lost' \
    within 20 is water volume '30.000 good'
check 'and the kernel dropped none' equal 0 \
    "$(gx 'stationctl devices --json' | jq '[.. | .edgesLost? | numbers] | add')"

# The valve is open and water flows; the power goes.
check 'a crew member opens the valve' gx 'stationctl do valve open'
check '  and it is open' equal 1 "$(gx 'cat /run/gpio/water-gpio/tap-valve/value')"
gx "setsid pulse-play $flow 225 9000 > /share/pulses 2>&1 < /dev/null & sleep 12"
before=$(pulses)
rig_cut
counted=$(awk 'END { print $2 }' "$share/pulses")
at_risk=$(awk '{ at[NR] = $1; n[NR] = $2 } END {
    for (i = NR; i > 0 && at[i] > at[NR] - 1.1e9; i--) {}; print n[NR] - n[i] }' "$share/pulses")
check "the power went after $counted pulses of the second flow" test "${counted:-0}" -gt 900

rig_boot power
gx 'chip add water-gpio; echo pull-up > /run/gpio/water-gpio/tap-valve/pull'
check 'the disk is there again' mount_disk
gx 'station water' > /dev/null
rows=$(gx 'station start')
gx "echo pull-down > $flow"
check 'the first thing that moves is the valve, and it closes' equal 'tap-valve 0' \
    "$(sed -n '2p' <<< "$rows" | cut -d' ' -f2-)"
check '  before stationd is ready' test \
    "$(grep -n 'tap-valve 0' <<< "$rows" | head -n 1 | cut -d: -f1)" -lt \
    "$(grep -n 'READY=1' <<< "$rows" | head -n 1 | cut -d: -f1)"
check 'the total goes on as an estimate' equal estimated "$(says water volume | cut -d' ' -f2)"
after=$(pulses)
flowed=$((13500 + ${counted:-0}))
check "  $after pulses of $flowed: no more than the last second's ${at_risk:-0} are missing" test \
    "$after" -ge $((flowed - ${at_risk:-0}))
check '  and none was counted twice' test "$after" -le $((flowed + 25))
gx "pulse-play $flow 225 450 > /dev/null"
check '  and what flows now is counted on' within 20 is water volume \
    "$(awk -v n="$((after + 450))" 'BEGIN { printf "%.3f estimated", int(n) / 450 }')"
echo "power cut: $flowed pulses flowed, $before were shown before it, $after after it"
