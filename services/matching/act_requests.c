/* Requests for help with one thing: opened, given to a buddy, fulfilled or dropped. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "lifecycle.h"
#include "places.h"
#include "rows.h"

#define REQUEST_FIELDS(request)                                                                           \
    .request_id = (request)->id, .partnership = (request)->programme->partnership,                        \
    .programme = (request)->programme->id, .person_id = (request)->person->id, .topic = (request)->topic, \
    .nis = (request)->nis

enum bus_status request_open(struct bus_context *ctx, const struct request *filled,
                             struct request **ret_request)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        bus_die("out of memory: no room for a request");
    *request = *filled;
    request->state = MATCHING_HELP_STATE_OPEN;
    request->opened_us = ctx->now_us;
    request->buddy = NULL;
    memcpy(request->nis, request->person->nis, sizeof request->nis);
    state_add_request(ctx->state, request);
    *ret_request = request;
    enum bus_status status = request_put(ctx, request);
    if (status != BUS_OK)
        return status;
    struct matching_help_request_opened opened = {REQUEST_FIELDS(request)};
    return bus_say(ctx, &matching_help_request_opened_type, bus_id_text(ctx, request->id), &opened);
}

enum bus_status request_assign(struct bus_context *ctx, struct request *request, struct member *buddy)
{
    struct member *before = request->buddy;
    state_give_request(request, buddy);
    request->state = MATCHING_HELP_STATE_ASSIGNED;
    request->assigned_us = ctx->now_us;
    enum bus_status status = request_put(ctx, request);
    if (status != BUS_OK)
        return status;
    struct matching_help_request_assigned assigned = {REQUEST_FIELDS(request), .buddy_id = buddy->person->id};
    status = bus_say(ctx, &matching_help_request_assigned_type, bus_id_text(ctx, request->id), &assigned);
    if (status != BUS_OK)
        return status;
    member_seat(buddy, false);
    return before && before != buddy ? member_freed(ctx, before) : BUS_OK;
}

enum bus_status request_fulfil(struct bus_context *ctx, struct request *request, double hours)
{
    struct member *buddy = request->buddy;
    struct member *asker = state_member(request->person, request->programme, COMMON_SIDE_NEWCOMER);
    request->state = MATCHING_HELP_STATE_FULFILLED;
    request->ended_us = ctx->now_us;
    request->hours = hours;
    enum bus_status status = request_put(ctx, request);
    if (status != BUS_OK)
        return status;
    struct matching_help_request_fulfilled fulfilled = {
        REQUEST_FIELDS(request), .buddy_id = buddy->person->id, .hours = hours,
        .days = days_between(request->opened_us, ctx->now_us)};
    status = bus_say(ctx, &matching_help_request_fulfilled_type, bus_id_text(ctx, request->id), &fulfilled);
    if (status != BUS_OK)
        return status;
    bool freed = request->task;
    state_remove_request(ctx->state, request);
    struct duo *duo = asker ? state_duo_of(asker, buddy) : NULL;
    if (duo)
        status = duo_sign(ctx, duo, ctx->now_us);
    if (status == BUS_OK && freed)
        status = member_freed(ctx, buddy);
    return status;
}

enum bus_status request_drop(struct bus_context *ctx, struct request *request,
                             enum matching_help_drop_reason reason)
{
    struct member *buddy = request->buddy;
    struct matching_help_request_dropped dropped = {REQUEST_FIELDS(request), .reason = reason};
    if (buddy)
        dropped.buddy_id = buddy->person->id;
    request->state = MATCHING_HELP_STATE_DROPPED;
    request->ended_us = ctx->now_us;
    request->drop_reason = reason;
    enum bus_status status = request_put(ctx, request);
    if (status == BUS_OK)
        status = bus_say(ctx, &matching_help_request_dropped_type, bus_id_text(ctx, request->id), &dropped);
    if (status != BUS_OK)
        return status;
    bool freed = request->task;
    state_remove_request(ctx->state, request);
    return freed ? member_freed(ctx, buddy) : BUS_OK;
}

/* A place that no proposal is about to fill: a request does not push a pair aside that people are
 * considering. */
static bool is_free(const struct member *volunteer)
{
    int places = member_places(volunteer);
    for (struct proposal *p = first_proposal(volunteer); p && places > 0; p = next_proposal(p, volunteer))
        places -= !p->held;
    return places > 0;
}

/* The buddy of their duo, who needs no place for it; not who has stopped, though the duo goes on. */
static struct member *own_buddy(const struct member *asker)
{
    struct duo *first = NULL;
    for (struct duo *d = first_duo(asker); d; d = next_duo(d, asker))
        if (member_volunteers(d->pair.volunteer) &&
            (!first || bus_id_compare(d->pair.id, first->pair.id) < 0))
            first = d;
    return first ? first->pair.volunteer : NULL;
}

struct free_list {
    struct member **members;
    size_t n;
};

