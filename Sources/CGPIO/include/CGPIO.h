#pragma once
// GPIO in two halves: libgpiod finds and describes lines, the kernel's v2 interface gives them.
//
// libgpiod (1.6 or 2.x) knows chips and lines by label and name. Every request goes to the kernel
// (Linux 5.10) itself, because libgpiod 1.6 gives no sequence numbers, buffer size, ordered lines
// or initial values for a mixed set. Every function returns its result, or -errno.

#include <linux/gpio.h>
#include <stdint.h>
#include <sys/types.h>

#define STATION_GPIO_TEXT 64

/// One line as libgpiod describes it.
struct station_gpio_line {
    char name[STATION_GPIO_TEXT];
    /// Who holds the line, or empty.
    char consumer[STATION_GPIO_TEXT];
    uint32_t offset;
    int is_used;
};

/// The major version of the libgpiod this was compiled against: 1 or 2.
int station_gpio_library_version(void);

/// Finds the one chip with this label (or, failing that, this kernel name) and writes its path.
/// -ENOENT: no such chip; -EEXIST: two chips share the label.
int station_gpio_find_chip(const char *label, char *path, size_t capacity);

/// The offset of the line with this name on the chip. -ENOENT: no such line.
int station_gpio_find_line(const char *path, const char *name);

/// Describes up to `capacity` lines of the chip; returns how many the chip has.
int station_gpio_describe(const char *path, struct station_gpio_line *lines, int capacity);

/// Lines that are asked for together: their edges come through one descriptor, in order.
struct station_gpio_request {
    uint32_t offsets[GPIO_V2_LINES_MAX];
    uint32_t count;
    /// GPIO_V2_LINE_FLAG_* that all lines share.
    uint64_t flags;
    /// Which of them are active at 0 V, one bit each.
    uint64_t active_low;
    /// Outputs: their values in the request itself, as active or not, one bit each.
    uint64_t initial;
    uint32_t debounce_us;
    /// How many edges the kernel keeps for us; the oldest is dropped when it is full.
    uint32_t event_buffer;
    char consumer[GPIO_MAX_NAME_SIZE];
};

/// Asks for the lines. Returns a non-blocking descriptor. -EBUSY: somebody holds a line.
int station_gpio_open(const char *path, const struct station_gpio_request *request);
/// Reads the lines in `mask`, one bit each, as active or not. -ENODEV: the chip is gone.
int station_gpio_get(int fd, uint64_t mask, uint64_t *bits);
/// Sets the output lines in `mask`.
int station_gpio_set(int fd, uint64_t mask, uint64_t bits);
/// How many edges were read (0: none are waiting), up to `capacity`.
int station_gpio_read(int fd, struct gpio_v2_line_event *events, unsigned capacity);
