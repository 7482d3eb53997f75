# shellcheck shell=bash
# Readers on serial lines and readers that play a keyboard, opened as the station opens them: QEMU's
# serial adapter with a PN532 at its end, a keyboard made of uinput, and QEMU's own on its port.

: "${hardware:?}" "${share:?}" "${build:?}"
told=$share/channel-probe.log

# What the probe said, from its start or the last `attend` on, without times.
attend() { told_before=$(wc -l < "$told"); }
tidings() { tail -n "+$((told_before + 1))" "$told" | cut -d' ' -f2-; }
# Waits until the probe has said something that matches, at most 20 s.
tells() {
    local deadline=$((SECONDS + 20))
    until tidings | grep -Eq "$1"; do
        ((SECONDS < deadline)) || { echo "never told: $1" && tail -n 20 "$told" && return 1; }
        sleep 0.1
    done
}
silent_about() { # SECONDS PATTERN: it is not told in that time
    sleep "$1"
    ! tidings | grep -E "$2"
}
channel_probe() { # ARGUMENT...: in place of the one before
    gx "[ ! -f /run/channel.pid ] || { kill \$(cat /run/channel.pid); sleep 0.5; }
        channel-probe $* > /share/channel-probe.log 2>&1 < /dev/null &
        echo \$! > /run/channel.pid"
    told_before=0
}

gx "mkdir -p /lib/modules
    mountpoint -q /lib/modules || mount --bind '$build/kernel/lib/modules' /lib/modules
    modprobe -a xhci_pci ftdi_sio evdev usbhid hid_generic uinput" > /dev/null

# ---- serial: an FTDI adapter, plugged in while somebody is at QEMU's socket

rm -f "$build/line" "$build/line-pipe"
"$hardware/rig/serial-reader" "$build/line" "$build/line-pipe" > "$build/line.log" 2>&1 &
line_pid=$!
monitor 'chardev-add socket,id=line,path=line,server=on,wait=off' > /dev/null
monitor 'device_add usb-serial,id=line,chardev=line,bus=usb.0,port=2' > /dev/null
line() { echo "$*" > "$build/line-pipe"; }

channel_probe pn532 /dev/ttyUSB0
check 'a line that is not there is told' tells '^closed missing'
check '  with what to do, in both languages' tells '请检查接线和供电 not found, check cable'
line card 5630F009
line plug
check 'plugged in, the line is opened' tells '^opened'
check '  its PN532 is woken and set up' tells '^ready PN532 1.6'
check '  and the card on it is read' tells '^presented iso14443 5630F009'
attend
check '  once, as long as it lies there' silent_about 3 presented
line away
sleep 2
line card 04A1B2C3D4E5F6 5630F009
check 'two cards at once are two' tells '^presented iso14443 04A1B2C3D4E5F6'
check '  one after the other' tells '^presented iso14443 5630F009'
attend
line mute
check 'a chip that falls silent is told' tells '^raised silent'
line speak
check '  and is back by itself' tells '^cleared silent'
attend
line unplug
check 'pulled out, the line is gone' tells '^closed lost'
line plug
check '  plugged in again, it is back with its cards' tells '^presented iso14443 04A1B2C3D4E5F6'

took=0
for _ in $(seq 10); do
    line unplug
    tells '^closed lost' > /dev/null
    attend
    began=$EPOCHREALTIME
    line plug
    tells '^ready' > /dev/null
    ms=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { print int((b - a) * 1000) }')
    took=$((ms > took ? ms : took))
    attend
done
echo "       longest from plug to ready: $took ms"
check 'ten re-plugs: ready within 3 s each time, under emulation' test "$took" -le 3000

gx 'channel-probe --for 3 rdm6300 /dev/ttyUSB0 > /share/second.log 2>&1' > /dev/null
check 'a second program is kept off the line' grep -q '被别的程序占用' "$share/second.log"
channel_probe rdm6300 /dev/ttyUSB0
check 'the same line at another speed' tells '^opened'
line send 0236324533303836434544303803
check 'an RDM6300 on it is read' tells '^presented em4100 62E3086CED'
line send 023632453330383643454430
check '  and half a frame is told' tells '^diagnosed cutShort'
line unplug
kill "$line_pid"

# ---- keyboard: uinput

gx "rm -f /run/typist; setsid keyboard-reader /run/typist > /share/typist.log 2>&1 < /dev/null &
    until [ -p /run/typist ]; do sleep 0.1; done" > /dev/null
typist() { gx "echo $* > /run/typist" > /dev/null; }
channel_probe keyboard --form 8H10D
check 'a keyboard reader that is not there is told' tells '^closed missing'
typist plug
check 'plugged in, it is found by what it can type' tells '^opened'
# Everybody else who listens, the console among them, hears nothing.
overhear() { # SECONDS
    gx "node=\$(grep -l 'RFID keyboard' /sys/class/input/event*/device/name | cut -d/ -f5)
        timeout $1 cat /dev/input/\$node > /share/overheard & sleep 0.5" > /dev/null
}
overhear 6
typist type 0040856634
check '  and its card is read' tells '^presented em4100 026F6C3A'
typist type 1234567890 90
check 'a person at its port is told from it' tells '^diagnosed typed 10'
typist type 004085663
check 'a short number is no card, but a text for whoever takes texts' tells '^text 004085663'
gx 'sleep 6' > /dev/null
check 'nobody else hears what it types' test ! -s "$share/overheard"
attend
typist unplug
check 'pulled out, it is gone' tells '^closed lost'
typist plug
check '  and plugged in again, it is back' tells '^opened'
typist type 0040856634
check '  with its cards' tells '^presented em4100 026F6C3A'

# ---- and one on a real USB port beside it

monitor 'device_add usb-kbd,id=keys,bus=usb.0,port=3' > /dev/null
gx 'sleep 3' > /dev/null
channel_probe keyboard --form 8H10D
check 'two of them, and none named: both are told' tells '请在站点文件里写明USB口'
channel_probe keyboard --form 8H10D 1-3
check 'named by its socket, one is taken' tells '^opened'
attend
typist type 0040856634
check '  and the other is not heard' silent_about 2 presented
monitor 'device_del keys' > /dev/null
check '  pulled out, it is gone' tells '^closed lost'
monitor 'device_add usb-kbd,id=keys,bus=usb.0,port=3' > /dev/null
check '  and back on the same port it is back' tells '^opened'
monitor 'device_del keys' > /dev/null
channel_probe keyboard --form 8H10D
tells '^opened' > /dev/null
attend
gx "kill \$(cat /run/channel.pid)"
check 'a station that ends gives its devices back' tells '^stopped'
overhear 3
typist type 0040856634
gx 'sleep 3' > /dev/null
check '  and then others hear them again' test -s "$share/overheard"
