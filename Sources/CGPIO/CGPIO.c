// Chips and lines by libgpiod of either version, requests by the kernel's own interface.
#define _GNU_SOURCE
#include "CGPIO.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void copy_text(char *to, size_t capacity, const char *from) {
    snprintf(to, capacity, "%s", from ? from : "");
}

static int negative_errno(int fallback) { return errno > 0 ? -errno : -fallback; }

// libgpiod 1.x defines GPIOD_LINE_BULK_MAX_LINES, 2.x does not.
#ifdef GPIOD_LINE_BULK_MAX_LINES

int station_gpio_library_version(void) { return 1; }

typedef struct gpiod_chip chip_t;
static chip_t *open_chip(const char *path) { return gpiod_chip_open(path); }
static void chip_texts(chip_t *chip, char *label, char *name) {
    copy_text(label, STATION_GPIO_TEXT, gpiod_chip_label(chip));
    copy_text(name, STATION_GPIO_TEXT, gpiod_chip_name(chip));
}
static int line_count(chip_t *chip) { return (int)gpiod_chip_num_lines(chip); }
static int describe_line(chip_t *chip, unsigned offset, struct station_gpio_line *line) {
    struct gpiod_line *found = gpiod_chip_get_line(chip, offset);
    if (!found) return negative_errno(EIO);
    copy_text(line->name, sizeof line->name, gpiod_line_name(found));
    copy_text(line->consumer, sizeof line->consumer, gpiod_line_consumer(found));
    line->offset = offset;
    line->is_used = gpiod_line_is_used(found);
    return 0;
}

#else

int station_gpio_library_version(void) { return 2; }

typedef struct gpiod_chip chip_t;
static chip_t *open_chip(const char *path) { return gpiod_chip_open(path); }
static void chip_texts(chip_t *chip, char *label, char *name) {
    label[0] = name[0] = 0;
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    if (!info) return;
    copy_text(label, STATION_GPIO_TEXT, gpiod_chip_info_get_label(info));
    copy_text(name, STATION_GPIO_TEXT, gpiod_chip_info_get_name(info));
    gpiod_chip_info_free(info);
}
static int line_count(chip_t *chip) {
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    if (!info) return negative_errno(EIO);
    int count = (int)gpiod_chip_info_get_num_lines(info);
    gpiod_chip_info_free(info);
    return count;
}
static int describe_line(chip_t *chip, unsigned offset, struct station_gpio_line *line) {
    struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
    if (!info) return negative_errno(EIO);
    copy_text(line->name, sizeof line->name, gpiod_line_info_get_name(info));
    copy_text(line->consumer, sizeof line->consumer, gpiod_line_info_get_consumer(info));
    line->offset = offset;
    line->is_used = gpiod_line_info_is_used(info);
    gpiod_line_info_free(info);
    return 0;
}

#endif

int station_gpio_find_chip(const char *wanted, char *path, size_t capacity) {
    DIR *devices = opendir("/dev");
    if (!devices) return -errno;
    int by_label = 0, by_name = 0;
    char name_path[STATION_GPIO_TEXT] = "";
    struct dirent *entry;
    while ((entry = readdir(devices))) {
        if (strncmp(entry->d_name, "gpiochip", 8) != 0) continue;
        char candidate[STATION_GPIO_TEXT];
        if (snprintf(candidate, sizeof candidate, "/dev/%s", entry->d_name)
            >= (int)sizeof candidate)
            continue;
        chip_t *chip = open_chip(candidate);
        if (!chip) continue;
        char label[STATION_GPIO_TEXT], name[STATION_GPIO_TEXT];
        chip_texts(chip, label, name);
        gpiod_chip_close(chip);
        if (strcmp(label, wanted) == 0) {
            by_label++;
            copy_text(path, capacity, candidate);
        } else if (strcmp(name, wanted) == 0) {
            by_name++;
            copy_text(name_path, sizeof name_path, candidate);
        }
    }
    closedir(devices);
    if (by_label > 1) return -EEXIST;
    if (by_label == 1) return 0;
    if (by_name == 0) return -ENOENT;
    copy_text(path, capacity, name_path);
    return 0;
}

