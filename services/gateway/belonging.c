/* See belonging.h. */
#include "belonging.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "problem.h"
#include "schema/registry.h"

#define KNOWN_MAX  1000
#define PEOPLE_MAX 600

struct belonging {
    struct bus_arena *arena;
    const char *known[KNOWN_MAX];
    size_t n;
};

struct belonging *belonging_new(void)
{
    struct belonging *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for partnerships");
    self->arena = bus_arena_new();
    return self;
}

void belonging_free(struct belonging **self_p)
{
    if (*self_p == NULL)
        return;
    bus_arena_free(&(*self_p)->arena);
    free(*self_p);
    *self_p = NULL;
}

static bool is_in(const char *const *list, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

static void learn(struct belonging *self, const char *partnership)
{
    if (self->n < KNOWN_MAX && !is_in(self->known, self->n, partnership))
        self->known[self->n++] = bus_strdup(self->arena, partnership);
}

static struct bus_bytes encode_as(const struct bus_shape *shape, const void *query, struct bus_arena *arena)
{
    struct bus_bytes data = {0};
    struct bus_error err = {0};
    if (input_encode(shape, query, arena, &data, &err) != BUS_OK)
        bus_die("a question to registry cannot be written: %s", err.text);
    return data;
}

static struct bus_bytes encode(const struct registry_belonging *query, struct bus_arena *arena)
{
    return encode_as(&registry_belonging_shape, query, arena);
}

/* ---- events */

/* What has faults of its own may have no partnership that can be asked about. */
static const char *partnership_of(const struct intake *intake, const struct intake_event *event)
{
    bool was_read = intake->faults.found == 0 || event->data.size > 0 || event->partnership_read;
    return was_read ? bus_header_extension_find(&event->header, "partnership") : NULL;
}

/* Events about one reference to one person: those of a token that may speak for all need no asking, nor do
 * those that are refused anyway. */
static bool asks_person(const struct intake *intake, const struct intake_event *event)
{
    return intake->faults.found == 0 && who_limited(intake->who) && event->external_person != NULL;
}

bool belonging_of_events(struct belonging *self, const struct intake *intake, struct bus_arena *arena,
                         struct bus_bytes *ret_query)
{
    const char **partnerships = bus_alloc_array(arena, intake->n, sizeof *partnerships);
    struct registry_belonging_references *references = bus_alloc_array(arena, intake->n, sizeof *references);
    struct registry_belonging query = {.partnerships = partnerships, .references = references};
    for (size_t i = 0; i < intake->n; i++) {
        const struct intake_event *event = &intake->events[i];
        const char *partnership = partnership_of(intake, event);
        if (partnership != NULL && !is_in(self->known, self->n, partnership) &&
            !is_in(partnerships, query.partnerships_n, partnership))
            partnerships[query.partnerships_n++] = partnership;
        if (asks_person(intake, event))
            references[query.references_n++] = (struct registry_belonging_references){
                .source = event->header.source, .external_person = event->external_person};
    }
    if (query.partnerships_n == 0 && query.references_n == 0)
        return false;
    *ret_query = encode(&query, arena);
    return true;
}

/* `told`: those of them that registry says exist; more than can be kept in mind may. */
static enum bus_status judge_partnerships(const struct belonging *self, const struct intake *intake,
                                          const struct registry_belonging_reply *told,
                                          struct bus_arena *arena, struct bus_faults *faults,
                                          struct bus_error *err)
{
    for (size_t i = 0; i < intake->n; i++) {
        const struct intake_event *event = &intake->events[i];
        const char *partnership = partnership_of(intake, event);
        if (partnership != NULL && !is_in(self->known, self->n, partnership) &&
            !is_in(told->partnerships, told->partnerships_n, partnership))
            input_fault(faults, arena,
                        bus_printf(arena, "%s/partnership",
                                   event->partnership_read ? event->data_place : event->place),
                        "is no partnership that exists: ask the operator which ones do");
    }
    return faults->found > 0 ? bus_fail(err, BUS_INVALID, "there is no such partnership") : BUS_OK;
}

static bool covers(const struct who *who, const struct registry_belonging_reply_places *place)
{
    return who_covers_partnership(who, place->partnership) && who_covers_nis(who, place->nis);
}

/* The references were asked about in the order of their events. */
static enum bus_status judge_people(struct intake *intake, const struct registry_belonging_reply *told,
                                    struct bus_arena *arena, struct bus_error *err)
{
    struct intake_event **asked = bus_alloc_array(arena, intake->n, sizeof *asked);
    size_t asked_n = 0;
    bool foreign = false;
    for (size_t i = 0; i < intake->n; i++)
        if (asks_person(intake, &intake->events[i]))
            asked[asked_n++] = &intake->events[i];
    for (size_t i = 0; i < told->places_n; i++) {
        const struct registry_belonging_reply_places *place = &told->places[i];
        if (place->n >= (int64_t)asked_n)
            return bus_fail(err, BUS_BUG, "registry answers about a person who was not asked about");
        if (!covers(intake->who, place))
            asked[place->n]->foreign = foreign = true;
    }
    return foreign ? bus_fail(err, BUS_DENIED, "others serve a person that an event is about") : BUS_OK;
}

/* People last: whoever finds that a foreign event came before has nothing else left to judge. */
enum bus_status belonging_judge_events(struct belonging *self, struct intake *intake,
                                       const struct answer *answer, struct bus_arena *arena,
                                       struct bus_faults *faults, struct bus_error *err)
{
    const struct registry_belonging_reply *reply = answer_decode(answer, &registry_belonging_type);
    if (reply == NULL)
        return bus_fail(err, BUS_BUG, "registry's answer cannot be read");
    for (size_t i = 0; i < reply->partnerships_n; i++)
        learn(self, reply->partnerships[i]);
    enum bus_status status = judge_partnerships(self, intake, reply, arena, faults, err);
    return status == BUS_OK ? judge_people(intake, reply, arena, err) : status;
}

/* ---- commands */

static const char *const of_people[] = {"person_id", "newcomer_id", "volunteer_id", "buddy_id",
                                        "keep_id",   "drop_id",     "attended",     "other_id"};

static size_t gather(const struct bus_shape *shape, const void *value, struct bus_id people[PEOPLE_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof of_people / sizeof *of_people; i++) {
        const struct bus_field *field = input_field_find(shape, of_people[i]);
        if (field == NULL || field->kind != BUS_KIND_ID)
            continue;
        const void *at = (const char *)value + field->offset;
        const struct bus_id *ids = field->array ? *(const struct bus_id *const *)at : at;
        size_t ids_n = field->array ? *(const size_t *)((const char *)value + field->n_offset) : 1;
        for (size_t k = 0; k < ids_n && n < PEOPLE_MAX; k++)
            if (!bus_id_is_nil(ids[k]))
                people[n++] = ids[k];
    }
    return n;
}

static void on_people(void *context, const struct answer *answer)
{
    struct call *call = context;
    if (answer->status != BUS_OK) {
        call_refuse(call, answer);
        return;
    }
    const struct registry_belonging_reply *reply = answer_decode(answer, &registry_belonging_type);
    for (size_t i = 0; reply != NULL && i < reply->places_n; i++) {
        if (covers(call->who, &reply->places[i]))
            continue;
        call->deny(call, 403, NULL,
                   "your token does not cover the partnership and municipality of this person");
        return;
    }
    if (reply == NULL)
        call_problem(call, 500, NULL, "registry's answer cannot be read");
    else
        call->next(call);
}

void belonging_admit(struct call *call, const struct bus_shape *shape, const void *value, route_fn *then,
                     deny_fn *deny)
{
    struct bus_id *people = bus_alloc_array(call->arena, PEOPLE_MAX, sizeof *people);
    struct registry_belonging query = {.people = people};
    if (who_limited(call->who))
        query.people_n = gather(shape, value, people);
    call->next = then;
    call->deny = deny;
    if (query.people_n == 0)
        then(call);
    else
        call_request(call, &registry_belonging_type, NULL, encode(&query, call->arena), on_people);
}

static void on_limits(void *context, const struct answer *answer)
{
    struct call *call = context;
    if (answer->status == BUS_OK)
        call->next(call);
    else if (answer->status == BUS_INVALID)
        call->deny(call, problem_status(answer->status), &answer->faults, answer->text);
    else
        call_refuse(call, answer);
}

void belonging_admit_token(struct call *call, const struct gateway_create_token *token, route_fn *then,
                           deny_fn *deny)
{
    struct registry_check_limits query = {.partnerships = token->partnerships,
                                          .partnerships_n = token->partnerships_n,
                                          .nis = token->nis,
                                          .nis_n = token->nis_n};
    call->next = then;
    call->deny = deny;
    if (query.partnerships_n == 0 && query.nis_n == 0)
        then(call);
    else
        call_request(call, &registry_check_limits_type, NULL,
                     encode_as(&registry_check_limits_shape, &query, call->arena), on_limits);
}
