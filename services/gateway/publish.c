/* See publish.h. Each step begins when the one before it was answered; a refusal ends it. Two requests with
 * the same event go one after the other, so what a step was told still holds at the next. */
#include "publish.h"

#include <stdlib.h>
#include <string.h>

#include "belonging.h"
#include "deposits.h"
#include "input.h"
#include "schema/gateway.h"
#include "schema/registry.h"
#include "underway.h"

#define AHEAD_US BUS_DAY_US

struct publication {
    struct edge *edge;
    struct bus_arena *arena;
    struct intake *intake;
    answer_fn *then;
    void *context;
    struct bus_bytes data; /* of accept-events */
    struct deposits deposits;
    uint64_t *numbers; /* of its events, in underway */
    size_t numbers_n;
    struct publication *next; /* who waits after it */
};

struct publishing {
    struct underway *underway;
    struct publication *waiting; /* for others with the same event; who came first is first */
    bool ending;
};

struct publishing *publishing_new(void)
{
    struct publishing *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for events on their way");
    self->underway = underway_new();
    return self;
}

void publishing_free(struct publishing **self_p)
{
    if (*self_p == NULL)
        return;
    underway_free(&(*self_p)->underway);
    free(*self_p);
    *self_p = NULL;
}

void publishing_end(struct publishing *self)
{
    if (self == NULL)
        return;
    self->ending = true;
    while (self->waiting != NULL) {
        struct publication *one = self->waiting;
        self->waiting = one->next;
        one->then(one->context,
                  &(struct answer){.status = BUS_RETRY, .text = "", .code = "", .arena = one->arena});
    }
}

/* ---- one after the other */

static void begin(struct publication *self);

static void begin_waiting(struct publishing *publishing)
{
    struct publication **at = &publishing->waiting;
    while (*at != NULL && !publishing->ending) {
        struct publication *one = *at;
        if (underway_enter(publishing->underway, one->numbers, one->numbers_n)) {
            *at = one->next;
            begin(one);
        } else {
            at = &one->next;
        }
    }
}

/* Its memory is gone when `then` has been called. */
static void end(struct publication *self, const struct answer *answer)
{
    struct publishing *publishing = self->edge->publishing;
    underway_leave(publishing->underway, self->numbers, self->numbers_n);
    self->then(self->context, answer);
    begin_waiting(publishing);
}

static int by_number(const void *a, const void *b)
{
    const uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return (one > other) - (one < other);
}

/* The same event may stand in a batch twice. */
static void number(struct publication *self)
{
    const struct intake *intake = self->intake;
    self->numbers = bus_alloc_array(self->arena, intake->n, sizeof *self->numbers);
    for (size_t i = 0; i < intake->n; i++)
        self->numbers[i] = underway_number(self->edge->publishing->underway, intake->events[i].header.source,
                                           intake->events[i].header.id);
    qsort(self->numbers, intake->n, sizeof *self->numbers, by_number);
    for (size_t i = 0; i < intake->n; i++)
        if (i == 0 || self->numbers[i] != self->numbers[self->numbers_n - 1])
            self->numbers[self->numbers_n++] = self->numbers[i];
}

/* ---- the events */

static void on_accepted(void *context, const struct answer *answer)
{
    end(context, answer);
}

static void send_events(struct publication *self)
{
    struct bus_header header = {.actor = self->intake->events[0].header.actor};
    asking_request(self->edge->asking, &gateway_accept_events_type, &header, self->data, on_accepted, self);
}

/* ---- personal data */

static void on_deposited(void *context, const struct answer *answer)
{
    struct publication *self = context;
    const struct registry_deposit_batch_reply *reply =
        answer->status == BUS_OK ? answer_decode(answer, &registry_deposit_batch_type) : NULL;
    if (answer->status != BUS_OK) {
        end(self, answer);
    } else if (reply == NULL || reply->refused_n > 0) {
        struct answer refusal = {
            .status = BUS_BUG, .text = "registry's answer cannot be read", .code = "", .arena = self->arena};
        if (reply != NULL)
            refusal = deposits_refusal(&self->deposits, reply, self->arena);
        end(self, &refusal);
    } else {
        send_events(self);
    }
}

static void send_deposits(struct publication *self, const struct gateway_check_events_reply *known)
{
    struct bus_header header = {.actor = self->intake->events[0].header.actor};
    asking_request(self->edge->asking, &registry_deposit_batch_type, &header,
                   deposits_command(&self->deposits, self->intake, known, self->arena), on_deposited, self);
}

/* ---- before anything is left anywhere */

/* NULL: it is no answer to that. */
static const struct gateway_check_events_reply *known_of(const struct publication *self,
                                                         const struct answer *answer)
{
    const struct gateway_check_events_reply *reply =
        answer->status == BUS_OK ? answer_decode(answer, &gateway_check_events_type) : NULL;
    for (size_t i = 0; reply != NULL && i < reply->known_n; i++)
        if ((size_t)reply->known[i] >= self->intake->n)
            return NULL;
    return reply;
}

static void on_checked(void *context, const struct answer *answer)
{
    struct publication *self = context;
    const struct gateway_check_events_reply *known = known_of(self, answer);
    if (known != NULL)
        send_deposits(self, known);
    else
        end(self, answer);
}

static void check(struct publication *self)
{
    if (self->deposits.batch.deposits_n == 0)
        send_events(self);
    else
        asking_request(self->edge->asking, &gateway_check_events_type, NULL, self->data, on_checked, self);
}

