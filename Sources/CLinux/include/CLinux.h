#pragma once
// Linux calls that Swift's Glibc module does not import, or imports in a form that cannot be used.
// Every function returns its result, or -errno.

#include <stdint.h>
#include <sys/types.h>

#define STATION_READABLE 1u
#define STATION_HANGUP 2u

/// One readiness, as `station_epoll_wait` reports it.
struct station_readiness {
    uint64_t registration;
    uint32_t events;  // STATION_READABLE | STATION_HANGUP
};

int station_epoll_create(void);
/// Watches `fd` for input; `registration` comes back with every event.
int station_epoll_add(int epoll, int fd, uint64_t registration);
int station_epoll_remove(int epoll, int fd);
/// Waits until input, or `nanoseconds` have passed (-1: for ever). Up to `capacity` results.
int station_epoll_wait(
    int epoll, struct station_readiness *results, int capacity, int64_t nanoseconds);

int station_eventfd_create(void);
/// Makes the eventfd readable. Never blocks.
int station_eventfd_signal(int fd);
/// Takes the signal back; 1 when there was one, 0 when there was none.
int station_eventfd_drain(int fd);

/// Nanoseconds of CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME.
int64_t station_clock_monotonic(void);
int64_t station_clock_boottime(void);
int64_t station_clock_realtime(void);
/// 1 when the kernel believes that the clock is disciplined (adjtimex without STA_UNSYNC), else 0.
int station_clock_is_synchronized(void);
/// A timer fd on CLOCK_REALTIME that becomes readable when the wall clock is set.
int station_clock_step_watch(void);
/// Takes a wall-clock step back from the watch and re-arms it; 1 when there was one.
int station_clock_step_drain(int fd);

struct station_peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};
int station_peer_credentials(int socket, struct station_peer *peer);
/// The peer's supplementary groups; how many there are, -ERANGE when more than `capacity`.
int station_peer_groups(int socket, gid_t *groups, int capacity);

/// Sends bytes with at most one descriptor beside them (`descriptor` -1: none).
ssize_t station_send(int socket, const void *bytes, size_t count, int descriptor);
/// Receives bytes and at most one descriptor (-1: none; a second one is closed).
ssize_t station_receive(int socket, void *bytes, size_t capacity, int *descriptor);

/// A listening unix stream socket of that mode. A socket that lies there is replaced; -ENOTSOCK if
/// anything else does, which is left alone.
int station_listen_unix(const char *path, unsigned mode);
int station_connect_unix(const char *path);
/// Whether somebody listens at `path`: 1 or 0. Never waits.
int station_unix_is_answered(const char *path);
/// Takes an open file for this process alone (flock); -EWOULDBLOCK when another one has it.
int station_lock_file(int fd);

/// Tells systemd (NOTIFY_SOCKET) one state line; 0 when there is nobody to tell.
int station_notify(const char *state);

/// Names the calling thread for `ps -L`; at most 15 bytes are kept.
void station_name_thread(const char *name);
/// Locks the pages in use on fault, so that a card tap never waits for the disk.
int station_lock_memory(void);
/// Gives free memory back to the system: after a large piece of work, on its own thread.
void station_trim_memory(void);
/// Fills `count` bytes from the kernel's generator.
int station_random(void *bytes, size_t count);
/// Opens a file without following links and syncs its directory entry.
int station_sync_directory(const char *path);
/// Resolves once the process that started us is gone: signal `number` on the parent's death.
int station_parent_death_signal(int number);
/// A signalfd for `count` signals, which are blocked for the calling thread.
int station_signal_watch(const int *signals, int count);
/// The next pending signal's number, 0 when there is none.
int station_signal_next(int fd);

/// Names the calling thread for `top -H` and debuggers, at most 15 characters.
int station_thread_name(const char *name);

#include "CLinuxInput.h"
#include "CLinuxSerial.h"
