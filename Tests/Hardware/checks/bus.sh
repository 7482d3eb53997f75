# shellcheck shell=bash
# Boxes on real serial lines: a meter and a lock board, simulated on the host, behind QEMU's
# adapters. The crew's tool asks first, then the daemon; boxes fall silent, lines are pulled out.

: "${hardware:?}" "${share:?}" "${build:?}" "${ROOT:?}" "${programs:?}"

declare -A box_pid wire_pid box_port
# A box on a pseudo-terminal of the host; a wire from there to QEMU's adapter, which is there as
# long as somebody is at its socket.
box() { # NAME ARGUMENT...
    local name=$1
    shift
    "$programs/station-simulator" bus --devices "$ROOT/Devices" --pty --link "$build/box-$name" \
        "$@" > "$build/box-$name.log" 2>&1 &
    box_pid[$name]=$!
    until [ -L "$build/box-$name" ]; do sleep 0.1; done
    box_port[$name]=$(readlink "$build/box-$name")
}
plug_line() { # NAME
    (cd "$build" && exec socat "${box_port[$1]},rawer,b9600" "UNIX-CONNECT:line-$1") &
    wire_pid[$1]=$!
}
unplug_line() { kill "${wire_pid[$1]}" && wait "${wire_pid[$1]}" 2> /dev/null; }
point() { # DEVICE POINT: its value or state, if it is believed
    gx 'stationctl devices --json' | jq -r --arg device "$1" --arg point "$2" \
        'if type == "array" then .[] else . end | select(.name == $device) | .points[]?
         | select(.name == $point and .quality == "good") | .value // .state'
}
shows() { equal "$3" "$(point "$1" "$2")"; }
box_fault() { equal "$2" "$(faults_of "$1" | paste -sd' ')"; }

gx "mkdir -p /lib/modules
    mountpoint -q /lib/modules || mount --bind '$build/kernel/lib/modules' /lib/modules
    modprobe -a xhci_pci ftdi_sio" > /dev/null
# The adapters of the subjects before are unplugged for good.
for old in line osdp; do
    monitor "device_del $old" > /dev/null
    monitor "chardev-remove $old" > /dev/null
done
box meters --profile ddsu666 --unit 2 --set voltage=231.5
box locks --profile lockboard-8a --unit 1
port=2
for name in meters locks; do
    rm -f "$build/line-$name"
    monitor "chardev-add socket,id=line-$name,path=line-$name,server=on,wait=off" > /dev/null
    monitor "device_add usb-serial,id=line-$name,chardev=line-$name,bus=usb.0,port=$port" \
        > /dev/null
    port=$((port + 2))
    plug_line "$name"
    gx "until [ -e /dev/ttyUSB\$(( $port / 2 - 2 )) ]; do sleep 0.1; done
        mkdir -p /dev/serial/by-path
        ln -sf /dev/ttyUSB\$(( $port / 2 - 2 )) /dev/serial/by-path/rig-$name" > /dev/null
done
gx 'station kill' > /dev/null
tool="stationctl bus"
where="--devices '$ROOT/Devices' --lang en"
meters=/dev/serial/by-path/rig-meters locks=/dev/serial/by-path/rig-locks

scanned() {
    gx "$tool scan --port $meters $where --profile ddsu666 --units 1-3 --json 2> /dev/null" |
        jq -se 'length == 1 and .[0].unit == 2 and .[0].fits[0].profile == "ddsu666"'
}
read_once() {
    gx "$tool read --port $meters $where --profile ddsu666 --unit 2 --json" |
        jq -e '.isOnline and any(.points[]; .name == "voltage" and .value == "231.5")'
}
check 'a scan finds the meter on a real line, and its profile' scanned
check '  and its points are read' read_once
check 'a lock opens through the board, and is seen to be open' gx \
    "$tool do --port $locks $where --profile lockboard-8a --unit 1 --yes open lock=3"
check '  and a box that is not there is told with what to look at' gx \
    "$tool read --port $locks $where --profile lockboard-8a --unit 2 2>&1 | grep -q 'swap A and B'"

check 'a station file with both lines takes the place of the one before' gx \
    "stationctl activate --devices '$ROOT/Devices' '$hardware/bus.yaml'"
gx 'station start' > /dev/null
check 'the daemon polls the meter' within 60 shows hall-meter voltage 231.5
check '  and the lock board, whose lock stands open' within 60 shows lockers door.3 open
check '  and the others are closed' shows lockers door.4 closed
check 'a crew opens a lock through the daemon, and it is seen to be open' gx \
    "stationctl do lockers open lock=4 --json | grep -q '\"outcome\":\"confirmed\"'"
check '  which its points say as well' within 30 shows lockers door.4 open
written() {
    gx 'stationctl journal tail -n 30 --json' | jq -se 'map(.kind) |
        index("action.ordered") != null and index("action.ended") != null'
}
check '  and its order and its end are written down' written
busy() {
    local said
    said=$(gx "$tool read --port $meters $where --profile ddsu666 --unit 2 2>&1
        echo \"ends \$?\"")
    echo "$said"
    grep -q 'stationd (process' <<< "$said" && grep -q 'ends 75' <<< "$said"
}
check 'the tool is kept off a line that the daemon has, and names it' busy
kill -STOP "${box_pid[meters]}"
check 'a meter that falls silent is told' within 60 box_fault hall-meter silent
check '  and its last value is not believed' shows hall-meter voltage ''
check '  and the other line goes on' shows lockers door.3 open
kill -CONT "${box_pid[meters]}"
check '  and is back by itself' within 90 well hall-meter
check '  with its value' within 30 shows hall-meter voltage 231.5
unplug_line locks
check 'the line of the locks pulled out, its board is lost' within 30 box_fault lockers lost
plug_line locks
check '  and back with the line' within 60 well lockers
check '  and its open lock' within 30 shows lockers door.3 open
for name in meters locks; do
    unplug_line "$name"
    kill "${box_pid[$name]}"
done
