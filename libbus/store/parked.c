/* What a service may ask of its dead letters. */
#include "bus/db.h"
#include "bus/pack.h"
#include "sql/bus.h"

enum bus_status bus_parked(struct bus_db *db, const char *stream, const char *text, bool *ret_parked,
                           struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    AUTO(bus_buffer_done) struct bus_buffer value = {0};
    bus_pack_text(&value, text); /* with its length before it: no part of another text */
    enum bus_status status =
        bus_query(db, err, &rows, &bus_dead_holds, BUS_TEXT(stream), BUS_BYTES(bus_buffer_bytes(&value)));
    if (status == BUS_OK)
        *ret_parked = bus_row_bool(&rows, 0, 0);
    return status;
}
