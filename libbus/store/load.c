/* What the store keeps in memory, read when it opens. */
#include <stdlib.h>
#include <string.h>

#include "sql/bus.h"
#include "store/session.h"

#define BLOCKS_AT_ONCE 500 /* of 8 kB, some 20,000 keys */

static enum bus_status load_positions(struct store *self, struct bus_error *err)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(self->db, err, &rows, &bus_positions, BUS_NONE);
    if (status != BUS_OK)
        return status;
    free(self->at.places);
    self->at.places_n = (size_t)rows.n;
    self->at.places = calloc(self->at.places_n + 1, sizeof(*self->at.places));
    if (!self->at.places)
        bus_die("out of memory: no room for %d read positions", rows.n);
    for (int i = 0; i < rows.n; i++) {
        struct place *place = &self->at.places[i];
        strncpy(place->stream, bus_row_text(&rows, i, 0, arena), sizeof(place->stream) - 1);
        place->epoch = bus_row_int(&rows, i, 1);
        place->seq = bus_row_int(&rows, i, 2);
        strncpy(place->event_id, bus_row_text(&rows, i, 3, arena), sizeof(place->event_id) - 1);
    }
    return BUS_OK;
}

static enum bus_status load_clock(struct store *self, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(self->db, err, &rows, &bus_clock_get, BUS_NONE);
    if (status == BUS_OK)
        self->at.clock = self->new_clock =
            (struct store_clock){.mode = (enum store_clock_mode)bus_row_int(&rows, 0, 0),
                                 .now_us = bus_row_int(&rows, 0, 1),
                                 .offset_us = bus_row_int(&rows, 0, 2)};
    return status;
}

static enum bus_status load_attempts(struct store *self, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(self->db, err, &rows, &bus_attempt_any, BUS_NONE);
    if (status == BUS_OK)
        self->has_attempts = bus_row_bool(&rows, 0, 0);
    return status;
}

enum bus_status store_load_dead(struct store *self, struct bus_error *err)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(self->db, err, &rows, &bus_dead_keys, BUS_NONE);
    if (status != BUS_OK)
        return status;
    dead_index_clear(self->dead);
    for (int i = 0; i < rows.n; i++)
        dead_index_put(self->dead, bus_row_text(&rows, i, 0, arena), bus_row_int(&rows, i, 1),
                       bus_row_text(&rows, i, 2, arena), bus_row_text(&rows, i, 3, arena));
    self->dead_touched = false;
    return BUS_OK;
}

/* Some blocks at a time: a long replay has answered a million. */
static enum bus_status load_answered(struct store *self, struct bus_error *err)
{
    int64_t blocks = 0;
    AUTO(bus_rows_done) struct bus_rows size = {0};
    enum bus_status status = bus_query(self->db, err, &size, &bus_requests_blocks, BUS_NONE);
    if (status == BUS_OK)
        blocks = bus_row_int(&size, 0, 0);
    for (int64_t from = 0; status == BUS_OK && from < blocks; from += BLOCKS_AT_ONCE) {
        AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
        AUTO(bus_rows_done) struct bus_rows rows = {0};
        status = bus_query(self->db, err, &rows, &bus_requests_keys, BUS_INT(from), BUS_INT(BLOCKS_AT_ONCE));
        for (int i = 0; i < rows.n; i++)
            answered_add(self->answered, bus_row_text(&rows, i, 0, arena));
    }
    return status;
}

enum bus_status store_load(struct store *self, struct bus_error *err)
{
    enum bus_status status = load_positions(self, err);
    if (status == BUS_OK)
        status = load_clock(self, err);
    if (status == BUS_OK)
        status = load_attempts(self, err);
    if (status == BUS_OK)
        status = store_load_dead(self, err);
    if (status == BUS_OK)
        status = load_answered(self, err);
    return status;
}

enum bus_status store_positions(struct store *self, struct bus_arena *arena, struct store_position **ret,
                                size_t *ret_n, struct bus_error *err)
{
    (void)err;
    struct store_position *positions = bus_alloc_array(arena, self->at.places_n, sizeof(*positions));
    for (size_t i = 0; i < self->at.places_n; i++) {
        const struct place *place = &self->at.places[i];
        positions[i] = (struct store_position){.stream = bus_strdup(arena, place->stream),
                                               .epoch = place->epoch,
                                               .seq = place->seq,
                                               .event_id = bus_strdup(arena, place->event_id)};
    }
    *ret = positions;
    *ret_n = self->at.places_n;
    return BUS_OK;
}

enum bus_status store_clock_get(struct store *self, struct store_clock *ret, struct bus_error *err)
{
    (void)err;
    *ret = self->at.clock;
    return BUS_OK;
}
