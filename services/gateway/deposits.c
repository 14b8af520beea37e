/* See deposits.h. */
#include "deposits.h"

#include "bus/scan.h"
#include "input.h"

static enum bus_status encode(const struct registry_deposit_batch *batch, struct intake *intake,
                              struct bus_arena *arena, struct bus_bytes *ret_data, struct bus_error *err)
{
    enum bus_status status = input_encode(&registry_deposit_batch_shape, batch, arena, ret_data, err);
    if (status != BUS_OK || bus_scan_map(*ret_data, &bus_scan_command, err) == BUS_OK)
        return status;
    intake->too_big = true;
    return bus_fail(err, BUS_INVALID,
                    "the personal data of this batch is too large together: send fewer at a time");
}

enum bus_status deposits_gather(struct intake *intake, struct bus_arena *arena, struct deposits *ret,
                                struct bus_error *err)
{
    struct registry_deposit_batch_deposits *list = bus_alloc_array(arena, intake->n, sizeof *list);
    const struct intake_event **events = bus_alloc_array(arena, intake->n, sizeof *events);
    struct bus_bytes data = {0};
    *ret = (struct deposits){.batch.deposits = list, .events = events};
    for (size_t i = 0; i < intake->n; i++) {
        const struct intake_event *event = &intake->events[i];
        if (event->deposit == NULL)
            continue;
        event->deposit->has_known = true;
        event->deposit->partnership = bus_header_extension_find(&event->header, "partnership");
        events[ret->batch.deposits_n] = event;
        list[ret->batch.deposits_n++] = *event->deposit;
    }
    return ret->batch.deposits_n > 0 ? encode(&ret->batch, intake, arena, &data, err) : BUS_OK;
}

struct bus_bytes deposits_command(const struct deposits *self, struct intake *intake,
                                  const struct gateway_check_events_reply *known, struct bus_arena *arena)
{
    size_t n = self->batch.deposits_n;
    struct registry_deposit_batch_deposits *list = bus_alloc_array(arena, n, sizeof *list);
    const struct registry_deposit_batch batch = {.deposits = list, .deposits_n = n};
    struct bus_error err = {0};
    struct bus_bytes data = {0};
    for (size_t i = 0; i < n; i++) {
        list[i] = self->batch.deposits[i];
        for (size_t k = 0; k < known->known_n; k++)
            list[i].known |= &intake->events[known->known[k]] == self->events[i];
    }
    if (encode(&batch, intake, arena, &data, &err) != BUS_OK)
        bus_die("deposits that could be written can be written no more: %s", err.text);
    return data;
}

struct answer deposits_refusal(const struct deposits *self, const struct registry_deposit_batch_reply *reply,
                               struct bus_arena *arena)
{
    struct answer refusal = {.status = BUS_CONFLICT, .verb = "REPLY", .code = "", .arena = arena};
    refusal.text = "an event with this source and id came before with other personal data; give a new event "
                   "a new id";
    for (size_t i = 0; i < reply->refused_n; i++) {
        const struct registry_deposit_batch_reply_refused *one = &reply->refused[i];
        if (one->field == NULL || one->n >= (int64_t)self->batch.deposits_n)
            continue;
        refusal.status = BUS_INVALID;
        refusal.text = "personal data is not as it must be";
        input_fault(&refusal.faults, arena,
                    bus_printf(arena, "%s/personal/%s", self->events[one->n]->data_place, one->field), "%s",
                    one->text != NULL ? one->text : "is not as it must be");
    }
    return refusal;
}
