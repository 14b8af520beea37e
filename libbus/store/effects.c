/* Effects that were asked for and have no outcome yet. */
#include "sql/bus.h"
#include "store/session.h"

enum bus_status store_effect_put(struct store *self, const struct store_effect *effect, struct bus_error *err)
{
    /* NULL would remove it: an empty payload is still a payload. */
    struct bus_bytes payload = effect->payload.data ? effect->payload : bus_bytes("", 0);
    struct bus_bytes header = effect->header.data ? effect->header : bus_bytes("", 0);
    return bus_exec(self->db, err, &bus_effect_put, BUS_TEXT(effect->name), BUS_TEXT(effect->key),
                    BUS_BYTES(payload), BUS_BYTES(header));
}

enum bus_status store_effect_remove(struct store *self, const char *name, const char *key,
                                    struct bus_error *err)
{
    return bus_exec(self->db, err, &bus_effect_put, BUS_TEXT(name), BUS_TEXT(key), BUS_NULL, BUS_NULL);
}

enum bus_status store_effects(struct store *self, struct bus_arena *arena, struct store_effect **ret,
                              size_t *ret_n, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_query(self, &bus_effects, NULL, 0, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_effect *effects = bus_alloc_array(arena, (size_t)rows.n, sizeof(*effects));
    for (int i = 0; i < rows.n; i++)
        effects[i] = (struct store_effect){.name = bus_row_text(&rows, i, 0, arena),
                                           .key = bus_row_text(&rows, i, 1, arena),
                                           .payload = bus_row_bytes(&rows, i, 2, arena),
                                           .header = bus_row_bytes(&rows, i, 3, arena)};
    *ret = effects;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
