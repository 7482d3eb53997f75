// LD_PRELOAD: counts the main thread's allocations and writes the count to $MALLOCS at the end.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
static unsigned long count;
static int is_main(void) {
    static __thread int known;
    if (!known) known = syscall(SYS_gettid) == getpid() ? 1 : 2;
    return known == 1;
}
void *malloc(size_t size) { if (is_main()) count++; return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { if (is_main()) count++; return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { if (is_main()) count++; return __libc_realloc(old, size); }
int posix_memalign(void **at, size_t alignment, size_t size) {
    if (is_main()) count++;
    *at = __libc_memalign(alignment, size);
    return *at ? 0 : 12;
}
// For a program that wants to know what a part of it allocates.
unsigned long station_mallocs(void) { return count; }
__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("MALLOCS");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    if (fd < 0) return;
    char text[32];
    int length = snprintf(text, sizeof text, "%lu\n", count);
    if (write(fd, text, (size_t)length) < 0) return;
    close(fd);
}