int station_gpio_describe(const char *path, struct station_gpio_line *lines, int capacity) {
    chip_t *chip = open_chip(path);
    if (!chip) return negative_errno(ENOENT);
    int count = line_count(chip);
    for (int offset = 0; offset < count && offset < capacity; offset++) {
        int error = describe_line(chip, (unsigned)offset, &lines[offset]);
        if (error < 0) {
            count = error;
            break;
        }
    }
    gpiod_chip_close(chip);
    return count;
}

int station_gpio_find_line(const char *path, const char *name) {
    chip_t *chip = open_chip(path);
    if (!chip) return negative_errno(ENOENT);
    int count = line_count(chip), found = -ENOENT;
    for (int offset = 0; offset < count && found < 0; offset++) {
        struct station_gpio_line line;
        if (describe_line(chip, (unsigned)offset, &line) == 0 && strcmp(line.name, name) == 0)
            found = offset;
    }
    gpiod_chip_close(chip);
    return found;
}

static struct gpio_v2_line_config_attribute *add_attribute(
    struct gpio_v2_line_config *config, uint32_t id, uint64_t mask) {
    struct gpio_v2_line_config_attribute *attribute = &config->attrs[config->num_attrs++];
    attribute->attr.id = id;
    attribute->mask = mask;
    return attribute;
}

int station_gpio_open(const char *path, const struct station_gpio_request *request) {
    if (request->count == 0 || request->count > GPIO_V2_LINES_MAX) return -EINVAL;
    struct gpio_v2_line_request kernel;
    memset(&kernel, 0, sizeof kernel);
    memcpy(kernel.offsets, request->offsets, request->count * sizeof request->offsets[0]);
    kernel.num_lines = request->count;
    kernel.event_buffer_size = request->event_buffer;
    memcpy(kernel.consumer, request->consumer, sizeof kernel.consumer - 1);
    kernel.config.flags = request->flags;
    uint64_t all = request->count == 64 ? ~0ull : (1ull << request->count) - 1;
    if (request->active_low & all)
        add_attribute(&kernel.config, GPIO_V2_LINE_ATTR_ID_FLAGS, request->active_low & all)
            ->attr.flags = request->flags | GPIO_V2_LINE_FLAG_ACTIVE_LOW;
    if (request->debounce_us)
        add_attribute(&kernel.config, GPIO_V2_LINE_ATTR_ID_DEBOUNCE, all)
            ->attr.debounce_period_us = request->debounce_us;
    if (request->flags & GPIO_V2_LINE_FLAG_OUTPUT)
        add_attribute(&kernel.config, GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES, all)->attr.values =
            request->initial;
    int chip = open(path, O_RDWR | O_CLOEXEC);
    if (chip < 0) return -errno;
    int error = ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &kernel) < 0 ? -errno : 0;
    close(chip);
    if (error < 0) return error;
    int flags = fcntl(kernel.fd, F_GETFL);
    if (flags < 0 || fcntl(kernel.fd, F_SETFL, flags | O_NONBLOCK) < 0) {
        error = -errno;
        close(kernel.fd);
        return error;
    }
    return kernel.fd;
}

int station_gpio_get(int fd, uint64_t mask, uint64_t *bits) {
    struct gpio_v2_line_values values = {.bits = 0, .mask = mask};
    if (ioctl(fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) < 0) return -errno;
    *bits = values.bits;
    return 0;
}

int station_gpio_set(int fd, uint64_t mask, uint64_t bits) {
    struct gpio_v2_line_values values = {.bits = bits, .mask = mask};
    return ioctl(fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) < 0 ? -errno : 0;
}

int station_gpio_read(int fd, struct gpio_v2_line_event *events, unsigned capacity) {
    ssize_t count = read(fd, events, capacity * sizeof *events);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    return (int)((size_t)count / sizeof *events);
}
