// The C twin: `twin taps instant|real DIR` serves taps on fd 3 and answers on fd 4;
// `twin journal DIR BATCHES SIZE` commits batches and prints entries per second.
#define _GNU_SOURCE
#include "store.h"
#include "tap.h"
#include <errno.h>
#include <linux/gpio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 3, REPLIES = 4, QUEUE = 4096 };

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// A bounded mailbox like the Swift one: mutex, two buffers, eventfd.
struct box { pthread_mutex_t lock; struct entry *back, *front; int count; int fd; };
static void box_make(struct box *b) {
    pthread_mutex_init(&b->lock, NULL);
    b->back = calloc(QUEUE, sizeof *b->back);
    b->front = calloc(QUEUE, sizeof *b->front);
    b->fd = eventfd(0, EFD_NONBLOCK);
}
static void box_post(struct box *b, const struct entry *e) {
    pthread_mutex_lock(&b->lock);
    if (b->count < QUEUE) b->back[b->count++] = *e;
    int first = b->count == 1;
    pthread_mutex_unlock(&b->lock);
    uint64_t one = 1;
    if (first && write(b->fd, &one, 8) < 0) exit(1);
}
static int box_take(struct box *b) {
    pthread_mutex_lock(&b->lock);
    int count = b->count;
    struct entry *swap = b->front;
    b->front = b->back; b->back = swap; b->count = 0;
    uint64_t drain;
    if (read(b->fd, &drain, 8) < 0) { /* nothing was signalled */ }
    pthread_mutex_unlock(&b->lock);
    return count;
}

static struct box entries, answers;
static int real;
static void *journal(void *directory) {
    struct store *store = store_open(directory);
    struct epoll_event event = {.events = EPOLLIN};
    int poll = epoll_create1(0);
    epoll_ctl(poll, EPOLL_CTL_ADD, entries.fd, &event);
    // As the Swift journal: an access entry is committed at once and takes along what waits.
    struct entry *waiting = calloc(2 * QUEUE, sizeof *waiting);
    int total = 0;
    for (;;) {
        epoll_wait(poll, &event, 1, -1);
        int count = box_take(&entries), urgent = 0;
        for (int i = 0; i < count; i++) {
            urgent |= entries.front[i].class == 0;
            waiting[total++] = entries.front[i];
        }
        if (!urgent && total < QUEUE) continue;
        if (store_commit(store, waiting, total)) exit(1);
        struct entry answer = {.ticket = waiting[total - 1].ticket};
        total = 0;
        box_post(&answers, &answer);
    }
}

static uint64_t next_ticket = 1;
static uint64_t instant_ticket;
static void record(const char *kind, uint8_t class, const struct key *key, uint64_t grant,
                   int64_t latency, int64_t at) {
    struct entry e = {.ticket = next_ticket++, .boottime = at, .wall = at / 1000000,
                      .quality = 3, .class = class, .kind = kind};
    strcpy(e.device, "reader");
    if (key) { memcpy(e.key, key->id, 24); memcpy(e.holder, key->holder, 24); }
    if (real) {
        if (grant)
            snprintf(e.payload, sizeof e.payload,
                     "{\"door\":\"gate\",\"cause\":\"key\",\"grant\":%llu,"
                     "\"latencyMicroseconds\":%lld}",
                     (unsigned long long)grant, (long long)latency / 1000);
        else
            strcpy(e.payload,
                   "{\"door\":\"gate\",\"reader\":\"reader\",\"view\":\"full\",\"note\":\"none\"}");
        box_post(&entries, &e);
    } else {
        instant_ticket = e.ticket;
    }
}

static void reply(uint64_t kind) {
    uint64_t words[2] = {kind, (uint64_t)now()};
    if (write(REPLIES, words, 16) != 16) exit(0);
}

