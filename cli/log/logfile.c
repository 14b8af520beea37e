/* See logfile.h. */
#include "log/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/cursor.h"
#include "bus/file.h"
#include "bus/pack.h"
#include "bus/scan.h"

#define MAGIC       "koppel-log 1"
#define RECORD_HEAD (4 + crypto_shorthash_BYTES)
#define RECORD_MAX  (BUS_HEADER_BYTES + BUS_DATA_BYTES + 64)

static const struct bus_scan_limits record_limits = {
    .max_bytes = RECORD_MAX, .max_depth = 10, .max_items = 8300};

struct logfile {
    FILE *file;
    char *path, *part; /* writing */
    bool finished;
    struct bus_arena *arena;
    struct logfile_info info;
    int64_t size, offset, number;
    struct bus_buffer buffer;
};

static void checksum(const uint8_t *data, size_t size, uint8_t sum[crypto_shorthash_BYTES])
{
    /* A fixed key: this guards against accidents, not against forgers. */
    static const uint8_t key[crypto_shorthash_KEYBYTES] = "koppel log file";
    crypto_shorthash(sum, data, size, key);
}

static struct logfile *logfile_new(void)
{
    struct logfile *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->arena = bus_arena_new();
    return self;
}

void logfile_close(struct logfile **self_p)
{
    struct logfile *self = *self_p;
    if (self == NULL)
        return;
    *self_p = NULL;
    if (self->file != NULL)
        fclose(self->file);
    if (self->part != NULL && !self->finished)
        unlink(self->part);
    free(self->path);
    free(self->part);
    bus_buffer_done(&self->buffer);
    bus_arena_free(&self->arena);
    free(self);
}

/* ---- reading */

