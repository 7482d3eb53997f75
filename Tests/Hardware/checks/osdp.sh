# shellcheck shell=bash
# An OSDP reader that is not ours at the gate: a crew gives it a key, its card opens, it dies and
# comes back, its line is pulled out and put in again.

: "${hardware:?}" "${share:?}" "${build:?}" "${ROOT:?}"

# There is no udev in this guest, which would name the adapter by its socket.
osdp_reader() {
    local pid key
    gx "mkdir -p /lib/modules
        mountpoint -q /lib/modules || mount --bind '$build/kernel/lib/modules' /lib/modules" \
        > /dev/null
    rm -f "$build/osdp" "$build/osdp-pipe"
    PYTHONDONTWRITEBYTECODE=1 "$osdp_python" "$hardware/rig/osdp-reader" "$build/osdp" \
        "$build/osdp-pipe" > "$build/osdp.log" 2>&1 &
    pid=$!
    monitor 'chardev-add socket,id=osdp,path=osdp,server=on,wait=off' > /dev/null
    monitor 'device_add usb-serial,id=osdp,chardev=osdp,bus=usb.0,port=4' > /dev/null
    until [ -p "$build/osdp-pipe" ]; do sleep 0.1; done
    reader() { echo "$*" > "$build/osdp-pipe"; }
    # A card, and what the strike does in the seconds after it.
    card() {
        seen=$(newest)
        (sleep 1 && reader card 7) &
        rows=$(gx 'station look 6')
    }
    faulty() { equal "$1" "$(faults_of gate-reader | paste -sd' ')"; }

    gx 'modprobe -a xhci_pci ftdi_sio; mkdir -p /dev/serial/by-path
        ln -sf /dev/ttyUSB0 /dev/serial/by-path/rig-line
        station kill' > /dev/null
    check 'a station file with an OSDP reader takes the place of the one before' gx \
        "stationctl activate --devices '$ROOT/Devices' '$hardware/osdp.yaml'"
    gx 'station start' > /dev/null
    check 'its line is not there: so are line and reader' within 20 faulty missing
    reader start '{"readers": [{"address": 7, "install": true}]}'
    reader plug
    check 'plugged in, a reader without a key is offline as insecure' within 60 faulty insecure
    card
    check '  and its card opens nothing' equal '' "$(levels strike)"
    check 'a crew gives it a key' gx 'stationctl reader install-mode gate-reader --yes --lang en'
    check '  and it is well' within 30 well gate-reader
    key=$(gx 'cut -d" " -f3 /var/lib/stationd/readers.key | tail -n 1')
    check '  with the key that the station keeps' grep -q "$key" "$build/osdp.log"
    check '  for its owner alone' equal 600 "$(gx 'stat -c %a /var/lib/stationd/readers.key')"
    card
    check 'its 26-bit card opens the gate, which is then secured' equal '1 0' "$(levels strike)"
    check '  and is written down' equal k-known \
        "$(events | jq -r 'select(.type == "io.stationd.access.granted").data.key')"
    check '  and the reader sounds come in' grep -q '"rep_count": 1' "$build/osdp.log"

    reader kill
    check 'killed, it is silent' within 60 faulty silent
    reader start "{\"readers\": [{\"address\": 7, \"key\": \"$key\", \"enforce\": true}]}"
    check '  and back by itself' within 60 well gate-reader
    sleep 2
    card
    check '  with its card' equal '1 0' "$(levels strike)"
    reader unplug
    check 'the line pulled out, it is lost' within 20 faulty lost
    reader plug
    check '  and back with the line' within 60 well gate-reader
    sleep 2
    card
    check '  and its card' equal '1 0' "$(levels strike)"
    gx 'station kill; station start' > /dev/null
    check 'after the daemon was killed it is well under the same key' within 60 well gate-reader
    check 'the key is in no log' test "$(grep -c "$key" "$share/stationd.log")" = 0
    reader unplug
    kill "$pid"
}

if osdp_python=$("$ROOT/scripts/tools" osdp 2> "$build/osdp-tools.log"); then
    osdp_reader
else
    not_run 'an OSDP reader at the gate' "PyPI's libosdp 3.2.9 cannot be had"
fi
