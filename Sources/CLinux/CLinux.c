#define _GNU_SOURCE
// Linux calls in a form that Swift can import; the header says what each returns.
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

int station_epoll_create(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

int station_epoll_add(int epoll, int fd, uint64_t registration) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u64 = registration};
    return result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int station_epoll_remove(int epoll, int fd) {
    struct epoll_event event = {0};
    return result(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event));
}

static int report(int count, const struct epoll_event *events, struct station_readiness *results) {
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t bits = events[i].events;
        results[i].registration = events[i].data.u64;
        results[i].events = (bits & EPOLLIN ? STATION_READABLE : 0)
            | (bits & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) ? STATION_HANGUP : 0);
    }
    return count;
}

enum { MOST_RESULTS = 64, AN_HOUR_MS = 3600000 };

int station_epoll_wait(
    int epoll, struct station_readiness *results, int capacity, int64_t nanoseconds) {
    struct epoll_event events[MOST_RESULTS];
    if (capacity > MOST_RESULTS) capacity = MOST_RESULTS;
    struct timespec timeout = {
        .tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int count = epoll_pwait2(epoll, events, capacity, nanoseconds < 0 ? NULL : &timeout, NULL);
    return report(count, events, results);
}

int station_epoll_wait_coarse(
    int epoll, struct station_readiness *results, int capacity, int64_t nanoseconds) {
    struct epoll_event events[MOST_RESULTS];
    if (capacity > MOST_RESULTS) capacity = MOST_RESULTS;
    int64_t milliseconds = -1;
    if (nanoseconds >= (int64_t)AN_HOUR_MS * 1000000) milliseconds = AN_HOUR_MS;
    else if (nanoseconds >= 0) milliseconds = (nanoseconds + 999999) / 1000000;
    return report(epoll_wait(epoll, events, capacity, (int)milliseconds), events, results);
}

int station_eventfd_create(void) { return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int station_eventfd_signal(int fd) {
    uint64_t one = 1;
    return write(fd, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

int station_eventfd_drain(int fd) {
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0) return errno == EAGAIN ? 0 : -errno;
    return 1;
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t station_clock_boottime(void) { return nanoseconds(CLOCK_BOOTTIME); }
int64_t station_clock_realtime(void) { return nanoseconds(CLOCK_REALTIME); }

int station_clock_is_synchronized(void) {
    struct timex state = {0};
    int answer = adjtimex(&state);
    return answer >= 0 && answer != TIME_ERROR && !(state.status & STA_UNSYNC);
}

static int arm_step_watch(int fd) {
    // A date that never comes: only a step of the clock ends the wait (ECANCELED).
    struct itimerspec never = {.it_value.tv_sec = (time_t)1 << 40};
    return result(timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL));
}

int station_clock_step_watch(void) {
    int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd < 0) return -errno;
    int armed = arm_step_watch(fd);
    if (armed < 0) {
        close(fd);
        return armed;
    }
    return fd;
}

int station_clock_step_drain(int fd) {
    uint64_t count;
    if (read(fd, &count, sizeof count) >= 0) return 0;
    if (errno != ECANCELED) return errno == EAGAIN ? 0 : -errno;
    arm_step_watch(fd);
    return 1;
}

int station_peer_credentials(int socket, struct station_peer *peer) {
    struct ucred who;
    socklen_t size = sizeof who;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0) return -errno;
    peer->pid = who.pid;
    peer->uid = who.uid;
    peer->gid = who.gid;
    return 0;
}

int station_peer_groups(int socket, gid_t *groups, int capacity) {
    socklen_t size = (socklen_t)capacity * sizeof *groups;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0) return -errno;
    return (int)(size / sizeof *groups);
}

ssize_t station_send(int socket, const void *bytes, size_t count, int descriptor) {
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.space;
        message.msg_controllen = sizeof control.space;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    }
    ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

ssize_t station_receive(int socket, void *bytes, size_t capacity, int *descriptor) {
    struct iovec part = {.iov_base = bytes, .iov_len = capacity};
    union {
        char space[CMSG_SPACE(4 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space};
    *descriptor = -1;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t carried = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < carried; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
            if (*descriptor < 0) *descriptor = fd;
            else close(fd);
        }
    }
    return received;
}

static int unix_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    strcpy(address->sun_path, path);
    return 0;
}

// Makes room for a socket: an old one goes, anything else is not ours to remove.
static int remove_socket(const char *path) {
    struct stat status;
    if (lstat(path, &status) < 0) return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode)) return -ENOTSOCK;
    return result(unlink(path));
}

int station_listen_unix(const char *path, unsigned mode) {
    struct sockaddr_un address;
    int error = unix_address(path, &address);
    if (error < 0) return error;
    error = remove_socket(path);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    // The file gets the socket's mode less the umask, which belongs to every thread and is left
    // alone; then the bits that it took. Nobody can connect before listen.
    if (fchmod(fd, mode) < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0
        || chmod(path, mode) < 0 || listen(fd, 16) < 0)
        error = -errno;
    if (error < 0) {
        close(fd);
        return error;
    }
    return fd;
}

int station_connect_unix(const char *path) {
    struct sockaddr_un address;
    int error = unix_address(path, &address);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int station_unix_is_answered(const char *path) {
    struct sockaddr_un address;
    int error = unix_address(path, &address);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    int connected = connect(fd, (struct sockaddr *)&address, sizeof address);
    // EAGAIN: a listener is there, and its queue is full.
    int answered = connected == 0 || errno == EAGAIN;
    close(fd);
    return answered;
}

int station_lock_file(int fd) { return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0; }

int station_notify(const char *state) {
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path || (path[0] != '/' && path[0] != '@')) return 0;
    struct sockaddr_un address;
    int error = unix_address(path, &address);
    if (error < 0) return error;
    size_t length = offsetof(struct sockaddr_un, sun_path) + strlen(path);
    if (path[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    ssize_t sent = sendto(
        fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, (socklen_t)length);
    error = sent < 0 ? -errno : 1;
    close(fd);
    return error;
}

void station_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

int station_lock_memory(void) {
#ifdef MCL_ONFAULT
    return result(mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT));
#else
    return -ENOSYS;
#endif
}

void station_trim_memory(void) { malloc_trim(0); }

// Whether the linker's work wrote into the code itself, so that the file has not what memory has.
static int has_text_relocations(const struct dl_phdr_info *object) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (void *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++)
            if (entry->d_tag == DT_TEXTREL
                || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL))
                return 1;
    }
    return 0;
}

static int let_go(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    if (has_text_relocations(object)) return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        // A writable part has what was written, and nobody else has.
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t begin = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        // The kernel's own pages, which it maps into every program, come back by themselves.
        madvise((void *)begin, end - begin, MADV_DONTNEED);
    }
    return 0;
}

void station_forget_start(void) { dl_iterate_phdr(let_go, NULL); }

int station_random(void *bytes, size_t count) {
    unsigned char *next = bytes;
    while (count > 0) {
        ssize_t got = getrandom(next, count, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        next += got;
        count -= (size_t)got;
    }
    return 0;
}

int station_sync_directory(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -errno;
    int error = fsync(fd) < 0 ? -errno : 0;
    close(fd);
    return error;
}

int station_parent_death_signal(int number) { return result(prctl(PR_SET_PDEATHSIG, number)); }

int station_signal_watch(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -errno;
    return result(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int station_signal_next(int fd) {
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof info) < 0) return errno == EAGAIN ? 0 : -errno;
    return (int)info.ssi_signo;
}
