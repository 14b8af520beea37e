/* Requests that were answered, so that a repetition gets the same answer. */
#include "sql/bus.h"
#include "store/session.h"

enum bus_status store_requests_find(struct store *self, const char *const *keys, size_t n,
                                    struct bus_arena *arena, struct store_request **ret, size_t *ret_n,
                                    struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char **asked = bus_alloc_array(arena, n, sizeof(*asked));
    size_t asked_n = 0;
    for (size_t i = 0; i < n; i++)
        if (answered_may_hold(self->answered, keys[i]))
            asked[asked_n++] = keys[i];
    if (asked_n == 0) {
        *ret_n = 0;
        return BUS_OK;
    }
    const struct bus_value values[] = {BUS_TEXTS(asked, asked_n)};
    enum bus_status status = store_query(self, &bus_requests_find, values, 1, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_request *requests = bus_alloc_array(arena, (size_t)rows.n, sizeof(*requests));
    for (int i = 0; i < rows.n; i++)
        requests[i] = (struct store_request){.key = bus_row_text(&rows, i, 0, arena),
                                             .digest = bus_row_bytes(&rows, i, 1, arena),
                                             .reply = bus_row_bytes(&rows, i, 2, arena),
                                             .time_us = bus_row_time(&rows, i, 3)};
    *ret = requests;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status store_request_put(struct store *self, const struct store_request *request,
                                  struct bus_error *err)
{
    answered_add(self->answered, request->key);
    struct bus_bytes reply = request->reply.data ? request->reply : bus_bytes("", 0);
    return bus_exec(self->db, err, &bus_request_put, BUS_TEXT(request->key), BUS_BYTES(request->digest),
                    BUS_BYTES(reply), {.kind = BUS_VALUE_TIME, .as.integer = request->time_us});
}

enum bus_status store_requests_trim(struct store *self, int64_t before_us, bool *ret_more,
                                    struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_exec(self->db, err, &bus_requests_trim, BUS_TIME(before_us));
    if (status == BUS_OK)
        status = bus_query(self->db, err, &rows, &bus_requests_old, BUS_TIME(before_us));
    *ret_more = status == BUS_OK && rows.n > 0;
    return status;
}
