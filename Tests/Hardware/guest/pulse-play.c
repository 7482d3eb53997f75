// Plays a flow meter on gpio-sim's `pull` file: so many pulses at so many a second.
//
//   ──┐half┌──┐half┌──     each rises when it is due; after one that was late sooner, but never
//     └────┘  └────┘       in less than two thirds of the time: a wheel has its weight
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void await(int64_t due) {
  struct timespec t = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
  }
}

static void drive(int line, const char *pull) {
  if (pwrite(line, pull, strlen(pull), 0) < 0) {
    perror("pulse-play: writing a pull file");
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fputs("usage: pulse-play PULL HERTZ COUNT\n"
          "prints after each tenth of a second how many there were\n",
          stderr);
    return 2;
  }
  int line = open(argv[1], O_WRONLY | O_CLOEXEC);
  double hertz = atof(argv[2]);
  long count = atol(argv[3]);
  if (line < 0 || hertz <= 0 || count <= 0) {
    perror("pulse-play: the pull file, or a number");
    return 2;
  }
  // A meter waits for nobody: ahead of ordinary threads.
  struct sched_param ahead = {.sched_priority = 10};
  if (sched_setscheduler(0, SCHED_FIFO, &ahead) < 0) perror("pulse-play: real-time scheduling");

  int64_t period = (int64_t)(1e9 / hertz), start = now() + period, told = start;
  int64_t rose = 0;
  for (long n = 0; n < count; n++) {
    int64_t due = start + n * period, soonest = rose + period * 2 / 3;
    await(due > soonest ? due : soonest);
    rose = now();
    drive(line, "pull-up");
    await(rose + period / 3);
    drive(line, "pull-down");
    if (now() - told < 100000000 && n + 1 < count) continue;
    told = now();
    printf("%lld %ld\n", (long long)told, n + 1);
    fflush(stdout);
  }
  return 0;
}
