// Plays the same taps to programs in turn, on one CPU, and prints what each block took.
//
// driver BLOCKS TAPS NAME=COMMAND... : each program gets events on fd 3 and answers on fd 4.
// For every program and every tap: nanoseconds to the decision (1) and to the line (2).
// Output: NAME p50 p99 p999 for `decision`, `line` and `cold`: the line of each block's first tap,
// which finds the caches as the other program left them. The first taps of a block count as nothing
// else: changing the program is our doing.
#define _GNU_SOURCE
#include "tap.h"
#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct program {
    const char *name; int events, replies; pid_t pid;
    int64_t *decision, *line, *cold;
};
enum { COLD = 4 };

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void start(struct program *p, char *text) {
    char *command = strchr(text, '=');
    *command++ = 0;
    p->name = text;
    int in[2], out[2];
    if (pipe(in) || pipe(out)) exit(1);
    p->pid = fork();
    if (p->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int events = fcntl(in[0], F_DUPFD, 10), replies = fcntl(out[1], F_DUPFD, 10);
        dup2(events, 3);
        dup2(replies, 4);
        for (int fd = 5; fd < 64; fd++) close(fd);
        execl("/bin/sh", "sh", "-c", command, NULL);
        exit(127);
    }
    close(in[0]);
    close(out[1]);
    p->events = in[1];
    p->replies = out[0];
}

static uint32_t sequence;
static void tap(struct program *p, uint32_t card, int64_t *decision, int64_t *line) {
    struct gpio_v2_line_event edges[BITS];
    memset(edges, 0, sizeof edges);
    uint32_t frame = frame_encode(card);
    // The frame was over long ago, before the program went to sleep: what is measured is the
    // program, not the wait for silence.
    int64_t first = now() - 50000000 - BITS * 1000000;
    for (int i = 0; i < BITS; i++) {
        edges[i].timestamp_ns = (uint64_t)(first + i * 1000000);
        edges[i].id = GPIO_V2_LINE_EVENT_FALLING_EDGE;
        edges[i].offset = frame >> (BITS - 1 - i) & 1;
        edges[i].seqno = ++sequence;
    }
    int64_t sent = now();
    if (write(p->events, edges, sizeof edges) != sizeof edges) exit(1);
    uint64_t reply[2];
    *decision = *line = 0;
    while (!*line) {
        struct pollfd door = {.fd = p->replies, .events = POLLIN};
        if (poll(&door, 1, 60000) != 1 || read(p->replies, reply, 16) != 16) {
            fprintf(stderr, "%s: no answer to card %u\n", p->name, card);
            exit(1);
        }
        if (reply[0] == 1) *decision = (int64_t)reply[1] - sent;
        if (reply[0] == 2) *line = (int64_t)reply[1] - sent;
    }
    // The line rests again before the next tap.
    do {
        if (read(p->replies, reply, 16) != 16) exit(1);
    } while (reply[0] != 3);
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print(const char *name, const char *what, int64_t *values, int count) {
    qsort(values, (size_t)count, sizeof *values, ascending);
    printf("%s %s %lld %lld %lld\n", name, what, (long long)values[count / 2],
           (long long)values[(int64_t)count * 99 / 100],
           (long long)values[(int64_t)count * 999 / 1000]);
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: driver BLOCKS TAPS NAME=COMMAND...\n");
        return 64;
    }
    int blocks = atoi(words[1]), taps = atoi(words[2]), programs = count - 3;
    const char *cpu = getenv("BENCH_CPU");
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu ? atoi(cpu) : 0, &set);
    sched_setaffinity(0, sizeof set, &set);
    struct program p[8];
    memset(p, 0, sizeof p);
    for (int i = 0; i < programs; i++) {
        start(&p[i], words[3 + i]);
        p[i].decision = calloc((size_t)(blocks * taps), 8);
        p[i].line = calloc((size_t)(blocks * taps), 8);
        p[i].cold = calloc((size_t)blocks, 8);
    }
    uint32_t card = 0;
    int64_t ignored;
    for (int i = 0; i < programs; i++)
        for (int warm = 0; warm < 200; warm++) {
            card = (card + 1) % KEYS;
            tap(&p[i], card, &ignored, &ignored);
        }
    for (int block = 0; block < blocks; block++)
        for (int i = 0; i < programs; i++)
            for (int t = -COLD; t < taps; t++) {
                card = (card + 1) % KEYS;
                int place = block * taps + t;
                if (t < 0) tap(&p[i], card, &ignored, t == -COLD ? &p[i].cold[block] : &ignored);
                else tap(&p[i], card, &p[i].decision[place], &p[i].line[place]);
            }
    for (int i = 0; i < programs; i++) {
        print(p[i].name, "decision", p[i].decision, blocks * taps);
        print(p[i].name, "line", p[i].line, blocks * taps);
        print(p[i].name, "cold", p[i].cold, blocks);
        close(p[i].events);
    }
    for (int i = 0; i < programs; i++) waitpid(p[i].pid, NULL, 0);
}