static int taps(const char *directory) {
    uint8_t secret[32];
    memset(secret, 7, 32);
    struct code code;
    struct table table;
    code_prepare(&code, secret);
    table_fill(&table, &code, KEYS);
    box_make(&entries);
    box_make(&answers);
    pthread_t thread;
    if (real) pthread_create(&thread, NULL, journal, (void *)directory);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = EVENTS};
    epoll_ctl(poll, EPOLL_CTL_ADD, EVENTS, &event);
    event.data.fd = answers.fd;
    epoll_ctl(poll, EPOLL_CTL_ADD, answers.fd, &event);
    struct collector collector = {0};
    struct { uint64_t ticket; struct form form; int64_t tapped, deadline; int held; } grant = {0};
    int64_t release_until = 0;
    for (;;) {
        int64_t at = now(), due = INT64_MAX;
        uint64_t durable = real ? 0 : instant_ticket;
        if (real) {
            int count = box_take(&answers);
            if (count) durable = answers.front[count - 1].ticket;
        }
        if (grant.held && (durable >= grant.ticket || grant.deadline <= at)) {
            grant.held = 0;
            if (table_find(&table, grant.form)) {
                reply(2);
                release_until = at + 1000000;
                record("door.released", 0, NULL, grant.ticket, at - grant.tapped, at);
            }
        }
        if (collector.count) due = quiet_until(&collector);
        if (release_until && release_until < due) due = release_until;
        if (grant.held && grant.deadline < due) due = grant.deadline;
        struct timespec wait = {0};
        if (due != INT64_MAX && due > at) {
            wait.tv_sec = (due - at) / 1000000000;
            wait.tv_nsec = (due - at) % 1000000000;
        }
        struct epoll_event ready[8];
        static int lacks_pwait2;  // valgrind does not know the call
        int count = -1;
        if (!lacks_pwait2)
            count = epoll_pwait2(poll, ready, 8, due == INT64_MAX ? NULL : &wait, NULL);
        if (lacks_pwait2 || (count < 0 && errno == ENOSYS)) {
            lacks_pwait2 = 1;
            int64_t left = due == INT64_MAX ? -1 : due > at ? (due - at + 999999) / 1000000 : 0;
            count = epoll_wait(poll, ready, 8, (int)left);
        }
        at = now();
        for (int i = 0; i < count; i++) {
            if (ready[i].data.fd != EVENTS) continue;
            struct gpio_v2_line_event edges[64];
            ssize_t got = read(EVENTS, edges, sizeof edges);
            if (got <= 0) return 0;
            for (size_t j = 0; j < (size_t)got / sizeof *edges; j++)
                collect(&collector, edges[j].offset == 1, (int64_t)edges[j].timestamp_ns);
        }
        if (collector.count && quiet_until(&collector) <= at) {
            uint32_t value;
            int good = frame_value(&collector, &value);
            int64_t last = collector.last;
            memset(&collector, 0, sizeof collector);
            if (good) {
                struct form form = match_form(&code, value);
                const struct key *key = table_find(&table, form);
                if (key && key->state == 0 && key->from == 0 && key->to == UINT32_MAX
                    && (key->doors & 1)) {
                    grant.form = form; grant.tapped = last; grant.held = 1;
                    grant.deadline = at + 150000000; grant.ticket = next_ticket;
                    record("access.granted", 0, key, 0, 0, at);
                    reply(1);
                }
            }
        }
        if (release_until && release_until <= at) {
            release_until = 0;
            reply(3);
            record("door.secured", 1, NULL, 0, 0, at);
        }
    }
}

static int batches(const char *directory, int count, int size) {
    struct store *store = store_open(directory);
    struct entry *batch = calloc((size_t)size, sizeof *batch);
    for (int i = 0; i < size; i++) {
        batch[i] = (struct entry){.boottime = 1, .wall = 1, .quality = 3, .kind = "access.granted"};
        strcpy(batch[i].device, "reader");
        strcpy(batch[i].key, "k0000001");
        strcpy(batch[i].holder, "r0000001");
        strcpy(batch[i].payload,
               "{\"door\":\"gate\",\"reader\":\"reader\",\"view\":\"full\",\"note\":\"none\"}");
    }
    int64_t start = now();
    for (int i = 0; i < count; i++)
        if (store_commit(store, batch, size)) return 1;
    printf("%.0f\n", (double)count * size * 1e9 / (double)(now() - start));
    store_close(store);
    return 0;
}

int main(int count, char **words) {
    if (count == 4 && !strcmp(words[1], "taps")) {
        real = !strcmp(words[2], "real");
        return taps(words[3]);
    }
    if (count == 5 && !strcmp(words[1], "journal"))
        return batches(words[2], atoi(words[3]), atoi(words[4]));
    fprintf(stderr, "usage: twin taps instant|real DIR | twin journal DIR BATCHES SIZE\n");
    return 64;
}