/* Who has a place is in the pool: where no volunteer is, nobody is looked for among all there ever were. */
static struct free_list free_volunteers(struct bus_context *ctx, const struct programme *programme)
{
    size_t most = match_assignment_node_count(match_pool_assignment(programme->pool), MATCH_RIGHT);
    struct free_list list = {.members = bus_alloc_array(ctx->arena, most + 1, sizeof(struct member *))};
    for (struct member *m = programme->members; m && list.n < most; m = m->next_of_programme)
        if (m->side == COMMON_SIDE_VOLUNTEER && m->handle >= 0 && is_free(m))
            list.members[list.n++] = m;
    return list;
}

/* Who asks need not be on a list: the hard rules are those of a pair all the same, and so is what keeps two
 * apart. */
static bool can_help(const struct member *volunteer, const struct request *request)
{
    const struct programme *programme = request->programme;
    if (!is_free(volunteer) || volunteer->person == request->person ||
        !match_eligible(&request->person->about, &volunteer->person->about, &programme->rules))
        return false;
    const struct exclusion *e = state_exclusion(programme->state, request->person->id, volunteer->person->id);
    return !e || (!e->declined && !e->ended);
}

static struct member *best_buddy(const struct request *request, const struct free_list *list, int64_t now_us)
{
    const struct programme *programme = request->programme;
    const struct match_person *asker = &request->person->about;
    int waited = match_waited_days(request->opened_us, now_us);
    struct member *best = NULL;
    int best_score = -1;
    for (size_t i = 0; i < list->n; i++) {
        struct member *m = list->members[i];
        if (!can_help(m, request))
            continue;
        int score =
            match_score_total(asker, &m->person->about, &programme->rules, &programme->weights, waited);
        if (score > best_score ||
            (score == best_score && bus_id_compare(m->person->id, best->person->id) < 0)) {
            best = m;
            best_score = score;
        }
    }
    return best;
}

/* Whether a duo decides it, which they have or are about to have: then nobody else is looked for. */
static bool duo_decides(const struct request *request, struct member **ret_buddy)
{
    struct member *asker = state_member(request->person, request->programme, COMMON_SIDE_NEWCOMER);
    *ret_buddy = asker ? own_buddy(asker) : NULL;
    return *ret_buddy || (asker && asker->held > 0);
}

/* Requests are open mostly because nobody is free: so who is, is looked up once, and not for each of them. */
static struct member *look_for_buddy(struct bus_context *ctx, const struct request *request,
                                     struct member *preferred, struct free_list *list)
{
    struct member *buddy = NULL;
    if (request->person->away || duo_decides(request, &buddy))
        return buddy;
    if (preferred && can_help(preferred, request))
        return preferred;
    if (!list->members)
        *list = free_volunteers(ctx, request->programme);
    return best_buddy(request, list, ctx->now_us);
}

struct member *request_buddy(struct bus_context *ctx, const struct request *request, struct member *preferred)
{
    struct free_list list = {0};
    return look_for_buddy(ctx, request, preferred, &list);
}

enum bus_status requests_serve(struct bus_context *ctx, struct programme *programme)
{
    struct free_list list = {0};
    enum bus_status status = BUS_OK;
    for (struct request *r = programme->requests; r && status == BUS_OK; r = r->next) {
        struct member *buddy = r->buddy ? NULL : look_for_buddy(ctx, r, NULL, &list);
        if (buddy)
            status = request_assign(ctx, r, buddy);
    }
    return status;
}

static enum bus_status reopen(struct bus_context *ctx, struct request *request)
{
    struct matching_help_request_reopened reopened = {REQUEST_FIELDS(request),
                                                      .buddy_id = request->buddy->person->id};
    state_give_request(request, NULL);
    request->assigned_us = 0;
    request->state = MATCHING_HELP_STATE_OPEN;
    enum bus_status status = request_put(ctx, request);
    return status == BUS_OK
               ? bus_say(ctx, &matching_help_request_reopened_type, bus_id_text(ctx, request->id), &reopened)
               : status;
}

enum bus_status request_hand_over(struct bus_context *ctx, struct request *request)
{
    struct member *asker = state_member(request->person, request->programme, COMMON_SIDE_NEWCOMER);
    if (!request->programme->ended || (!request->person->away && asker && own_buddy(asker)))
        return reopen(ctx, request);
    state_give_request(request, NULL);
    request->assigned_us = 0;
    return request_drop(ctx, request, MATCHING_HELP_DROP_REASON_PROGRAMME_ENDED);
}

/* In a programme that has ended who is in a duo with who asks keeps it. */
static bool keeps(const struct request *request)
{
    return request->programme->ended && !request->task && !request->buddy->person->gone;
}

enum bus_status requests_hand_over(struct bus_context *ctx, struct member *buddy)
{
    enum bus_status status = BUS_OK;
    for (struct request *r = buddy->programme->requests, *next; r && status == BUS_OK; r = next) {
        next = r->next;
        if (r->buddy == buddy && !keeps(r))
            status = request_hand_over(ctx, r);
    }
    return status;
}
