// Input devices (evdev), Documentation/input/input.rst.
#include "CLinuxInput.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

int station_input_open(const char *path) {
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    int clock = CLOCK_MONOTONIC;
    if (ioctl(fd, EVIOCSCLOCKID, &clock) < 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

static int has(const unsigned char *bits, int code) { return bits[code / 8] >> (code % 8) & 1; }

int station_input_types_digits(int fd) {
    unsigned char keys[KEY_MAX / 8 + 1];
    memset(keys, 0, sizeof keys);
    if (ioctl(fd, EVIOCGBIT(EV_KEY, sizeof keys), keys) < 0) return -errno;
    int row = 1, pad = 1;
    // KEY_1 to KEY_0 stand in a row; the keypad's do not.
    for (int code = KEY_1; code <= KEY_0; code++) row = row && has(keys, code);
    static const int keypad[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                 KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    for (int i = 0; i < 10; i++) pad = pad && has(keys, keypad[i]);
    return (row || pad) && (has(keys, KEY_ENTER) || has(keys, KEY_KPENTER));
}

int station_input_grab(int fd) { return ioctl(fd, EVIOCGRAB, 1) < 0 ? -errno : 0; }
