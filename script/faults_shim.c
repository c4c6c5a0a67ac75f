/* Kills the process, or lets a call fail, at the n-th call that changes a file under a folder.
 *
 * Preloaded into the processes of inject_faults.py, which arms it after a fork: faults_arm(folder, n, kind).
 * kind 0 counts, 1 kills before the call, 2 kills after it (a write half done), ENOSPC or EIO fail it and all later.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t folder_length;
static long count, at = -1;
static int kind;

void faults_arm(const char *path, long n, int what)
{
    strncpy(folder, path, sizeof folder - 1);
    folder_length = strlen(folder);
    count = 0;
    at = n;
    kind = what;
}

long faults_count(void) { return count; }

static int is_inside(const char *path)
{
    char whole[PATH_MAX];
    if (!folder_length || !path) return 0;
    if (path[0] == '/') return strncmp(path, folder, folder_length) == 0;
    if (!getcwd(whole, sizeof whole)) return 0;
    return strncmp(whole, folder, folder_length) == 0;
}

static int is_inside_fd(int fd)
{
    char link[64], path[PATH_MAX];
    struct stat state;
    ssize_t length;
    if (!folder_length || fstat(fd, &state) || !S_ISREG(state.st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_inside(path);
}

/* Returns 1 where the call must fail. */
static int due(void)
{
    count++;
    if (at < 0 || count < at) return 0;
    if (kind == 1 && count == at) { kill(getpid(), SIGKILL); pause(); }
    return kind > 2;
}

static void after(void)
{
    if (kind == 2 && at >= 0 && count == at) { kill(getpid(), SIGKILL); pause(); }
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static size_t part(size_t size)
{
    return kind == 2 && at >= 0 && count == at && size > 1 ? size / 2 : size;
}

ssize_t write(int fd, const void *data, size_t size)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!is_inside_fd(fd)) return real(fd, data, size);
    if (due()) { errno = kind; return -1; }
    ssize_t done = real(fd, data, part(size));
    after();
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (!is_inside_fd(fd)) return real(fd, data, size, offset);
    if (due()) { errno = kind; return -1; }
    ssize_t done = real(fd, data, part(size), offset);
    after();
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return pwrite64(fd, data, size, offset);
}

int fsync(int fd)
{
    REAL(int, "fsync", int);
    if (is_inside_fd(fd) && due()) { errno = kind; return -1; }
    int done = real(fd);
    after();
    return done;
}

int fdatasync(int fd)
{
    REAL(int, "fdatasync", int);
    if (is_inside_fd(fd) && due()) { errno = kind; return -1; }
    int done = real(fd);
    after();
    return done;
}

int ftruncate64(int fd, off64_t size)
{
    REAL(int, "ftruncate64", int, off64_t);
    if (is_inside_fd(fd) && due()) { errno = kind; return -1; }
    return real(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    if (is_inside(to) && due()) { errno = kind; return -1; }
    int done = real(from, to);
    if (is_inside(to)) after();
    return done;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    REAL(int, "renameat", int, const char *, int, const char *);
    if (is_inside(to) && due()) { errno = kind; return -1; }
    int done = real(from_folder, from, to_folder, to);
    if (is_inside(to)) after();
    return done;
}

int link(const char *from, const char *to)
{
    REAL(int, "link", const char *, const char *);
    if (is_inside(to) && due()) { errno = kind; return -1; }
    return real(from, to);
}

int unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    if (is_inside(path) && kind <= 2 && due()) { errno = kind; return -1; }
    return real(path);
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags)
{
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    if (is_inside_fd(to) && due()) { errno = kind; return -1; }
    return real(from, from_offset, to, to_offset, size, flags);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t size)
{
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    if (is_inside_fd(to) && due()) { errno = kind; return -1; }
    return real(to, from, offset, size);
}
