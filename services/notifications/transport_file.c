/* Messages as files; see transport.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/file.h"
#include "transport.h"

#define SCHEME "file://"
#define DRAFT  ".part"

static enum bus_status trouble(struct bus_error *err)
{
    return bus_fail(err, BUS_RETRY, "cannot write to the folder of messages: %s", strerror(errno));
}

static bool write_all(int fd, struct bus_bytes content)
{
    for (size_t at = 0; at < content.size;) {
        ssize_t n = write(fd, content.data + at, content.size - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static enum bus_status give_up(const char *path, struct bus_error *err)
{
    enum bus_status status = trouble(err);
    unlink(path);
    return status;
}

static enum bus_status put(const char *path, struct bus_bytes content, struct bus_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return trouble(err);
    bool fine = write_all(fd, content);
    fine = close(fd) == 0 && fine;
    return fine ? BUS_OK : give_up(path, err);
}

static enum bus_status find_path(const char *url, const char *name, char *ret, size_t size,
                                 struct bus_error *err)
{
    const char *folder = url + strlen(SCHEME);
    if (strncmp(url, SCHEME, strlen(SCHEME)) != 0 || folder[0] != '/')
        return bus_fail(err, BUS_RETRY, "a folder is given as file:///its/path");
    if ((size_t)snprintf(ret, size, "%s/%s", folder, name) >= size)
        return bus_fail(err, BUS_RETRY, "the path of the folder of messages is too long");
    return BUS_OK;
}

enum bus_status transport_file(const char *url, const char *name, struct bus_bytes content, bool durable,
                               struct bus_error *err)
{
    char path[4096], draft[sizeof path + sizeof DRAFT];
    enum bus_status status = find_path(url, name, path, sizeof path, err);
    if (status != BUS_OK)
        return status;
    if (!durable) /* in place: who was interrupted writes all of it again */
        return put(path, content, err);
    snprintf(draft, sizeof draft, "%s" DRAFT, path);
    if (access(path, F_OK) == 0)
        return BUS_OK;
    status = put(draft, content, err);
    return status == BUS_OK && !bus_file_put(draft, path) ? give_up(draft, err) : status;
}

static enum bus_status remove_file(const char *path, struct bus_error *err)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return bus_fail(err, BUS_RETRY, "%s cannot be removed: %s", path, strerror(errno));
    return BUS_OK;
}

enum bus_status transport_file_remove(const char *url, const char *name, struct bus_error *err)
{
    char path[4096], draft[sizeof path + sizeof DRAFT];
    enum bus_status status = find_path(url, name, path, sizeof path, err);
    if (status != BUS_OK)
        return status;
    snprintf(draft, sizeof draft, "%s" DRAFT, path);
    status = remove_file(draft, err);
    return status == BUS_OK ? remove_file(path, err) : status;
}
