/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A shim for the fault lab, preloaded into one process. Below IOFAULT_PREFIX it counts writing calls (write, pwrite,
 * ftruncate, fsync, fdatasync) and
 *   - makes the IOFAULT_AT-th of them fail with EIO or ENOSPC, or write only half (IOFAULT_KIND=eio|enospc|short);
 *     with IOFAULT_STICKY=1 every later one as well;
 *   - after each successful fsync copies the file to IOFAULT_IMAGE/<name>: what a power cut would leave.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static int path_of(int fd, char *out) {
    const char *prefix = getenv("IOFAULT_PREFIX");
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, PATH_MAX - 1);
    if (prefix == NULL || n <= 0) return 0;
    out[n] = 0;
    return strncmp(out, prefix, strlen(prefix)) == 0;
}

static const char *struck(void) {
    const char *at = getenv("IOFAULT_AT"), *kind = getenv("IOFAULT_KIND"), *sticky = getenv("IOFAULT_STICKY");
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (at == NULL || kind == NULL) return NULL;
    long wanted = atol(at);
    return number == wanted || (sticky != NULL && number > wanted) ? kind : NULL;
}

static int failed(const char *kind) {
    errno = strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
    return -1;
}

static void keep_image(int fd, const char *path) {
    const char *folder = getenv("IOFAULT_IMAGE"), *name = strrchr(path, '/');
    if (folder == NULL || name == NULL) return;
    char target[PATH_MAX * 2], buffer[65536];
    snprintf(target, sizeof target, "%s%s", folder, name);
    int from = open(path, O_RDONLY | O_CLOEXEC), to = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    for (ssize_t n; from >= 0 && to >= 0 && (n = read(from, buffer, sizeof buffer)) > 0;)
        if (real(to, buffer, n) != n) abort();
    if (from >= 0) close(from);
    if (to >= 0) close(to);
    (void)fd;
}

ssize_t write(int fd, const void *data, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "write");
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, data, size);
    const char *kind = struck();
    if (kind == NULL) return real(fd, data, size);
    if (strcmp(kind, "short") == 0) return real(fd, data, size / 2);
    return failed(kind);
}

static ssize_t pwrite_at(int fd, const void *data, size_t size, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite64");
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, data, size, at);
    const char *kind = struck();
    if (kind == NULL) return real(fd, data, size, at);
    if (strcmp(kind, "short") == 0) return real(fd, data, size / 2, at);
    return failed(kind);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite_at(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return pwrite_at(fd, data, size, at); }

static int sync_by(const char *name, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd);
    const char *kind = struck();
    if (kind != NULL) return failed(kind);
    int done = real(fd);
    struct stat found;
    if (done == 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode)) keep_image(fd, path);
    return done;
}

int fsync(int fd) { return sync_by("fsync", fd); }
int fdatasync(int fd) { return sync_by("fdatasync", fd); }

static int truncate_to(int fd, off64_t size) {
    static int (*real)(int, off64_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "ftruncate64");
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, size);
    const char *kind = struck();
    return kind == NULL ? real(fd, size) : failed(kind);
}

int ftruncate(int fd, off_t size) { return truncate_to(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncate_to(fd, size); }
