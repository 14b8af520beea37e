/* Random secrets in files. */
#include "secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/file.h"

#define SECRET_BYTES_MAX 64
#define SECRET_TEXT_MAX  (2 * SECRET_BYTES_MAX)

enum bus_status secret_make(const char *path, size_t bytes, struct bus_error *err)
{
    if (access(path, F_OK) == 0)
        return BUS_OK;
    if (bytes == 0 || bytes > SECRET_BYTES_MAX || sodium_init() < 0)
        return bus_fail(err, BUS_BUG, "no secret of %zu bytes can be made", bytes);
    char draft[PATH_MAX];
    if (snprintf(draft, sizeof(draft), "%s.new", path) >= (int)sizeof(draft))
        return bus_fail(err, BUS_INVALID, "the path is too long: %s", path);
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", draft, strerror(errno));
    unsigned char raw[SECRET_BYTES_MAX];
    char text[SECRET_TEXT_MAX + 1];
    randombytes_buf(raw, bytes);
    sodium_bin2hex(text, sizeof(text), raw, bytes);
    bool written = write(fd, text, 2 * bytes) == (ssize_t)(2 * bytes);
    int error = errno;
    sodium_memzero(raw, sizeof(raw));
    sodium_memzero(text, sizeof(text));
    if (close(fd) < 0 || !written || !bus_file_put(draft, path))
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(written ? errno : error));
    return BUS_OK;
}

enum bus_status secret_read(const char *path, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return bus_fail(err, BUS_DENIED, "%s cannot be read: %s", path, strerror(errno));
    char text[SECRET_TEXT_MAX + 2];
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    if (n <= 0)
        return bus_fail(err, BUS_INVALID, "%s is empty: restore it from a copy", path);
    *ret_text = bus_strndup(arena, text, (size_t)n);
    return BUS_OK;
}