static enum bus_status read_first_line(struct logfile *self, const char *path, struct bus_error *err)
{
    char line[1024];
    if (fgets(line, sizeof line, self->file) == NULL || strncmp(line, MAGIC, sizeof MAGIC - 1) != 0 ||
        strchr(line, '\n') == NULL)
        return bus_fail(err, BUS_INVALID, "%s is no log file: its first line is not \"" MAGIC " …\"", path);
    self->offset = (int64_t)strlen(line);
    const char *json = strchr(line, '{');
    json_t *info = json != NULL ? json_loads(json, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    if (info == NULL)
        return bus_fail(err, BUS_INVALID, "%s: the first line holds no JSON object", path);
    self->info.tick_s = json_integer_value(json_object_get(info, "tick_s"));
    const char *note = json_string_value(json_object_get(info, "note"));
    self->info.note = bus_strdup(self->arena, note != NULL ? note : "");
    json_decref(info);
    if (self->info.tick_s < 0 || self->info.tick_s > 366 * 86400)
        return bus_fail(err, BUS_INVALID, "%s: tick_s must be 0 to %d", path, 366 * 86400);
    return BUS_OK;
}

enum bus_status logfile_open(const char *path, struct logfile **ret_log, struct bus_error *err)
{
    struct logfile *self = logfile_new();
    self->file = fopen(path, "rbe");
    struct stat stat;
    enum bus_status status;
    if (self->file == NULL || fstat(fileno(self->file), &stat) != 0) {
        status = bus_fail(err, BUS_NOT_FOUND, "cannot read %s: %s", path, strerror(errno));
    } else {
        self->size = stat.st_size;
        status = read_first_line(self, path, err);
    }
    if (status != BUS_OK) {
        logfile_close(&self);
        return status;
    }
    *ret_log = self;
    return BUS_OK;
}

const struct logfile_info *logfile_info(const struct logfile *self)
{
    return &self->info;
}

int64_t logfile_size(const struct logfile *self)
{
    return self->size;
}

static enum bus_status split(struct logfile *self, struct bus_arena *arena, struct bus_bytes payload,
                             struct logfile_record *record, struct bus_error *err)
{
    struct bus_cursor at;
    enum bus_status status = bus_scan_map(payload, &record_limits, err);
    if (status == BUS_OK &&
        (!bus_cursor_get(payload, "header", &at) || !bus_cursor_raw(&at, &record->raw_header) ||
         !bus_cursor_get(payload, "data", &at) || !bus_cursor_raw(&at, &record->data)))
        status = bus_fail(err, BUS_INVALID, "a record holds header and data");
    if (status == BUS_OK)
        status = bus_header_decode(record->raw_header, arena, &record->header, err);
    if (status == BUS_OK)
        status = bus_scan_map(record->data, &bus_scan_data, err);
    return status == BUS_OK ? status
                            : bus_fail_in(err, "record %lld at byte %lld", (long long)self->number,
                                          (long long)record->offset);
}

enum bus_status logfile_next(struct logfile *self, struct bus_arena *arena, struct logfile_record *ret_record,
                             struct bus_error *err)
{
    uint8_t head[RECORD_HEAD], sum[crypto_shorthash_BYTES];
    struct logfile_record record = {.number = self->number + 1, .offset = self->offset};
    size_t n = fread(head, 1, sizeof head, self->file);
    if (n == 0 && feof(self->file))
        return bus_fail(err, BUS_NOT_FOUND, "the end");
    uint32_t size = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
    if (n == sizeof head && size > RECORD_MAX)
        return bus_fail(err, BUS_INVALID, "record %lld at byte %lld is damaged: its length cannot be",
                        (long long)record.number, (long long)record.offset);
    uint8_t *payload = bus_alloc(arena, n == sizeof head ? size : 0);
    if (n < sizeof head || fread(payload, 1, size, self->file) < size)
        return bus_fail(err, BUS_CONFLICT, "record %lld at byte %lld is torn: the file ends within it",
                        (long long)record.number, (long long)record.offset);
    checksum(payload, size, sum);
    if (memcmp(sum, head + 4, sizeof sum) != 0)
        return bus_fail(err, BUS_INVALID, "record %lld at byte %lld is damaged: its checksum does not fit",
                        (long long)record.number, (long long)record.offset);
    self->number++;
    self->offset += (int64_t)(sizeof head + size);
    enum bus_status status = split(self, arena, bus_bytes(payload, size), &record, err);
    if (status == BUS_OK)
        *ret_record = record;
    return status;
}

/* ---- writing */

enum bus_status logfile_create(const char *path, const struct logfile_info *info, struct logfile **ret_log,
                               struct bus_error *err)
{
    struct logfile *self = logfile_new();
    if (asprintf(&self->part, "%s.part", path) < 0 || (self->path = strdup(path)) == NULL)
        bus_die("out of memory");
    int fd = open(self->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); /* as a backup */
    self->file = fd >= 0 && fchmod(fd, 0600) == 0 ? fdopen(fd, "wb") : NULL;
    if (self->file == NULL) {
        enum bus_status status =
            bus_fail(err, BUS_INVALID, "cannot write %s: %s", self->part, strerror(errno));
        self->finished = true;
        logfile_close(&self);
        return status;
    }
    json_t *json = json_pack("{s:I, s:s}", "tick_s", (json_int_t)info->tick_s, "note", info->note);
    char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
    fprintf(self->file, MAGIC " %s\n", text);
    free(text);
    json_decref(json);
    *ret_log = self;
    return BUS_OK;
}

enum bus_status logfile_add(struct logfile *self, struct bus_bytes header, struct bus_bytes data,
                            struct bus_error *err)
{
    uint8_t head[RECORD_HEAD];
    bus_buffer_clear(&self->buffer);
    bus_pack_map(&self->buffer, 2);
    bus_pack_text(&self->buffer, "header");
    bus_pack_raw(&self->buffer, header);
    bus_pack_text(&self->buffer, "data");
    bus_pack_raw(&self->buffer, data);
    size_t size = self->buffer.size;
    if (size > RECORD_MAX)
        return bus_fail(err, BUS_INVALID, "a record of %zu bytes is over the limit of %d", size, RECORD_MAX);
    for (int i = 0; i < 4; i++)
        head[i] = (uint8_t)(size >> (24 - 8 * i));
    checksum(self->buffer.data, size, head + 4);
    if (fwrite(head, 1, sizeof head, self->file) < sizeof head ||
        fwrite(self->buffer.data, 1, size, self->file) < size)
        return bus_fail(err, BUS_RETRY, "cannot write %s: %s", self->part, strerror(errno));
    return BUS_OK;
}

enum bus_status logfile_finish(struct logfile *self, struct bus_error *err)
{
    if (fflush(self->file) != 0 || !bus_file_put(self->part, self->path))
        return bus_fail(err, BUS_RETRY, "cannot write %s: %s", self->path, strerror(errno));
    self->finished = true;
    return BUS_OK;
}
