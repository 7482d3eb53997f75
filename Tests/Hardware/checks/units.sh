# shellcheck shell=bash disable=SC2016,SC2034
# The units under a real systemd, in a guest that it started: the station is installed and enabled,
# put to work, killed, hung, stopped, and given other station files.

: "${share:?}" "${programs:?}" "${ROOT:?}" "${hardware:?}" "${known:?}" "${http_port:?}"
: "${build:?}"
strike=/run/gpio/station-gpio/gate-strike

unit() { gx "systemctl show -P '$1' '${2-stationd}'" | paste -sd' '; } # PROPERTY,... [UNIT]
# Whether the daemon runs, and is another process than the one that $before names.
restarted() {
    [[ "$(unit MainPID,SubState)" =~ ^([0-9]+)\ running$ && ${BASH_REMATCH[1]} != "$before" ]]
}
# A field of the kernel's status of a unit's main process.
process() { # FIELD [UNIT]
    gx "sed -n 's/^$1:\s*//p' /proc/\$(systemctl show -P MainPID '${2-stationd}')/status"
}
inside() { gx "curl -sS -m 10 -o /run/answer -w '%{http_code}' 127.0.0.1:8480$1"; } # PATH
digest() { get /v1/station | jq -r .configuration; }
holds() { [ "$(digest)" = "$1" ] && [ "$(status_with_token /readyz)" = 200 ]; }
as() { gx "runuser -u $1 -- stationctl ${*:2} > /dev/null 2>&1; echo \$?"; } # USER WORD...

# --- installed

gx "chip add station-gpio
    mkdir -p /lib/modules; mount --bind '$build/kernel/lib/modules' /lib/modules"
check 'the station can be installed' gx "install-station '$ROOT' '$programs'"
check '  systemd-analyze verify has nothing to say of its units' equal '' \
    "$(gx 'systemd-analyze verify --man=no stationd.service station-gateway.service' |
        grep station)"
check '  its users are there' equal 'stationd station, station-gateway station' \
    "$(gx 'id -nG stationd; id -nG station-gateway' | paste -sd, | sed 's/,/, /')"
check '  so are its folders' equal 'root:station 750, stationd:station 700' \
    "$(gx 'stat -c "%U:%G %a" /etc/stationd /var/lib/stationd' | paste -sd, | sed 's/,/, /')"
chip_rights() { gx "stat -c '%G %a' /dev/\$(gpiodetect | sed -n 's/ \[$1\].*//p')"; }
check '  a chip that was there is given to station-io' equal 'station-io 660' \
    "$(chip_rights station-gpio)"
gx 'chip add annex-gpio; udevadm settle; station watch'
check '  and so is one that comes' equal 'station-io 660' "$(chip_rights annex-gpio)"

check 'both units can be enabled before there is a station file' \
    gx 'systemctl enable --now stationd station-gateway'
check '  the daemon waits for it and is not tried again and again' equal '0 inactive no' \
    "$(unit NRestarts,ActiveState,ConditionResult)"
check '  the gateway answers, that there is no station' equal 503 "$(inside /readyz)"

check 'a first activation starts the daemon, whatever umask root has' \
    gx "umask 077; stationctl activate '$hardware/seed.yaml'"
check '  it is active, having said READY' equal 'hardware-rig active running' \
    "$(unit StatusText,ActiveState,SubState)"
if [ "$(unit ActiveState)" != active ]; then
    gx 'systemctl status --no-pager -l stationd'
    not_run 'the rest of what the units do' 'stationd does not run'
    return
fi
ready() { [ "$(inside /readyz)" = 200 ]; }
check '  the gateway finds it' within 20 ready
before=$(unit MainPID)
gx 'mkdir /run/other'
check 'an activation for another socket succeeds' gx "stationctl activate --state /run/other \
    --socket /run/other/control '$hardware/seed.yaml'"
check '  and leaves it alone' equal "$before" "$(unit MainPID)"

# --- what they may do

for name in stationd station-gateway; do
    check "$name runs as its user, in group station" equal "$name:station" \
        "$(gx "stat -c %U:%G /proc/$(unit MainPID $name)")"
    check '  without capabilities' equal 0000000000000000 \
        "$(process 'Cap[A-Z][a-z]*' $name | sort -u)"
    check '  nor a way to new ones, and with its calls filtered' equal '1 2' \
        "$(process NoNewPrivs $name) $(process Seccomp $name)"
done
# A class of devices that systemd does not know when it starts a unit is not opened to it.
check 'the drivers of its readers are loaded before it starts' equal 'input ttyACM ttyUSB' \
    "$(gx 'grep -owE "input|ttyUSB|ttyACM" /proc/devices' | sort -u | paste -sd' ')"
