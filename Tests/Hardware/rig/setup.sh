#!/usr/bin/env bash
# Makes what guests boot from, in .build/hardware: kernel, gpio-sim, initramfs, guest programs, and
# what the host lacks of systemd. Downloads 220 MB and takes about 25 s the first time, nothing and
# 0.1 s afterwards.
# Root is needed only for packages that are missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(cd "$here/../.." && pwd)/.build/hardware
mkdir -p "$out/bin"

# The usual reason to fail is an old list of packages: fetch it and try again.
apt_get() {
    apt-get -qq "$@" > "$out/apt.log" 2>&1 ||
        { apt-get -qq update && apt-get -qq "$@"; } >> "$out/apt.log" 2>&1 ||
        { cat "$out/apt.log" >&2; exit 1; }
}

need() { # PACKAGE...
    if [ "$(id -u)" != 0 ]; then
        echo "hardware rig: packages are missing and only root can install them. First run:" >&2
        echo "  sudo apt-get install --no-install-recommends $*" >&2
        exit 2
    fi
    echo "hardware rig: installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt_get install -y --no-install-recommends "$@"
}

# What is asked for on the host and, because the guest's root is the host's, in the guest.
tools() {
    local missing=() program package
    while read -r program package; do
        [ -n "$(PATH=$PATH:/usr/sbin:/sbin type -P "$program")" ] || missing+=("$package")
    done <<'TABLE'
qemu-system-x86_64 qemu-system-x86
busybox busybox-static
cpio cpio
modprobe kmod
make make
xz xz-utils
socat socat
ip iproute2
gpiomon gpiod
gcc gcc
curl curl
jq jq
python3 python3
setpriv util-linux
mkfs.ext4 e2fsprogs
TABLE
    [ ${#missing[@]} = 0 ] || need "${missing[@]}"
}

# The newest kernel that Debian offers together with its headers.
newest_kernel() {
    apt-cache depends linux-headers-amd64 2> /dev/null |
        sed -n 's/.*Depends: linux-headers-\(.*-amd64\)$/\1/p' | head -n 1
}

# Packages are unpacked here, not installed: an installed kernel would want to boot this machine.
kernel() {
    rm -rf kernel && mkdir kernel
    apt_get download "linux-image-$release"
    dpkg-deb -x linux-image-*.deb kernel
    rm linux-image-*.deb
    "$here/rig/unpack-kernel.py" "kernel/boot/vmlinuz-$release" vmlinux
}

# Debian's kernel is built without gpio-sim; its source package has it. It needs irq_sim, which
# cannot be a module by itself either, so one module is made of both. irq_to_desc is not exported,
# irq_get_irq_data is.
gpio_sim() {
    local source
    source=linux-source-$(cut -d. -f1,2 <<< "$release")
    rm -rf module && mkdir module
    apt_get download "$source"
    dpkg-deb --fsys-tarfile linux-source-*.deb | tar -xO "./usr/src/$source.tar.xz" | xz -dc |
        tar -x -C module --strip-components=1 \
            "$source"/drivers/gpio/gpio{-sim.c,lib.h} "$source/kernel/irq/irq_sim.c"
    rm linux-source-*.deb
    mv module/drivers/gpio/gpio-sim.c module/gpio-sim-main.c
    mv module/drivers/gpio/gpiolib.h module/
    sed 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/' \
        module/kernel/irq/irq_sim.c > module/irq_sim.c
    printf 'obj-m := gpio-sim.o\ngpio-sim-y := gpio-sim-main.o irq_sim.o\n' > module/Kbuild
    make -s -C "/usr/src/linux-headers-$release" M="$out/module" modules > module/log 2>&1 ||
        { cat module/log >&2; exit 1; }
    strip --strip-debug module/gpio-sim.ko
    install -D module/gpio-sim.ko "kernel/lib/modules/$release/updates/gpio-sim.ko"
    PATH=$PATH:/usr/sbin:/sbin depmod -b kernel "$release"
}

# libusb's hot plug needs udev; its program runs in the guest from here.
udev() {
    rm -rf udev && mkdir udev
    apt_get download udev
    dpkg-deb -x udev_*.deb udev
    rm udev_*.deb
}

initramfs() {
    local tree=$out/initramfs module
    rm -rf "$tree" && mkdir -p "$tree"/{bin,modules,host,layer,new}
    install /bin/busybox "$tree/bin/busybox"
    install "$here/guest/init" "$tree/init"
    for module in virtio_pci virtio_net 9pnet_virtio 9p overlay gpio-sim; do
        PATH=$PATH:/usr/sbin:/sbin modprobe -d kernel -S "$release" --show-depends "$module"
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
        cp "$module" "$tree/modules/"
        basename "$module" >> "$tree/modules/order"
    done
    (cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1) > initramfs.gz
    rm -rf "$tree"
}

# What the host lacks of systemd and udev, for the guest that is started by it. The guest's root is
# the host's, so they are unpacked to lie over it; what is a link there (/lib) stays one.
systemd_layer() {
    local folder package packages
    rm -rf systemd && mkdir -p systemd/usr
    for folder in bin sbin lib lib64; do
        [ ! -L "/$folder" ] || { mkdir "systemd/usr/$folder"; ln -s "usr/$folder" systemd/; }
    done
    installed_systemd > /dev/null && return
    packages=$(missing_systemd) || { apt_get update && packages=$(missing_systemd); }
    rm -rf packages && mkdir packages
    (cd packages && for package in $packages; do apt_get download "$package"; done)
    for package in packages/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C systemd --keep-directory-symlink
    done
    rm -r packages
}

# A simulation needs no root, and names what would be installed.
missing_systemd() {
    apt-get install -s --no-install-recommends systemd udev 2> /dev/null |
        awk '/^Inst/ { print $2; count++ } END { exit !count }'
}

# Their versions; fails when one of them is not installed.
installed_systemd() {
    dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' systemd udev 2> /dev/null |
        awk '$3 == "installed" { print; count++ } END { exit count != 2 }'
}

guest_programs() {
    local program
    for program in wiegand-play line-watch pulse-play; do
        [ "bin/$program" -nt "$here/guest/$program.c" ] ||
            gcc -O2 -Wall -Wextra -Werror -o "bin/$program" "$here/guest/$program.c"
    done
}

tools
cd "$out"
made_from=$(cat "$here"/rig/{setup.sh,unpack-kernel.py} "$here/guest/init" | sha256sum)
if [ "$(cat made-from 2> /dev/null)" != "$made_from" ]; then
    began=$SECONDS
    release=$(newest_kernel)
    [ -n "$release" ] || { apt_get update && release=$(newest_kernel); }
    if [ -z "$release" ]; then
        echo "hardware rig: apt knows no linux-headers-amd64; the rig needs Debian 12 on amd64" >&2
        exit 2
    fi
    [ -d "/usr/src/linux-headers-$release" ] || need "linux-headers-$release"
    rm -f made-from
    kernel
    gpio_sim
    udev
    initramfs
    rm -rf module
    echo "$made_from" > made-from
    echo "hardware rig: made for Linux $release in $((SECONDS - began)) s"
fi
layer_from="$made_from $(installed_systemd || true)"
if [ "$(cat layer-from 2> /dev/null)" != "$layer_from" ]; then
    rm -f layer-from
    systemd_layer
    echo "$layer_from" > layer-from
fi
guest_programs
