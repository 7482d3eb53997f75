# shellcheck shell=bash
# Boots, commands and stops a guest: rig_boot, gx, rig_stop. Sourced by ../run.

: "${hardware:?}" "${build:?}" "${programs:?}"
share=$build/share # /share in the guest
rig_pid=

# Returns when the guest takes commands; sets shell_port, http_port and share.
rig_boot() { # [systemd]: which then is the guest's first process; [power]: with a disk
    local name=${1:-guest} deadline=$((SECONDS + 180)) arguments='' devices=()
    if [ "$name" = systemd ]; then
        arguments='manager=systemd systemd.unit=rig.service net.ifnames=0'
        devices=(
            -fsdev "local,id=systemd,path=$build/systemd,security_model=none,readonly=on"
            -device "virtio-9p-pci,fsdev=systemd,mount_tag=systemd"
        )
        share=$build/systemd-share
    fi
    if [ "$name" = power ]; then
        # Written through the host's page cache, flushed when the guest flushes: what the guest did
        # not flush may be lost with it, and what it did is not.
        devices=(-drive "file=$build/power.img,if=virtio,format=raw,cache=writeback")
    fi
    local began=$EPOCHREALTIME ports=hostfwd=tcp:127.0.0.1:0-:2323,hostfwd=tcp:127.0.0.1:0-:8080
    rm -rf "$share" && mkdir -p "$share/commands"
    chmod 700 "$share"
    cp -r "$hardware/guest" "$hardware/chips" "$build/bin" "$share/"
    printf 'PATH=/share/bin:/share/guest:%q:/usr/sbin:/usr/bin:/sbin:/bin\n' "$programs" \
        > "$share/env"
    head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$share/token"
    pushd "$build" > /dev/null || exit # a unix socket's path may have 107 bytes only
    # Port 0: the kernel chooses free ones. The guest dies with us, however we die. Its clock counts
    # instructions, so a busy host makes it slow but never bends a card's timing: where 2.1 ms was
    # asked for, 2103 to 2118 us with every core of the host taken three times; up to 10569 us else.
    setpriv --pdeathsig KILL qemu-system-x86_64 \
        -accel tcg,thread=single -icount shift=1 -cpu max -smp 1 -m 1024 -display none -no-reboot \
        -serial "file:$name.console" -monitor unix:monitor,server=on,wait=off \
        -kernel vmlinux -initrd initramfs.gz \
        -append "console=ttyS0 quiet panic=-1 nokaslr mitigations=off $arguments" \
        -fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap \
        -device virtio-9p-pci,fsdev=root,mount_tag=root \
        -fsdev "local,id=share,path=$share,security_model=none" \
        -device virtio-9p-pci,fsdev=share,mount_tag=share "${devices[@]}" \
        -device qemu-xhci,id=usb -chardev socket,id=card,path=card,server=on,wait=off \
        -netdev "user,id=net,restrict=on,$ports" \
        -device virtio-net-pci,netdev=net,romfile= > qemu.log 2>&1 &
    rig_pid=$!
    until [ -f "$share/ready" ]; do
        if ! kill -0 "$rig_pid" 2> /dev/null || ((SECONDS > deadline)); then
            echo "hardware rig: the guest did not start; qemu and the console said:" >&2
            tail -n 20 qemu.log "$name.console" >&2
            exit 1
        fi
        sleep 0.1
    done
    ports=$(echo 'info usernet' | socat -t1 - UNIX-CONNECT:monitor)
    shell_port=$(awk '$NF != "" && $1 ~ /HOST_FORWARD/ && $6 + 0 == 2323 { print $4 }' <<< "$ports")
    # shellcheck disable=SC2034 # for the checks
    http_port=$(awk '$1 ~ /HOST_FORWARD/ && $6 + 0 == 8080 { print $4 }' <<< "$ports")
    popd > /dev/null || exit
    awk -v began="$began" -v now="$EPOCHREALTIME" \
        -v name="$name" \
        'BEGIN { printf "hardware rig: %s ready after %.1f s\n", name, now - began }'
}

# Runs a shell snippet in the guest as root; output and exit status are the guest's.
# Gives up after $gx_seconds, or 60.
gx() {
    local command connection
    command=$(mktemp -d "$share/commands/XXXXXX")
    printf '%s\n' "$*" > "$command/script"
    exec {connection}<> "/dev/tcp/127.0.0.1/$shell_port"
    echo "$(< "$share/token") ${command##*/}" >&"$connection"
    timeout "${gx_seconds:-60}" cat <&"$connection"
    exec {connection}>&-
    [ -s "$command/status" ] && return "$(< "$command/status")"
    echo "hardware rig: the guest did not finish: $*" >&2
    return 124
}

# A disk for the guest that loses its power.
rig_disk() {
    rm -f "$build/power.img"
    truncate -s 64M "$build/power.img"
    PATH=$PATH:/usr/sbin:/sbin mkfs.ext4 -q -F "$build/power.img"
}

# The power goes: nothing is flushed, nothing is told.
rig_cut() {
    kill -KILL "$rig_pid"
    wait "$rig_pid" 2> /dev/null
    rig_pid=
}

# Tells QEMU itself something, such as to plug in a device; prints its answer.
monitor() {
    echo "$*" | (cd "$build" && socat -t1 - UNIX-CONNECT:monitor)
}

rig_stop() {
    [ -z "$rig_pid" ] || { kill "$rig_pid" && wait "$rig_pid"; } 2> /dev/null
    rig_pid=
    true
}