locked=$(process VmLck)
check "stationd's memory is locked: $locked" test "${locked% kB}" -gt 0

# A card reader on USB is the daemon's, a USB device of another kind is not.
reader=/run/acr122u
gx "modprobe xhci_pci; setsid acr122u $reader > /share/acr122u.log 2>&1 < /dev/null &
    until [ -p $reader ]; do sleep 0.1; done; echo plug > $reader" > /dev/null
usb_nodes() { # OF a vendor: its node's group and mode
    gx "for device in /sys/bus/usb/devices/*/idVendor; do
            [ \$(< \$device) = $1 ] || continue
            folder=\$(dirname \$device)
            stat -c '%G %a' \$(printf /dev/bus/usb/%03d/%03d \
                \$(< \$folder/busnum) \$(< \$folder/devnum))
        done" | sort -u
}
given() { [ "$(usb_nodes 072f)" = 'station-io 660' ]; }
check 'a card reader on USB is given to station-io' within 20 given
check '  and no other USB device' equal 'root 664' "$(usb_nodes 1d6b)"

# The same unit, with another program in it.
homes=/home
gx "mkdir -m 777 /anybody; chmod 666 /dev/cpu_dma_latency; useradd -mG station,station-crew crew
    useradd -G station reader; useradd stranger
    echo > $homes/crew/file; chmod -R 777 $homes/crew
    cp /share/guest/probe /usr/local/bin/
    sed -E '/^(Exec|Restart|Watchdog|State|Runtime|Condition|SuccessExit)/d
        s/^Type=.*/Type=oneshot/
        s|^\[Service\]|&\nExecStart=/usr/local/bin/probe\nStandardOutput=truncate:/run/probed|' \
        /lib/systemd/system/stationd.service > /run/systemd/system/probe.service
    systemctl daemon-reload; systemctl start probe" > /dev/null
may() { # WHAT ANSWER SENTENCE
    check "$3" equal "$2" "$(gx 'cat /run/probed' | sed -n "s/^$1 //p")"
}
may 'a GPIO chip' yes 'in its place a program has GPIO chips'
may 'a serial line' yes '  serial lines'
may 'a card reader on USB' yes '  card readers on USB'
may 'another device that anybody may open' EPERM '  and no other device'
may 'the network' EAFNOSUPPORT '  no network'
may 'the network, version 6' EAFNOSUPPORT '  of any version'
may 'word of devices that come' yes '  word of devices that come'
may "the kernel's boot id" yes "  the kernel's boot id"
may 'whether the clock is synchronised' yes '  the state of the clock'
may 'a folder that anybody may write' EROFS '  no file to write but its own'
may 'a file in a home' EACCES '  no home to look into'
may 'code made at run time' EPERM '  no code that it makes itself'
may 'a call that the filter denies' EPERM '  and no call that its filter denies'

# --- at work

check "the control socket is the group's" equal 'stationd:station 750, stationd:station 660' \
    "$(gx 'stat -c "%U:%G %a" /run/stationd /run/stationd/control' | paste -sd, | sed 's/,/, /')"
check 'root makes a key' gx 'stationctl key create --standalone'
gx "install -m 644 '$hardware/seed.csv' /run/roster.csv"
check 'a stranger may not ask how the station is' equal 77 "$(as stranger status)"
check 'a member of station may' equal 0 "$(as reader status)"
check '  but imports no roster' equal 77 "$(as reader roster import /run/roster.csv)"
check 'a member of station-crew imports one' equal 0 "$(as crew roster import /run/roster.csv)"
check '  and makes no key' equal 77 "$(as crew key create --standalone)"

# Requests from the network, as the gateway's unit says how to allow them.
token=$("$programs/station-gateway" token rig 2> "$share/tokens")
gx 'install -m 640 -g station /share/tokens /etc/stationd/tokens
    folder=/etc/systemd/system/station-gateway.service.d
    mkdir -p $folder
    printf "[Service]\nExecStart=\nExecStart=/usr/bin/station-gateway %s\n" \
        "--listen 0.0.0.0:8080 --token-file /etc/stationd/tokens" > $folder/override.conf
    systemctl daemon-reload
    systemctl restart station-gateway'
status_with_token() {
    curl -sS --max-time 10 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" \
        "127.0.0.1:$http_port$1"
}
check 'the gateway can be opened to the network' within 20 get /v1/station
check '  for those with a token' equal 401 "$(status_of /v1/events)"
first=$(digest)

