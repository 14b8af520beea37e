/* Dead letters as an operator sees them: by page, by cause, and moved many at a time. */
#include "sql/bus.h"
#include "store/session.h"

enum bus_status store_dead_page(struct store *self, const struct store_dead_key *after, int max,
                                struct bus_arena *arena, struct store_dead **ret, size_t *ret_n,
                                struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TEXT(after->source), BUS_INT(after->seq),
                                       BUS_TEXT(after->event_id), BUS_INT(max)};
    enum bus_status status = store_query(self, &bus_dead_page, values, 4, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_dead *page = bus_alloc_array(arena, (size_t)rows.n, sizeof(*page));
    for (int i = 0; i < rows.n; i++)
        page[i] = (struct store_dead){.source = bus_row_text(&rows, i, 0, arena),
                                      .seq = bus_row_int(&rows, i, 1),
                                      .event_id = bus_row_text(&rows, i, 2, arena),
                                      .subject = bus_row_text(&rows, i, 3, arena),
                                      .type = bus_row_text(&rows, i, 4, arena),
                                      .state = bus_row_text(&rows, i, 5, arena),
                                      .error = bus_row_text(&rows, i, 6, arena),
                                      .fingerprint = bus_row_text(&rows, i, 7, arena),
                                      .attempts = (int)bus_row_int(&rows, i, 8),
                                      .next_us = bus_row_time(&rows, i, 9),
                                      .first_us = bus_row_time(&rows, i, 10),
                                      .last_us = bus_row_time(&rows, i, 11)};
    *ret = page;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status store_dead_groups(struct store *self, int max, struct bus_arena *arena,
                                  struct store_dead_group **ret, size_t *ret_n, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_INT(max)};
    enum bus_status status = store_query(self, &bus_dead_groups, values, 1, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_dead_group *groups = bus_alloc_array(arena, (size_t)rows.n, sizeof(*groups));
    for (int i = 0; i < rows.n; i++)
        groups[i] = (struct store_dead_group){.fingerprint = bus_row_text(&rows, i, 0, arena),
                                              .n = bus_row_int(&rows, i, 1),
                                              .behind = bus_row_int(&rows, i, 2),
                                              .first_us = bus_row_time(&rows, i, 3),
                                              .last_us = bus_row_time(&rows, i, 4),
                                              .example = bus_row_text(&rows, i, 5, arena)};
    *ret = groups;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

static struct bus_value key_source(const struct store_dead_choice *choice)
{
    return BUS_TEXT(choice->key ? choice->key->source : NULL);
}

static struct bus_value key_seq(const struct store_dead_choice *choice)
{
    return choice->key ? BUS_INT(choice->key->seq) : BUS_NULL;
}

static struct bus_value key_event_id(const struct store_dead_choice *choice)
{
    return BUS_TEXT(choice->key ? choice->key->event_id : NULL);
}

enum bus_status store_dead_retry(struct store *self, const struct store_dead_choice *choice, int64_t now_us,
                                 int64_t *ret_n, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TIME(now_us), key_source(choice), key_seq(choice),
                                       key_event_id(choice), BUS_TEXT(choice->fingerprint)};
    enum bus_status status = store_query(self, &bus_dead_retry_now, values, 5, &rows, err);
    if (status == BUS_OK)
        *ret_n = rows.n;
    return status;
}

enum bus_status store_dead_drop(struct store *self, const struct store_dead_choice *choice, int64_t now_us,
                                const char *note, struct bus_arena *arena, int64_t *ret_n,
                                struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TIME(now_us), BUS_TEXT(note),       key_source(choice),
                                       key_seq(choice),  key_event_id(choice), BUS_TEXT(choice->fingerprint)};
    enum bus_status status = store_query(self, &bus_dead_drop, values, 6, &rows, err);
    if (status == BUS_OK)
        status = bus_exec(self->db, err, &bus_dead_let_go, BUS_TIME(now_us));
    if (status != BUS_OK)
        return status;
    self->dead_touched = true;
    for (int i = 0; i < rows.n; i++)
        dead_index_remove(self->dead, bus_row_text(&rows, i, 0, arena), bus_row_int(&rows, i, 1),
                          bus_row_text(&rows, i, 2, arena));
    *ret_n = rows.n;
    return BUS_OK;
}

enum bus_status store_dead_trim(struct store *self, int64_t before_us, struct bus_error *err)
{
    return bus_exec(self->db, err, &bus_dead_trim, BUS_TIME(before_us));
}
