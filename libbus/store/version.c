/* By which commit of the service its rows are what they are: for who keeps what was read. */
#include "bus/db.h"
#include "sql/bus.h"

enum bus_status bus_version_get(struct bus_db *db, struct bus_version *ret, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(db, err, &rows, &bus_head_version, BUS_NONE);
    if (status == BUS_OK && rows.n != 1)
        return bus_fail(err, BUS_RETRY, "the service has not been started yet");
    if (status == BUS_OK)
        *ret = (struct bus_version){.epoch = bus_row_int(&rows, 0, 0), .turn = bus_row_int(&rows, 0, 1)};
    return status;
}
