/* Attempts and dead letters: rows, and their picture in memory. */
#include "sql/bus.h"
#include "store/session.h"

enum bus_status store_attempt(struct store *self, const char *source, int64_t seq, int *ret_n,
                              struct bus_error *err)
{
    if (self->db->in_turn)
        return bus_fail(err, BUS_BUG, "an attempt is counted before its turn begins");
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TEXT(source), BUS_INT(seq)};
    self->has_attempts = true; /* perhaps also when the answer is lost */
    enum bus_status status = store_query(self, &bus_attempt, values, 2, &rows, err);
    if (status != BUS_OK)
        return status;
    *ret_n = (int)bus_row_int(&rows, 0, 0);
    return BUS_OK;
}

bool store_has_attempts(const struct store *self)
{
    return self->has_attempts;
}

enum bus_status store_attempt_clear(struct store *self, const char *source, int64_t seq,
                                    struct bus_error *err)
{
    if (!self->has_attempts)
        return BUS_OK;
    return bus_exec(self->db, err, &bus_attempt_clear, BUS_TEXT(source), BUS_INT(seq));
}

enum bus_status store_attempts_forget(struct store *self, struct bus_error *err)
{
    return bus_exec(self->db, err, &bus_attempts_forget, BUS_NONE);
}

static struct bus_value bytes_or_empty(struct bus_bytes bytes)
{
    return BUS_BYTES(bytes.data ? bytes : bus_bytes("", 0));
}

enum bus_status store_dead_put(struct store *self, const struct store_dead *dead, struct bus_error *err)
{
    enum bus_status status = bus_exec(
        self->db, err, &bus_dead_put, BUS_TEXT(dead->source), BUS_INT(dead->seq), BUS_TEXT(dead->event_id),
        BUS_TEXT(dead->subject), BUS_TEXT(dead->type), bytes_or_empty(dead->header),
        bytes_or_empty(dead->data), BUS_TEXT(dead->state), BUS_TEXT(dead->error), BUS_TEXT(dead->fingerprint),
        BUS_INT(dead->attempts), BUS_TIME(dead->next_us), BUS_TIME(dead->first_us), BUS_TIME(dead->last_us),
        BUS_TEXT(dead->note));
    if (status != BUS_OK)
        return status;
    self->dead_touched = true;
    dead_index_put(self->dead, dead->source, dead->seq, dead->event_id, dead->subject);
    return BUS_OK;
}

enum bus_status store_dead_remove(struct store *self, const char *source, int64_t seq, const char *event_id,
                                  struct bus_error *err)
{
    enum bus_status status =
        bus_exec(self->db, err, &bus_dead_remove, BUS_TEXT(source), BUS_INT(seq), BUS_TEXT(event_id));
    if (status != BUS_OK)
        return status;
    self->dead_touched = true;
    dead_index_remove(self->dead, source, seq, event_id);
    return BUS_OK;
}

enum bus_status store_dead_pass_on(struct store *self, const char *source, const char *subject,
                                   int64_t now_us, struct bus_error *err)
{
    return bus_exec(self->db, err, &bus_dead_pass_on, BUS_TEXT(source), BUS_TEXT(subject), BUS_TIME(now_us));
}

static struct store_dead read_dead(const struct bus_rows *rows, int i, struct bus_arena *arena)
{
    return (struct store_dead){.source = bus_row_text(rows, i, 0, arena),
                               .seq = bus_row_int(rows, i, 1),
                               .event_id = bus_row_text(rows, i, 2, arena),
                               .subject = bus_row_text(rows, i, 3, arena),
                               .type = bus_row_text(rows, i, 4, arena),
                               .header = bus_row_bytes(rows, i, 5, arena),
                               .data = bus_row_bytes(rows, i, 6, arena),
                               .state = bus_row_text(rows, i, 7, arena),
                               .error = bus_row_text(rows, i, 8, arena),
                               .fingerprint = bus_row_text(rows, i, 9, arena),
                               .attempts = (int)bus_row_int(rows, i, 10),
                               .next_us = bus_row_time(rows, i, 11),
                               .first_us = bus_row_time(rows, i, 12),
                               .last_us = bus_row_time(rows, i, 13),
                               .note = bus_row_text(rows, i, 14, arena)};
}

enum bus_status store_dead_due(struct store *self, int64_t now_us, int max, struct bus_arena *arena,
                               struct store_dead **ret, size_t *ret_n, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TIME(now_us), BUS_INT(max)};
    enum bus_status status = store_query(self, &bus_dead_due, values, 2, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_dead *list = bus_alloc_array(arena, (size_t)rows.n, sizeof(*list));
    for (int i = 0; i < rows.n; i++)
        list[i] = read_dead(&rows, i, arena);
    *ret = list;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status store_dead_find(struct store *self, const struct store_dead_key *key, struct bus_arena *arena,
                                const struct store_dead **ret, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TEXT(key->source), BUS_INT(key->seq), BUS_TEXT(key->event_id)};
    enum bus_status status = store_query(self, &bus_dead_get, values, 3, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_dead *found = NULL;
    if (rows.n > 0) {
        found = bus_alloc(arena, sizeof(*found));
        *found = read_dead(&rows, 0, arena);
    }
    *ret = found;
    return BUS_OK;
}

enum bus_status store_dead_next(struct store *self, int64_t *ret_us, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_query(self, &bus_dead_next, NULL, 0, &rows, err);
    if (status == BUS_OK)
        *ret_us = bus_row_null(&rows, 0, 0) ? INT64_MAX : bus_row_time(&rows, 0, 0);
    return status;
}

bool store_dead_stands(const struct store *self, const struct store_dead *dead)
{
    return dead_index_holds(self->dead, dead->source, dead->seq, dead->event_id);
}

bool store_dead_blocks(const struct store *self, const char *source, const char *subject)
{
    return dead_index_blocks(self->dead, source, subject);
}

size_t store_dead_count(const struct store *self)
{
    return dead_index_count(self->dead);
}
