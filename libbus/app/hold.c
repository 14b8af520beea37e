/* See hold.h. */
#include "app/hold.h"

#include "bus/clock.h"

enum bus_status hold_begin(struct hold *self, const struct store_config *config, int64_t ms,
                           struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    self->until_us = 0;
    if (self->store == NULL)
        status = store_reader_open(config, &self->store, err);
    if (status == BUS_OK)
        status = store_reader_hold(self->store, ms, err);
    if (status != BUS_OK)
        return status;
    self->us = ms * 1000;
    self->until_us = bus_clock_monotonic_us() + self->us;
    return BUS_OK;
}

enum bus_status hold_end(struct hold *self, struct bus_error *err)
{
    self->until_us = 0;
    return self->store != NULL ? store_reader_hold(self->store, 0, err) : BUS_OK;
}

void hold_done(struct hold *self)
{
    store_reader_close(&self->store);
    self->until_us = 0;
}

enum bus_status hold_store(struct hold *self, struct store_reader *now, struct store_reader **ret_store,
                           struct bus_error *err)
{
    if (self->until_us > 0 && bus_clock_monotonic_us() >= self->until_us)
        store_reader_close(&self->store);
    if (self->until_us > 0 && self->store == NULL)
        return bus_fail_code(err, BUS_RETRY, "BUS-NOT-READY",
                             "what stood at a HOLD is gone, as nothing was read for too long: answers come "
                             "again after the next HOLD, or when that one is ended by HOLD off or RELEASE");
    if (self->until_us > 0)
        self->until_us = bus_clock_monotonic_us() + self->us;
    *ret_store = self->until_us > 0 ? self->store : now;
    return BUS_OK;
}
