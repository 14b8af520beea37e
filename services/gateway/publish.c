/* See publish.h. */
#include "publish.h"

#include <string.h>

#include "belonging.h"
#include "input.h"
#include "schema/gateway.h"
#include "schema/registry.h"

#define DEPOSITS_MAX 8 /* under way at a time, for one batch */

struct publication {
    struct edge *edge;
    struct bus_arena *arena;
    struct intake *intake;
    answer_fn *then;
    void *context;
    struct bus_bytes data; /* of accept-events */
    size_t next;           /* event to look at */
    size_t under_way;
    struct answer refusal; /* the first; its status is OK when there was none */
};

struct deposit {
    struct publication *publication;
    const struct intake_event *event;
};

static void go_on(struct publication *self);

/* In words and places of who sent the event, and in memory that lasts. */
static void keep_refusal(struct publication *self, const struct intake_event *event,
                         const struct answer *answer)
{
    struct bus_arena *arena = self->arena;
    const char *place = bus_printf(arena, "%s/personal", event->data_place);
    self->refusal = (struct answer){.status = answer->status,
                                    .timed_out = answer->timed_out,
                                    .verb = "REPLY",
                                    .text = bus_strdup(arena, answer->text),
                                    .code = bus_strdup(arena, answer->code),
                                    .arena = arena};
    for (size_t i = 0; i < answer->faults.n; i++)
        input_fault(&self->refusal.faults, arena,
                    bus_printf(arena, "%s%s", place, answer->faults.items[i].pointer), "%s",
                    answer->faults.items[i].text);
    if (answer->status == BUS_INVALID && answer->faults.n == 0)
        input_fault(&self->refusal.faults, arena, place, "%s", answer->text);
    if (answer->status == BUS_CONFLICT)
        self->refusal.text =
            "an event with this source and id came before with other personal data; give a new event a "
            "new id";
}

static void on_deposited(void *context, const struct answer *answer)
{
    struct deposit *deposit = context;
    struct publication *self = deposit->publication;
    self->under_way--;
    if (answer->status != BUS_OK && self->refusal.status == BUS_OK)
        keep_refusal(self, deposit->event, answer);
    go_on(self);
}

static void on_accepted(void *context, const struct answer *answer)
{
    struct publication *self = context;
    self->then(self->context, answer);
}

static void send_deposit(struct publication *self, const struct intake_event *event)
{
    struct deposit *deposit = bus_alloc(self->arena, sizeof *deposit);
    *deposit = (struct deposit){.publication = self, .event = event};
    struct bus_header header = {
        .id = event->deposit_id,
        .actor = event->header.actor,
        .extensions = {{"partnership", bus_header_extension_find(&event->header, "partnership")}}};
    self->under_way++;
    asking_request(self->edge->asking, &registry_deposit_personal_type, &header, event->deposit, on_deposited,
                   deposit);
}

static void send_events(struct publication *self)
{
    struct bus_header header = {.actor = self->intake->events[0].header.actor};
    asking_request(self->edge->asking, &gateway_accept_events_type, &header, self->data, on_accepted, self);
}

static void go_on(struct publication *self)
{
    struct intake *intake = self->intake;
    for (; self->refusal.status == BUS_OK && self->next < intake->n && self->under_way < DEPOSITS_MAX;
         self->next++)
        if (intake->events[self->next].deposit.size > 0)
            send_deposit(self, &intake->events[self->next]);
    if (self->under_way > 0)
        return;
    if (self->refusal.status != BUS_OK)
        self->then(self->context, &self->refusal);
    else if (self->next == intake->n)
        send_events(self);
}

/* Nothing has been sent yet: what is refused here has left nothing anywhere. */
static void on_belonging(void *context, const struct answer *answer)
{
    struct publication *self = context;
    struct bus_error err = {0};
    if (answer->status != BUS_OK) {
        self->then(self->context, answer);
        return;
    }
    struct answer refusal = {.verb = "REPLY", .code = "", .arena = self->arena};
    refusal.status = belonging_judge_events(self->edge->belonging, self->intake, answer, self->arena,
                                            &refusal.faults, &err);
    refusal.text = err.text;
    if (refusal.status == BUS_OK)
        go_on(self);
    else
        self->then(self->context, &refusal);
}

enum bus_status publish(struct edge *edge, struct bus_arena *arena, struct intake *intake, answer_fn *then,
                        void *context, struct bus_error *err)
{
    struct publication *self = bus_alloc(arena, sizeof *self);
    *self = (struct publication){
        .edge = edge, .arena = arena, .intake = intake, .then = then, .context = context};
    enum bus_status status = intake_command(intake, arena, &self->data, err);
    if (status != BUS_OK)
        return status;
    struct bus_bytes query;
    if (belonging_of_events(edge->belonging, intake, arena, &query))
        asking_request(edge->asking, &registry_belonging_type, NULL, query, on_belonging, self);
    else
        go_on(self);
    return BUS_OK;
}
