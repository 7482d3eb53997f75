// Plays cards as a Wiegand reader does, on gpio-sim's `pull` files: a low pulse on D0 is a 0, on D1
// a 1.
//
//   D0 ──┐width┌──────────────────────┐width┌──
//        └─────┘                      └─────┘
//   D1 ───────── gap ──┐width┌── gap ──────────
//                      └─────┘
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: wiegand-play --d0 PULL --d1 PULL [options] BITS...\n"
    "  --width-us N   length of a pulse (100)\n"
    "  --gap-us N     quiet time between pulses (2000)\n"
    "  --pause-ms N   quiet time between cards (500)\n"
    "damage, on every card; the first bit is number 1:\n"
    "  --drop N       bit N never comes\n"
    "  --ghost N      after bit N comes one more pulse, on the other line\n"
    "  --swap         D0 and D1 are exchanged\n"
    "  --double       the end of every pulse bounces, so every bit falls twice\n";

struct play {
  int lines[2];
  int64_t width, gap;        // all times in ns
  int64_t due;               // the next edge
  int64_t first, last;       // falls of this card
  int64_t shortest, longest; // intervals between falls
  int pulses;
};

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// Sleeps while there is time, so that the station can read meanwhile, and is busy for the last
// 300 us, which a timer may miss.
static void await_due(const struct play *p) {
  int64_t wake = p->due - 300000;
  if (wake > now()) {
    struct timespec t = {.tv_sec = wake / 1000000000, .tv_nsec = wake % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
  }
  while (now() < p->due) {
  }
}

static void drive(int line, const char *pull) {
  if (pwrite(line, pull, strlen(pull), 0) < 0) {
    perror("wiegand-play: writing a pull file");
    exit(1);
  }
}

static void pulse(struct play *p, int line, int64_t quiet) {
  await_due(p);
  int64_t fell = now();
  drive(p->lines[line], "pull-down");
  p->due = fell + p->width;
  await_due(p);
  drive(p->lines[line], "pull-up");
  // from where the pulse really ended: a late write must not squeeze the next interval
  p->due = now() + quiet;

  int64_t interval = fell - p->last;
  if (p->pulses++ == 0) {
    p->first = fell;
  } else {
    if (p->shortest == 0 || interval < p->shortest) p->shortest = interval;
    if (interval > p->longest) p->longest = interval;
  }
  p->last = fell;
}

static int open_pull(const char *path) {
  int line = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
  if (line < 0) {
    const char *why = path ? strerror(errno) : "both are needed";
    fprintf(stderr, "wiegand-play: %s: %s\n", path ? path : "--d0 and --d1", why);
    exit(2);
  }
  return line;
}

int main(int argc, char **argv) {
  enum { D0, D1, WIDTH, GAP, PAUSE, DROP, GHOST, SWAP, DOUBLE };
  static const struct option options[] = {
      {"d0", 1, 0, D0},         {"d1", 1, 0, D1},     {"width-us", 1, 0, WIDTH},
      {"gap-us", 1, 0, GAP},    {"drop", 1, 0, DROP}, {"pause-ms", 1, 0, PAUSE},
      {"ghost", 1, 0, GHOST},   {"swap", 0, 0, SWAP}, {"double", 0, 0, DOUBLE},
      {0, 0, 0, 0}};
  const char *paths[2] = {NULL, NULL};
  int64_t width = 100, gap = 2000, pause = 500;
  int drop = 0, ghost = 0;
  bool swap = false, twice = false;
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    switch (option) {
    case D0: paths[0] = optarg; break;
    case D1: paths[1] = optarg; break;
    case WIDTH: width = atoll(optarg); break;
    case GAP: gap = atoll(optarg); break;
    case PAUSE: pause = atoll(optarg); break;
    case DROP: drop = atoi(optarg); break;
    case GHOST: ghost = atoi(optarg); break;
    case SWAP: swap = true; break;
    case DOUBLE: twice = true; break;
    default: fputs(usage, stderr); return 2;
    }
  }
  if (optind == argc) {
    fputs(usage, stderr);
    return 2;
  }

  // a reader waits for nobody: ahead of ordinary threads, behind the kernel's interrupt threads
  struct sched_param ahead = {.sched_priority = 10};
  if (sched_setscheduler(0, SCHED_FIFO, &ahead) < 0) perror("wiegand-play: real-time scheduling");

  int lines[2] = {open_pull(paths[swap]), open_pull(paths[!swap])};
  for (int card = optind; card < argc; card++) {
    const char *bits = argv[card];
    if (*bits == 0 || bits[strspn(bits, "01")] != 0) {
      fprintf(stderr, "wiegand-play: %s: a card is written as 0s and 1s\n", bits);
      return 2;
    }
    struct play p = {.lines = {lines[0], lines[1]}, .width = width * 1000, .gap = gap * 1000};
    p.due = card == optind ? 0 : now() + pause * 1000000;
    for (int n = 1; bits[n - 1]; n++) {
      int bit = bits[n - 1] == '1';
      if (n == drop) continue;
      if (twice) pulse(&p, bit, p.width);
      pulse(&p, bit, p.gap);
      if (n == ghost) pulse(&p, !bit, p.gap);
    }
    printf("card %s pulses %d first_ns %lld last_ns %lld interval_us %lld..%lld\n", bits, p.pulses,
           (long long)p.first, (long long)p.last, (long long)p.shortest / 1000,
           (long long)p.longest / 1000);
    fflush(stdout);
  }
  return 0;
}