# a request with a bias turns gpio-sim's pull; the door is closed
gx 'echo pull-down > /run/gpio/station-gpio/gate-contact/pull'
seen=$(newest)
rows=$(gx "station tap $known")
check 'a known card releases the strike, which is then secured' equal '1 0' "$(levels strike)"
check '  which is written down with the boot that the kernel says' equal \
    "$(gx 'tr -d - < /proc/sys/kernel/random/boot_id')" \
    "$(events | jq -r 'select(.type == "io.stationd.access.granted").bootid')"
check '  and a clock that nobody has set' equal restored \
    "$(events | jq -r 'select(.type == "io.stationd.access.granted").timequality')"

gx 'chip remove annex-gpio'
lost() { [ "$(faults_of annex-strike)" = lost ]; }
check 'a board that leaves is missed' within 20 lost
gx 'chip add annex-gpio'
found() { well annex-reader && well annex-strike; }
check '  and found when it is back and the rule has given it away' within 60 found

# --- ends of every kind

# A card releases the strike; then the command is given. What was set on the strike since, and by
# whom: the process before, the one after, or another, which is stationd --make-safe.
while_released() { # COMMAND
    before=$(unit MainPID)
    gx "station sets > /dev/null
        station tap $known > /dev/null &
        for attempt in {1..100}; do [ \$(< $strike/value) = 1 ] && break; sleep 0.02; done
        $1
        wait"
}
told_sets() {
    sets=$(gx 'station sets' |
        awk -v before="$before" -v after="$(unit MainPID)" '$3 == "gate-strike" {
            print $2 == before ? "before" : $2 == after ? "after" : "make-safe", $4, int($5) }')
    released=$(awk '$2 == 1 { on = $3 } on && $2 == 0 { print $3 - on; exit }' <<< "$sets")
    sets=$(head -n "$1" <<< "$sets" | cut -d' ' -f1,2 | paste -sd,)
}
folder() { gx 'stat -c %i /run/stationd'; }

home=$(folder)
gx "echo pull-up > $strike/pull" # released when nobody holds it
while_released 'kill -KILL '"$(unit MainPID)"
check 'after kill -9 systemd starts it again' within 30 restarted
told_sets 4
check "  the strike, which was released, was secured after the end and before the start" \
    equal 'before 1,make-safe 0,make-safe 0,after 0' "$sets"
check "  at most ${released:=never} ms after it had been released" test "$released" -lt 2000
check '  the folder of its socket stayed' equal "$home" "$(folder)"
check '  the gateway stayed, and finds it again' within 30 holds "$first"
check '  having been started only once' equal 0 "$(unit NRestarts station-gateway)"

while_released 'kill -STOP '"$(unit MainPID)"
check 'after SIGSTOP the watchdog has it started again' within 60 restarted
check '  in the words of systemd' gx "journalctl -u stationd -o cat |
    grep -F 'Watchdog timeout (limit 10s)'"
told_sets 4
check '  the strike, which was released, was secured after the end and before the start' \
    equal 'before 1,make-safe 0,make-safe 0,after 0' "$sets"
check "  at most ${released:=never} ms after it had been released" test "$released" -lt 12000

gx synchronise
before=$(unit MainPID)
check 'systemctl restart starts it again' gx 'systemctl restart stationd'
check '  the folder of its socket stayed' equal "$home" "$(folder)"
synced() { [ "$(get /v1/station | jq -r .clock.quality)" = synced ]; }
check '  it sees that the clock has been synchronised' within 20 synced

while_released 'systemctl stop stationd'
told_sets 3
check 'systemctl stop ends it well' equal 'success 0 inactive' \
    "$(unit Result,ExecMainStatus,ActiveState)"
check '  the strike, which was released, was secured by itself and once more after its end' equal \
    'before 1,before 0,make-safe 0' "$sets"
check '  the folder of its socket is gone' equal gone "$(gx '[ -e /run/stationd ] || echo gone')"
check '  and it starts again' gx 'systemctl start stationd'
gx "echo pull-down > $strike/pull"

# --- other station files

edit() { gx "sed '$2' '$hardware/seed.yaml' > /run/$1.yaml"; } # NAME SCRIPT
activate() { gx "stationctl activate --lang en /run/$1.yaml 2>&1; echo \$?"; }
resolved() { gx "stationctl resolve /run/$1.yaml"; }

edit longer 's/release: 1s/release: 2s/'
second=$(resolved longer)
before=$(unit MainPID)
check 'a changed station file is put in force' equal "${second:0:12} is in force, 0" \
    "$(activate longer | paste -sd, | sed 's/,/, /')"
