/* See bus/file.h. */
#include "bus/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool keep(const char *path, int flags)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    bool kept = fd >= 0 && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return kept;
}

bool bus_file_keep_name(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return keep(".", O_DIRECTORY);
    size_t size = (size_t)(slash - path) + 1;
    if (size >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folder, path, size);
    folder[size] = '\0';
    return keep(folder, O_DIRECTORY);
}

bool bus_file_put(const char *draft, const char *path)
{
    return keep(draft, 0) && rename(draft, path) == 0 && bus_file_keep_name(path);
}
