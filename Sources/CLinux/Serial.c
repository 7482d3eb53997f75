// Serial lines by termios2, which takes any speed as a number. Its header cannot stand beside
// <termios.h>, so this file has nothing else in it.
#define _GNU_SOURCE
#include "CLinuxSerial.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// <stdlib.h> and <sys/ioctl.h> bring <bits/ioctl-types.h>, which repeats asm's structures.
extern int ioctl(int, unsigned long, ...);
extern int posix_openpt(int);
extern int grantpt(int);
extern int unlockpt(int);
extern int ptsname_r(int, char *, size_t);

// A UART's divisor makes 115200 into 115385 at worst; 3 % is more than a receiver stands.
static int is_near(uint32_t wanted, uint32_t got) {
    uint32_t off = wanted > got ? wanted - got : got - wanted;
    return (uint64_t)off * 100 <= (uint64_t)wanted * 3;
}

static int set(int fd, unsigned long how, struct termios2 *line, uint32_t baud) {
    line->c_cflag &= ~(tcflag_t)(CBAUD | CIBAUD);
    line->c_cflag |= BOTHER | (BOTHER << IBSHIFT);
    line->c_ispeed = line->c_ospeed = baud;
    if (ioctl(fd, how, line) < 0) return -errno;
    struct termios2 now;
    if (ioctl(fd, TCGETS2, &now) < 0) return -errno;
    return is_near(baud, now.c_ospeed) ? 0 : -EINVAL;
}

static int configure(int fd, uint32_t baud, int parity, int stop_bits) {
    struct termios2 line;
    if (ioctl(fd, TCGETS2, &line) < 0) return -errno;
    line.c_iflag = 0;
    line.c_oflag = 0;
    line.c_lflag = 0;
    // No HUPCL: closing must not reset boards that hang on DTR.
    line.c_cflag = CS8 | CREAD | CLOCAL;
    if (parity) line.c_cflag |= PARENB;
    if (parity == 2) line.c_cflag |= PARODD;
    // A byte with wrong parity is dropped: frames have checks of their own, and miss it.
    if (parity) line.c_iflag = INPCK | IGNPAR;
    if (stop_bits == 2) line.c_cflag |= CSTOPB;
    memset(line.c_cc, 0, sizeof line.c_cc);
    line.c_cc[VMIN] = 1;
    return set(fd, TCSETS2, &line, baud);
}

static int take(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -errno;
    if (!S_ISCHR(status.st_mode)) return -ENOTTY;
    struct termios2 line;
    if (ioctl(fd, TCGETS2, &line) < 0) return -ENOTTY;
    // Two locks: TIOCEXCL keeps everybody out but root, flock tells programs that ask.
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) return errno == EWOULDBLOCK ? -EBUSY : -errno;
    return ioctl(fd, TIOCEXCL) < 0 ? -errno : 0;
}

// Two wishes, one by one: the second is for root alone. Not every driver knows them; a line without
// them works all the same.
static void wish(int fd) {
    struct serial_struct serial;
    // A USB adapter keeps what it hears for up to 16 ms, longer than a reader's whole answer.
    if (ioctl(fd, TIOCGSERIAL, &serial) == 0) {
        serial.flags |= ASYNC_LOW_LATENCY;
        ioctl(fd, TIOCSSERIAL, &serial);
    }
    // The last close need not wait for what is unsent. Others throw that away before they close.
    if (ioctl(fd, TIOCGSERIAL, &serial) == 0) {
        serial.closing_wait = ASYNC_CLOSING_WAIT_NONE;
        ioctl(fd, TIOCSSERIAL, &serial);
    }
}

int station_serial_open(const char *path, uint32_t baud, int parity, int stop_bits) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    int error = take(fd);
    if (error < 0) {
        close(fd);
        return error;
    }
    error = configure(fd, baud, parity, stop_bits);
    if (error == 0 && ioctl(fd, TCFLSH, TCIOFLUSH) < 0) error = -errno;
    if (error < 0) {
        station_serial_close(fd);
        return error;
    }
    wish(fd);
    return fd;
}

int station_serial_set_speed(int fd, uint32_t baud, int patience) {
    struct termios2 line;
    if (ioctl(fd, TCGETS2, &line) < 0) return -errno;
    // TCSETSW2 waits for ever for a line that takes nothing; what it waits for here is a FIFO.
    const int pause = 5;
    while (station_serial_unsent(fd) > 0) {
        if (patience <= 0) return -ETIMEDOUT;
        patience -= pause;
        poll(0, 0, pause);
    }
    return set(fd, TCSETSW2, &line, baud);
}

int station_serial_unsent(int fd) {
    int count = 0;
    return ioctl(fd, TIOCOUTQ, &count) < 0 ? -errno : count;
}

void station_serial_close(int fd) {
    ioctl(fd, TIOCNXCL);
    /* The last close waits up to half a minute for bytes that an adapter does not take any more. */
    ioctl(fd, TCFLSH, TCOFLUSH);
    close(fd);
}

int station_pty_open(char *path, size_t capacity) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, path, capacity) != 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int station_pty_hold(const char *path, uint32_t baud) {
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    int error = configure(fd, baud, 0, 1);
    if (error == 0) return fd;
    close(fd);
    return error;
}

int station_pty_speed(int fd) {
    struct termios2 line;
    return ioctl(fd, TCGETS2, &line) < 0 ? -errno : (int)line.c_ospeed;
}
