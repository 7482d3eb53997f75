# shellcheck shell=bash
# USB card readers, opened as the station opens them: QEMU's own with a card driven from here, and an
# ACR122U made of a USB gadget; without udev, and with it.

: "${hardware:?}" "${share:?}" "${build:?}"
reader=/run/acr122u
said=$share/usb-probe.log

# What the probe said, from its start or the last `listen` on, without times.
listen() { heard=$(wc -l < "$said"); }
news() { tail -n "+$((heard + 1))" "$said" | cut -d' ' -f2-; }
# Waits until the probe has said something that matches, at most 20 s.
hears() {
    local deadline=$((SECONDS + 20))
    until news | grep -Eq "$1"; do
        ((SECONDS < deadline)) || { echo "never said: $1" && tail -n 20 "$said" && return 1; }
        sleep 0.1
    done
}
probe() { # ARGUMENT...: in place of the one before
    gx "[ ! -f /run/probe.pid ] || { kill \$(cat /run/probe.pid); sleep 0.5; }
        usb-probe $* > >(tee /run/usb-probe.log > /share/usb-probe.log) 2>&1 < /dev/null &
        echo \$! > /run/probe.pid; until [ -s /run/usb-probe.log ]; do sleep 0.1; done"
    heard=0
}
acr122u() { gx "echo $* > $reader"; }

gx "mkdir -p /lib/modules
    mountpoint -q /lib/modules || mount --bind '$build/kernel/lib/modules' /lib/modules
    modprobe xhci_pci; setsid acr122u $reader > /share/acr122u.log 2>&1 < /dev/null &
    until [ -p $reader ]; do sleep 0.1; done" > /dev/null
probe
check 'no reader is told in one sentence, in both languages' hears 'no USB card reader was found'
check '  with what to do' hears '请插好'

# QEMU's reader exchanges blocks of T=0, and QEMU answers with what an earlier session left behind.
rm -f "$build/card-pipe"
"$hardware/rig/passthrough-card" "$build/card" "$build/card-pipe" > "$build/card.log" 2>&1 &
card_pid=$!
card() { echo "$*" | timeout 5 tee "$build/card-pipe" > /dev/null; }
plug_in() {
    monitor 'device_add usb-ccid,id=reader,bus=usb.0,port=1' > /dev/null
    monitor 'device_add ccid-card-passthru,id=card0,chardev=card,bus=reader.0' > /dev/null
}
plug_in
check 'a reader of another make is found where no udev runs' hears '^attached 1-1 08e6:4433'
check '  and looks for cards' hears '^ready'
listen
card card 5630F009
check 'a card on it is read' hears '^presented iso14443 5630F009'
card away
check '  and leaves' hears '^left'
listen
monitor 'device_del reader' > /dev/null
check 'pulled out, it is gone' hears '^detached'
listen
plug_in
check '  and plugged in again, it is back' hears '^ready'
card card 04A1B2C3D4E5F6
check '  with its cards' hears '^presented iso14443 04A1B2C3D4E5F6'
monitor 'device_del reader' > /dev/null
kill "$card_pid"

probe --family acr122u
acr122u plug
check 'an ACR122U is found, and prepared' hears '^ready ACR122U214'
port=$(news | sed -n 's/^attached \([^ ]*\) .*/\1/p')
acr122u card 04A1B2C3D4E5F6
check 'a card on it is read' hears '^presented iso14443 04A1B2C3D4E5F6'
acr122u away
check '  and leaves' hears '^left'
listen
acr122u stale
acr122u card 5630F009
check 'an answer that nobody asked for is not taken for the card' hears '5630F009'
acr122u away
acr122u nonsense
listen
acr122u card 04A1B2C3D4E5F6
check 'nonsense in between only costs time' hears '^presented iso14443 04A1B2C3D4E5F6'
acr122u away
hears '^left'
listen
acr122u deaf 3
check 'a reader that does not answer is reset' hears '^reset'
check '  and works again' hears '^ready'

# Somebody else has it.
gx 'usb-probe --for 6 > /share/second.log 2>&1; mkdir -p /run/pcscd; touch /run/pcscd/pcscd.comm
    usb-probe --for 2 >> /share/second.log 2>&1; rm -r /run/pcscd' > /dev/null
check 'another program that holds the reader is told' \
    grep -q "another program holds the reader on USB port $port" "$share/second.log"
check '  pcscd by its name, with the cure' \
    grep -q 'systemctl disable --now pcscd.socket' "$share/second.log"
gx "echo unplug > $reader; sleep 1; modprobe pn533_usb"
listen
acr122u plug
check "the kernel's own driver is sent away" hears '^attached .*taken from pn533_usb'
check '  and the reader works' hears '^ready'
gx 'modprobe -r pn533_usb'

acr122u card 04A1B2C3D4E5F6
took=$(gx "usb-replug 5 /run/usb-probe.log $reader")
check 'without udev a re-plugged reader is ready within 2 s' test "${took:-9999}" -le 2000

gx "mkdir -p /run/udev && (exec -a systemd-udevd '$build/udev/bin/udevadm' --daemon)
    udevadm trigger; sleep 1" > /dev/null
probe --family acr122u "$port"
check 'a reader may be bound to its port' hears '^ready'
held() { gx "ls /proc/\$(cat /run/probe.pid)/fd | wc -l; ls /proc/\$(cat /run/probe.pid)/task | wc -l"; }
before=$(held)
took=$(gx_seconds=300 gx "usb-replug 50 /run/usb-probe.log $reader")
echo "       longest from plug to ready: $took ms"
check 'fifty re-plugs with a card on it: ready within 2 s each time' \
    test "${took:-9999}" -le 2000
check '  and no file or thread is left over' equal "$before" "$(held)"
listen
acr122u away
check '  and the card leaves at last' hears '^left'
gx "kill \$(cat /run/probe.pid); sleep 1; echo unplug > $reader"
check 'a station that ends gives its reader back' hears '^stopped'
