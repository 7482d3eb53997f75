#pragma once
// Linux calls that Swift's Glibc module does not import, or imports in a form that cannot be used.
// A function that returns a number returns its result, or -errno; the clocks cannot fail.

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define STATION_READABLE 1u
#define STATION_HANGUP 2u

/// One readiness, as `station_epoll_wait` reports it.
struct station_readiness {
    uint64_t registration;
    uint32_t events;  // STATION_READABLE | STATION_HANGUP
};

int station_epoll_create(void);
/// Watches `fd` for input and for its end; `registration` comes back with every event.
int station_epoll_add(int epoll, int fd, uint64_t registration);
int station_epoll_remove(int epoll, int fd);
/// Waits until something is ready, or `nanoseconds` have passed (-1: for ever). How many results,
/// at most `capacity` and 64; 0 when time is over or a signal came. -ENOSYS: the kernel (before
/// 5.11) or a tool that stands in for it has no epoll_pwait2.
int station_epoll_wait(
    int epoll, struct station_readiness *results, int capacity, int64_t nanoseconds);
/// The same in whole milliseconds, rounded up, at most an hour at a time; every kernel has it.
int station_epoll_wait_coarse(
    int epoll, struct station_readiness *results, int capacity, int64_t nanoseconds);

int station_eventfd_create(void);
/// Makes the eventfd readable. Never blocks.
int station_eventfd_signal(int fd);
/// Takes the signal back; 1 when there was one, 0 when there was none.
int station_eventfd_drain(int fd);

/// Nanoseconds of CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME. The loop reads the first twice a
/// tick: it is part of its caller.
static inline int64_t station_clock_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
int64_t station_clock_boottime(void);
int64_t station_clock_realtime(void);
/// 1 when the kernel believes that the clock is disciplined (adjtimex without STA_UNSYNC), else 0;
/// never an error.
int station_clock_is_synchronized(void);
/// A descriptor that becomes readable when the wall clock is set. Never blocks a reader.
int station_clock_step_watch(void);
/// Takes a wall-clock step back from the watch and re-arms it; 1 when there was one.
int station_clock_step_drain(int fd);

/// Who is at the other end of a unix socket: who connected, or listened.
struct station_peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};
int station_peer_credentials(int socket, struct station_peer *peer);
/// The peer's supplementary groups; how many there are, -ERANGE when more than `capacity`.
int station_peer_groups(int socket, gid_t *groups, int capacity);

/// Sends bytes with at most one descriptor beside them (`descriptor` -1: none). How many were sent.
ssize_t station_send(int socket, const void *bytes, size_t count, int descriptor);
/// Receives bytes and at most one descriptor (-1: none; more are closed). 0 bytes: the end.
ssize_t station_receive(int socket, void *bytes, size_t capacity, int *descriptor);

/// A listening unix stream socket of that mode. A socket that lies there is replaced; -ENOTSOCK if
/// anything else does, which is left alone.
int station_listen_unix(const char *path, unsigned mode);
/// A stream socket that is connected to `path`. Blocks while the listener's queue is full.
int station_connect_unix(const char *path);
/// Whether somebody listens at `path`: 1 or 0. Never waits.
int station_unix_is_answered(const char *path);
/// Takes an open file (flock) until it is closed; -EWOULDBLOCK when another process has it.
int station_lock_file(int fd);

/// Tells systemd (NOTIFY_SOCKET) one state line: 1, or 0 when there is nobody to tell. Never waits.
int station_notify(const char *state);

/// Names the calling thread for `ps -L`; at most 15 bytes are kept.
void station_name_thread(const char *name);
/// Keeps every page in memory once it was touched, so that a card tap never waits for the disk.
int station_lock_memory(void);
/// Lets go of the code that only a start needs: the program's and its libraries' pages that nobody
/// can write. What is still needed comes back from the file when it is touched. Locked pages do not
/// go, so before station_lock_memory.
void station_forget_start(void);
/// Gives free memory back to the system: after a large piece of work, on its own thread.
void station_trim_memory(void);
/// Fills `count` bytes from the kernel's generator.
int station_random(void *bytes, size_t count);
/// Waits until the directory's entries are on the medium: after a file in it was renamed.
int station_sync_directory(const char *path);
/// Has this process get signal `number` when the one that started it ends. 0: not any more.
int station_parent_death_signal(int number);
/// A signalfd for `count` signals, which are blocked for the calling thread and for those that it
/// starts from then on. Never blocks a reader.
int station_signal_watch(const int *signals, int count);
/// The next pending signal's number, 0 when there is none.
int station_signal_next(int fd);

#include "CLinuxInput.h"
#include "CLinuxSerial.h"
