/* See erasures.h. */
#include "erasures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/file.h"
#include "sql/registry.h"

enum bus_status erasures_note(struct bus_context *ctx, struct bus_id person_id)
{
    if (bus_setting("ERASURES_PATH")[0] == '\0')
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_erased_ids, BUS_ID(person_id));
    if (status != BUS_OK)
        return status;
    const char *lines = "\n"; /* ends what a full disk cut off */
    for (int i = 0; i < rows.n; i++)
        lines = bus_printf(ctx->arena, "%s%s\n", lines, bus_id_text(ctx, bus_row_id(&rows, i, 0)));
    return bus_effect(ctx, ERASURES_EFFECT, bus_id_text(ctx, person_id), bus_bytes_of(lines));
}

static bool write_whole(int fd, const char *path, struct bus_bytes lines)
{
    return write(fd, lines.data, lines.size) == (ssize_t)lines.size && fsync(fd) == 0 &&
           bus_file_keep_name(path);
}

/* Written twice does no harm. */
enum bus_status erasures_write(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                               const void *gathered, struct bus_arena *arena, const char **ret_text,
                               struct bus_error *err)
{
    (void)peers, (void)key, (void)gathered, (void)arena;
    const char *path = bus_setting("ERASURES_PATH");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool whole = fd >= 0 && write_whole(fd, path, payload);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (!whole)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(error));
    *ret_text = "";
    return BUS_OK;
}

enum bus_status on_erasure_written(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    if (outcome->status == BUS_OK)
        return BUS_OK;
    bus_log_warn("BUS-ERASURE: that person %s was erased is not written down, and is tried again: %s",
                 outcome->key, outcome->text);
    return bus_timer_set(ctx, ERASURES_TIMER, outcome->key, ctx->now_us + BUS_MINUTE_US);
}

enum bus_status on_note_erasure(struct bus_context *ctx, const char *key)
{
    struct bus_id person_id;
    if (!bus_id_parse(key, strlen(key), &person_id))
        return bus_fail(ctx->err, BUS_BUG, "the key of this timer is no id");
    return erasures_note(ctx, person_id);
}

/* A line that is no id, as after a full disk, is passed over. */
static size_t read_ids(FILE *file, struct bus_arena *arena, struct bus_id **ret)
{
    size_t n = 0, room = 0;
    char line[BUS_ID_TEXT + 2];
    while (fgets(line, sizeof line, file) != NULL) {
        if (n == room) {
            struct bus_id *grown = bus_alloc_array(arena, room = room ? 2 * room : 64, sizeof *grown);
            if (n > 0)
                memcpy(grown, *ret, n * sizeof *grown);
            *ret = grown;
        }
        n += bus_id_parse(line, strcspn(line, "\r\n"), &(*ret)[n]);
    }
    return n;
}

/* The list is younger than the database: who was erased before it belongs in it too. All of them or none,
 * since only an empty list is begun. */
static enum bus_status begin_list(struct bus_context *ctx, int fd, const char *path)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    AUTO(bus_buffer_done) struct bus_buffer lines = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_erased_all);
    if (status != BUS_OK || rows.n == 0)
        return status;
    for (int i = 0; i < rows.n; i++)
        bus_buffer_printf(&lines, "%s\n", bus_id_text(ctx, bus_row_id(&rows, i, 0)));
    if (write_whole(fd, path, bus_buffer_bytes(&lines)))
        return BUS_OK;
    int error = errno;
    bool emptied = ftruncate(fd, 0) == 0;
    return bus_fail(ctx->err, BUS_RETRY, "%s cannot be written: %s%s", path, strerror(error),
                    emptied ? "" : "; empty it, so that it is begun again");
}

static enum bus_status read_list(struct bus_context *ctx, const char *path, struct bus_id **ret,
                                 size_t *ret_n)
{
    /* Made where there is none, so that a path that cannot be written shows before the first erasure. */
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    struct stat about;
    if (file == NULL || fstat(fd, &about) != 0) {
        int error = errno;
        if (file != NULL)
            fclose(file);
        else if (fd >= 0)
            close(fd);
        return bus_fail(ctx->err, BUS_RETRY, "%s cannot be opened: %s", path, strerror(error));
    }
    enum bus_status status = about.st_size == 0 ? begin_list(ctx, fd, path) : BUS_OK;
    if (status == BUS_OK)
        *ret_n = read_ids(file, ctx->arena, ret);
    fclose(file);
    return status;
}

enum bus_status erasures_apply(struct bus_context *ctx, bool *ret_any)
{
    const char *path = bus_setting("ERASURES_PATH");
    struct bus_id *ids = NULL;
    size_t n = 0;
    enum bus_status status = path[0] == '\0' ? BUS_OK : read_list(ctx, path, &ids, &n);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    if (n > 0)
        status = bus_query(ctx->db, ctx->err, &rows, &registry_erased_missing, BUS_IDS(ids, n));
    for (int i = 0; status == BUS_OK && i < rows.n; i++)
        status = bus_timer_set(ctx, ERASURES_AGAIN, bus_id_text(ctx, bus_row_id(&rows, i, 0)), ctx->now_us);
    if (status != BUS_OK)
        return status;
    if (rows.n > 0)
        bus_log_warn("known again though erased, as after a restore, and erased once more: people %d",
                     rows.n);
    *ret_any = rows.n > 0;
    return BUS_OK;
}