check '  by a restart through systemd' restarted
check '  its digest is in force' within 20 holds "$second"
rows=$(gx "station tap $known")
held=$(milliseconds strike 1)
check "  and so is what it changed: the strike is released for $held ms" test "$held" -ge 1950

edit nowhere 's/gpio: annex-gpio/gpio: nowhere-gpio/'
third=$(resolved nowhere)
began=$SECONDS
check 'a station that never becomes ready is taken back' equal \
    "${third:0:12} was not ready; back to ${second:0:12}, 1" \
    "$(activate nowhere | paste -sd, | sed 's/,/, /')"
check "  the one before is in force again $((SECONDS - began)) s later" within 20 holds "$second"

edit refused 's/release: 1s/release: 3s/'
fourth=$(resolved refused)
gx 'folder=/run/systemd/system/stationd.service.d
    mkdir -p $folder
    printf "[Service]\nExecStartPre=/usr/local/bin/refuse\n" > $folder/refuse.conf
    printf "#!/bin/sh\n[ \$(readlink /var/lib/stationd/resolved/current) != resolved-%s.json ]\n" \
        '"$fourth"' > /usr/local/bin/refuse
    chmod +x /usr/local/bin/refuse
    systemctl daemon-reload'
check 'a station that ends at its start is taken back' equal \
    "${fourth:0:12} was not ready; back to ${second:0:12},1" \
    "$(activate refused | tail -n 2 | paste -sd,)"
check '  the one before is in force again' within 20 holds "$second"
# --- a card reader on USB, as the daemon sees it

edit usb 's/^ports:/ports:\n  card-usb: {usb: any}/
    s/^devices:/devices:\n  - {name: usb-reader, profile: acr122u, port: card-usb}/'
check 'a station with a card reader on USB is put in force' equal 0 "$(activate usb | tail -n 1)"
reads() { well usb-reader; }
check '  which the daemon reads' within 30 reads
gx "echo unplug > $reader"
unplugged() { [ -n "$(faults_of usb-reader)" ]; }
check '  and misses when it is pulled out' within 20 unplugged
gx "echo plug > $reader"
check '  and reads again when it is plugged in' within 30 reads

# --- readers' keys under a seal, as docs/stationd.md says

keys=/var/lib/stationd/readers.key
seal=/etc/stationd/stationd.seal
secret=9f3b17c2608ed45a01f7b2c8396e5d44
sealed_by() { # LINE for the unit, or none
    gx "folder=/run/systemd/system/stationd.service.d
        mkdir -p \$folder
        printf '[Service]\n%s\n' '$1' > \$folder/seal.conf
        systemctl daemon-reload; systemctl restart stationd"
}
reader_keys() { gx 'stationctl status --json' | jq -r .readerKeys; }
keys_are() { [ "$(reader_keys)" = "$1" ]; }
in_clear() { gx "grep -qa $secret $keys && echo yes || echo no"; }
gx "printf 'stationd-reader-keys 1\nwall-reader key %s\n' $secret > /run/keys
    systemctl stop stationd
    install -m 600 -o stationd -g station /run/keys $keys; rm /run/keys
    head -c 32 /dev/urandom | systemd-creds encrypt --name=stationd.seal - $seal"
sealed_by "LoadCredentialEncrypted=stationd.seal:$seal"
check "readers' keys are sealed under a credential of systemd's" within 20 keys_are sealed
check '  and not in the file any more' equal no "$(in_clear)"
sum=$(gx "sha256sum < $keys")
sealed_by ''
check '  without it they are not read' within 20 keys_are unusable
check '  nor overwritten' equal "$sum" "$(gx "sha256sum < $keys")"
sealed_by "LoadCredentialEncrypted=stationd.seal:$seal"
check '  with it they are there again' within 20 keys_are sealed
# No bus in the guest, so a unit instead of systemd-run.
gx "printf '[Service]\nType=oneshot\nUser=stationd\nExecStart=stationd --unseal-keys\n%s\n' \
        LoadCredentialEncrypted=stationd.seal:$seal > /run/systemd/system/unseal.service
    systemctl stop stationd; systemctl daemon-reload"
check '  and can be written in the clear while it is there' gx 'systemctl start unseal'
check '  for a board that goes without' equal yes "$(in_clear)"
sealed_by ''
check '  the daemon takes them so' within 20 keys_are plain

check 'stationctl journal verify finds the chain whole' equal 0 "$(as crew journal verify)"

for name in stationd station-gateway; do
    gx "systemd-analyze security --no-pager $name" | sed -n 's/^→ /       /p'
done
gx 'journalctl -o short-monotonic -u stationd -u station-gateway' > "$share/journal.log"
