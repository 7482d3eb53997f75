// Writes down when lines change: samples gpio-sim's `value` files, prints a row for each change.
// Times are nanoseconds of CLOCK_MONOTONIC.
//
//   182733041220 gate-strike 0        the level when the watch began
//   183911203344 gate-strike 1
//   184002019033 message READY=1      a datagram to --socket: sd_notify's, or a test's mark
//
// Lines are sampled once more before a datagram is written down, so a change that its sender made
// first stands first.
#define _GNU_SOURCE // ppoll
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: line-watch [options] NAME=VALUE_FILE...\n"
    "  --for-ms N          stop after N ms (60000)\n"
    "  --until NAME=LEVEL  stop when a line that has changed since the start shows LEVEL\n"
    "  --socket PATH       also take datagrams there\n"
    "  --every-us N        time between two samples (200)\n";

enum { MOST_LINES = 32 };

static struct line {
  const char *name;
  int file;
  char level; // '0' or '1'; 0 before the first sample
} lines[MOST_LINES];
static int line_count;
static const char *until; // NAME=LEVEL or NULL

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "line-watch: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void add_line(char *argument) {
  char *path = strchr(argument, '=');
  if (!path || line_count == MOST_LINES) {
    fputs(usage, stderr);
    exit(2);
  }
  *path++ = 0;
  struct line *line = &lines[line_count++];
  line->name = argument;
  line->file = open(path, O_RDONLY | O_CLOEXEC);
  if (line->file < 0) fail(path);
}

// Writes changes down; true when the line that ends the watch has reached its level.
static bool sample(void) {
  bool reached = false;
  for (struct line *line = lines; line < lines + line_count; line++) {
    char level;
    if (pread(line->file, &level, 1, 0) != 1) fail(line->name);
    if (level == line->level) continue;
    printf("%lld %s %c\n", (long long)now(), line->name, level);
    size_t length = strlen(line->name);
    if (line->level && until && !strncmp(until, line->name, length) && until[length] == '=' &&
        until[length + 1] == level)
      reached = true;
    line->level = level;
  }
  return reached;
}

static int bind_socket(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    fail(path);
  }
  strcpy(address.sun_path, path);
  unlink(path);
  int box = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (box < 0 || bind(box, (struct sockaddr *)&address, sizeof address) < 0) fail(path);
  return box;
}

static void take_messages(int box) {
  char text[4096];
  for (ssize_t length; (length = recv(box, text, sizeof text - 1, 0)) >= 0;) {
    text[length] = 0;
    for (char *part = strtok(text, "\n"); part; part = strtok(NULL, "\n"))
      printf("%lld message %s\n", (long long)now(), part);
  }
}

int main(int argc, char **argv) {
  enum { FOR, UNTIL, SOCKET, EVERY };
  static const struct option options[] = {{"for-ms", 1, 0, FOR},
                                          {"until", 1, 0, UNTIL},
                                          {"socket", 1, 0, SOCKET},
                                          {"every-us", 1, 0, EVERY},
                                          {0, 0, 0, 0}};
  int64_t limit = 60000, every = 200;
  struct pollfd box = {.fd = -1, .events = POLLIN};
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    switch (option) {
    case FOR: limit = atoll(optarg); break;
    case UNTIL: until = optarg; break;
    case SOCKET: box.fd = bind_socket(optarg); break;
    case EVERY: every = atoll(optarg); break;
    default: fputs(usage, stderr); return 2;
    }
  }
  while (optind < argc) add_line(argv[optind++]);
  setvbuf(stdout, NULL, _IOLBF, 0);

  struct timespec wait = {.tv_sec = every / 1000000, .tv_nsec = every % 1000000 * 1000};
  int64_t end = now() + limit * 1000000;
  while (now() < end) {
    if (sample()) return 0;
    if (ppoll(&box, 1, &wait, NULL) > 0) {
      if (sample()) return 0;
      take_messages(box.fd);
    }
  }
  return until ? 1 : 0;
}
