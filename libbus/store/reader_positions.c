/* Where the readers of our stream have come, and the log that nobody needs any more. Positions are written
 * now and then, in a transaction of their own, and never trusted for more than their lag and what may be
 * trimmed. */
#include "sql/bus.h"
#include "store/session.h"

enum bus_status store_reader_positions(struct store *self, struct bus_arena *arena,
                                       struct store_reader_position **ret, size_t *ret_n,
                                       struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_query(self, &bus_reader_positions, NULL, 0, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_reader_position *positions = bus_alloc_array(arena, (size_t)rows.n, sizeof(*positions));
    for (int i = 0; i < rows.n; i++)
        positions[i] = (struct store_reader_position){.reader = bus_row_text(&rows, i, 0, arena),
                                                      .seq = bus_row_int(&rows, i, 1),
                                                      .at_us = bus_row_time(&rows, i, 2)};
    *ret = positions;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status store_reader_positions_put(struct store *self, const struct store_reader_position *positions,
                                           size_t n, struct bus_error *err)
{
    const char *readers[n + 1];
    int64_t seqs[n + 1], times_us[n + 1];
    for (size_t i = 0; i < n; i++) {
        readers[i] = positions[i].reader;
        seqs[i] = positions[i].seq;
        times_us[i] = positions[i].at_us;
    }
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_INT(self->lease_epoch), BUS_TEXTS(readers, n), BUS_INTS(seqs, n),
                                       BUS_INTS(times_us, n)};
    return store_query(self, &bus_reader_position_put, values, sizeof(values) / sizeof(values[0]), &rows,
                       err);
}

enum bus_status store_reader_forget(struct store *self, const char *reader, struct bus_error *err)
{
    return bus_exec(self->db, err, &bus_reader_forget, BUS_TEXT(reader));
}

enum bus_status store_log_trim(struct store *self, int64_t before_us, int64_t *ret_first,
                               struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(self->db, err, &rows, &bus_log_trim, BUS_TIME(before_us));
    if (status != BUS_OK)
        return status;
    self->new_first_seq = bus_row_int(&rows, 0, 0);
    *ret_first = self->new_first_seq;
    return BUS_OK;
}