static void refuse(struct publication *self, enum bus_status status, const char *text,
                   const struct bus_faults *faults)
{
    end(self, &(struct answer){.status = status,
                               .verb = "REPLY",
                               .text = text,
                               .code = "",
                               .faults = *faults,
                               .arena = self->arena});
}

/* What was taken in before stays so, whoever serves the person by now. */
static void on_foreign_checked(void *context, const struct answer *answer)
{
    struct publication *self = context;
    const struct gateway_check_events_reply *known = known_of(self, answer);
    struct bus_faults denied = {0};
    if (known == NULL) {
        end(self, answer);
        return;
    }
    for (size_t i = 0; i < known->known_n; i++)
        self->intake->events[known->known[i]].foreign = false;
    for (size_t i = 0; i < self->intake->n; i++)
        if (self->intake->events[i].foreign)
            input_fault(
                &denied, self->arena,
                bus_printf(self->arena, "%s/external_person", self->intake->events[i].data_place),
                "is a person whose partnership and municipality you do not serve: leave this event to "
                "who serves them now");
    if (denied.found > 0)
        refuse(self, BUS_DENIED, intake_denied_words(&denied, self->arena), &denied);
    else
        check(self);
}

static void on_belonging(void *context, const struct answer *answer)
{
    struct publication *self = context;
    struct bus_faults faults = {0};
    struct bus_error err = {0};
    if (answer->status != BUS_OK) {
        end(self, answer);
        return;
    }
    enum bus_status status =
        belonging_judge_events(self->edge->belonging, self->intake, answer, self->arena, &faults, &err);
    if (status == BUS_OK)
        check(self);
    else if (status == BUS_DENIED)
        asking_request(self->edge->asking, &gateway_check_events_type, NULL, self->data, on_foreign_checked,
                       self);
    else
        refuse(self, status, err.text, &faults);
}

static void take(struct publication *self)
{
    struct bus_bytes query;
    if (belonging_of_events(self->edge->belonging, self->intake, self->arena, &query))
        asking_request(self->edge->asking, &registry_belonging_type, NULL, query, on_belonging, self);
    else
        check(self);
}

/* ---- what is refused */

/* Without an answer the faults that were found are told all the same. */
static void on_refusal(void *context, const struct answer *answer)
{
    struct publication *self = context;
    struct bus_error err = {0};
    bool broken = answer->status == BUS_OK &&
                  belonging_judge_events(self->edge->belonging, self->intake, answer, self->arena,
                                         &self->intake->faults, &err) == BUS_BUG;
    refuse(self, broken ? BUS_BUG : BUS_INVALID, broken ? err.text : intake_words(self->intake, self->arena),
           &self->intake->faults);
}

/* ---- what may have been taken in before, by other rules */

static void on_settled(void *context, const struct answer *answer)
{
    struct publication *self = context;
    struct intake *intake = self->intake;
    const struct gateway_check_events_reply *known = known_of(self, answer);
    struct bus_bytes query;
    if (known == NULL) {
        end(self, answer);
        return;
    }
    intake_settle(intake, known->known, known->known_n);
    if (intake->faults.found == 0)
        take(self);
    else if (belonging_of_events(self->edge->belonging, intake, self->arena, &query))
        asking_request(self->edge->asking, &registry_belonging_type, NULL, query, on_refusal, self);
    else
        refuse(self, BUS_INVALID, intake_words(intake, self->arena), &intake->faults);
}

static void begin(struct publication *self)
{
    if (self->intake->doubtful)
        asking_request(self->edge->asking, &gateway_check_events_type, NULL, self->data, on_settled, self);
    else
        take(self);
}

/* ---- the two ways in */

static void wait(struct publishing *publishing, struct publication *self)
{
    struct publication **at = &publishing->waiting;
    while (*at != NULL)
        at = &(*at)->next;
    *at = self;
}

enum bus_status publish(struct edge *edge, struct bus_arena *arena, struct intake *intake, answer_fn *then,
                        void *context, struct bus_error *err)
{
    struct publication *self = bus_alloc(arena, sizeof *self);
    *self = (struct publication){
        .edge = edge, .arena = arena, .intake = intake, .then = then, .context = context};
    enum bus_status status = intake_command(intake, arena, &self->data, err);
    if (status == BUS_OK)
        status = deposits_gather(intake, arena, &self->deposits, err);
    if (status != BUS_OK)
        return status;
    number(self);
    if (underway_enter(edge->publishing->underway, self->numbers, self->numbers_n))
        begin(self);
    else
        wait(edge->publishing, self);
    return BUS_OK;
}

bool publish_refuse(struct edge *edge, struct bus_arena *arena, struct intake *intake, answer_fn *then,
                    void *context)
{
    struct bus_bytes query;
    if (intake->faults.found == 0 || !belonging_of_events(edge->belonging, intake, arena, &query))
        return false;
    struct publication *self = bus_alloc(arena, sizeof *self);
    *self = (struct publication){
        .edge = edge, .arena = arena, .intake = intake, .then = then, .context = context};
    asking_request(edge->asking, &registry_belonging_type, NULL, query, on_refusal, self);
    return true;
}

int64_t publish_latest_us(const struct edge *edge)
{
    int64_t wall_us = bus_clock_wall_us(), ours_us = bus_peers_now_us(edge->peers);
    return (wall_us > ours_us ? wall_us : ours_us) + AHEAD_US;
}
