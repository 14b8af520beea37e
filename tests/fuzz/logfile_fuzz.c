/* Log files from anyone: read to the end or to the first damage. An even first byte: the rest is the file. An
 * odd one: the rest is one record, under a checksum that fits, so that what is behind it is reached. */
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "log/logfile.h"
#include "require.h"

static void put(int fd, const void *data, size_t size)
{
    require(write(fd, data, size) == (ssize_t)size);
}

static void put_record(int fd, const uint8_t *data, size_t size)
{
    static const uint8_t key[crypto_shorthash_KEYBYTES] = "koppel log file";
    static const char first[] = "koppel-log 1 {\"tick_s\":0,\"note\":\"\"}\n";
    uint8_t head[4 + crypto_shorthash_BYTES] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16),
                                                (uint8_t)(size >> 8), (uint8_t)size};
    crypto_shorthash(head + 4, data, size, key);
    put(fd, first, sizeof first - 1);
    put(fd, head, sizeof head);
    put(fd, data, size);
}

static void read_all(const char *path, int64_t size)
{
    AUTO(logfile_close) struct logfile *log = NULL;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct logfile_record record;
    if (logfile_open(path, &log, &err) != BUS_OK) {
        require(strlen(err.text) > 0);
        return;
    }
    require(logfile_size(log) == size && logfile_info(log)->note != NULL);
    enum bus_status status;
    for (int64_t n = 1; (status = logfile_next(log, arena, &record, &err)) == BUS_OK; n++)
        require(record.number == n && record.offset < size && record.header.id != NULL);
    require(status == BUS_NOT_FOUND || status == BUS_CONFLICT || status == BUS_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    if (size == 0)
        return 0;
    int fd = memfd_create("log", MFD_CLOEXEC);
    require(fd >= 0);
    if (data[0] % 2 == 0)
        put(fd, data + 1, size - 1);
    else
        put_record(fd, data + 1, size - 1);
    int64_t whole = lseek(fd, 0, SEEK_END);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_all(path, whole);
    close(fd);
    return 0;
}
