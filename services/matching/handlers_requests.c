/* Requests for help, in support-buddy programmes: one thing at a time, one after the other. */
#include "acts.h"
#include "bus/service.h"
#include "places.h"
#include "schema/matching.h"
#include "sql/matching.h"

static enum bus_status find_any(struct bus_context *ctx, struct bus_id id, struct request **ret)
{
    *ret = state_request(ctx->state, id);
    if (*ret)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_help_request_get, BUS_ID(id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no request %s", bus_id_text(ctx, id));
    status = may_row(ctx, &rows);
    if (status != BUS_OK)
        return status;
    return bus_fail(ctx->err, BUS_CONFLICT, "this request is over: it is %s",
                    bus_row_text(&rows, 0, 0, ctx->arena));
}

/* The request a command is about, which its sender may touch. */
static enum bus_status find_request(struct bus_context *ctx, struct bus_id id, struct request **ret)
{
    enum bus_status status = find_any(ctx, id, ret);
    return status != BUS_OK ? status : may(ctx, (*ret)->programme, (*ret)->nis);
}

/* A buddy named by a coordinator may be full, or rest: they have agreed on it. */
static enum bus_status find_buddy(struct bus_context *ctx, struct bus_id buddy_id,
                                  struct programme *programme, const struct person *asker,
                                  struct member **ret)
{
    struct person *person = state_person(ctx->state, buddy_id);
    *ret = person && !person->gone ? state_member(person, programme, COMMON_SIDE_VOLUNTEER) : NULL;
    if (!*ret)
        return bus_fail(ctx->err, BUS_CONFLICT, "the buddy is no volunteer of %s: hold an intake first",
                        programme->id);
    if (person == asker)
        return bus_fail(ctx->err, BUS_CONFLICT, "the buddy is the person who asks");
    if (!member_volunteers(*ret))
        return bus_fail(ctx->err, BUS_CONFLICT, "the buddy has stopped: recruit them again first");
    return BUS_OK;
}

/* Who last helped this person: they know each other. */
static enum bus_status last_buddy(struct bus_context *ctx, const struct request *request, struct member **ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    *ret = NULL;
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_last_buddy,
                                       BUS_TEXT(request->programme->id), BUS_ID(request->person->id));
    if (status != BUS_OK)
        return status;
    struct person *person = rows.n > 0 ? state_person(ctx->state, bus_row_id(&rows, 0, 0)) : NULL;
    if (person && !person->gone)
        *ret = state_member(person, request->programme, COMMON_SIDE_VOLUNTEER);
    return BUS_OK;
}

static enum bus_status check_open(struct bus_context *ctx, const struct matching_open_help_request *in,
                                  struct request *ret_filled)
{
    struct programme *programme = state_programme(ctx->state, in->programme);
    struct person *person = state_person(ctx->state, in->person_id);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", in->programme);
    if (programme->kind != COMMON_PROGRAMME_KIND_SUPPORT_BUDDY)
        return bus_fail(ctx->err, BUS_CONFLICT, "%s is not a support-buddy programme", in->programme);
    if (!person || person->gone)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no person %s", bus_id_text(ctx, in->person_id));
    *ret_filled =
        (struct request){.id = in->request_id, .programme = programme, .person = person, .topic = in->topic};
    struct request *same = NULL;
    enum bus_status status = may(ctx, programme, person->nis);
    if (status == BUS_OK)
        status = goes_on(ctx, programme);
    if (status != BUS_OK || bus_id_is_nil(in->request_id))
        return status;
    status = find_any(ctx, in->request_id, &same);
    if (status == BUS_NOT_FOUND)
        return BUS_OK;
    return status != BUS_OK && status != BUS_CONFLICT
               ? status
               : bus_fail(ctx->err, BUS_CONFLICT, "there is a request with this id already: make a new id");
}

enum bus_status on_matching_open_help_request(struct bus_context *ctx,
                                              const struct matching_open_help_request *in)
{
    struct request filled;
    struct member *buddy = NULL, *preferred = NULL;
    enum bus_status status = check_open(ctx, in, &filled);
    if (status == BUS_OK)
        status = bus_id_is_nil(in->buddy_id)
                     ? last_buddy(ctx, &filled, &preferred)
                     : find_buddy(ctx, in->buddy_id, filled.programme, filled.person, &buddy);
    if (status != BUS_OK)
        return status;
    if (bus_id_is_nil(filled.id))
        filled.id = bus_new_id(ctx);
    struct request *request = NULL;
    status = request_open(ctx, &filled, &request);
    if (status != BUS_OK)
        return status;
    if (!buddy)
        buddy = request_buddy(ctx, request, preferred);
    if (buddy)
        status = request_assign(ctx, request, buddy);
    if (status != BUS_OK)
        return status;
    struct matching_open_help_request_reply reply = {.request_id = request->id, .state = request->state};
    if (buddy)
        reply.buddy_id = buddy->person->id;
    status = programme_match(ctx, request->programme, NULL);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

enum bus_status on_matching_assign_help_request(struct bus_context *ctx,
                                                const struct matching_assign_help_request *in)
{
    struct request *request = NULL;
    struct member *buddy = NULL;
    enum bus_status status = find_request(ctx, in->request_id, &request);
    if (status == BUS_OK)
        status = find_buddy(ctx, in->buddy_id, request->programme, request->person, &buddy);
    if (status != BUS_OK)
        return status;
    if (request->buddy != buddy) {
        status = request_assign(ctx, request, buddy);
        if (status == BUS_OK)
            status = programme_match(ctx, request->programme, NULL);
    }
    if (status == BUS_OK)
        status = bus_reply(ctx, &(struct matching_assign_help_request_reply){.request_id = in->request_id});
    return status;
}

enum bus_status on_matching_fulfil_help_request(struct bus_context *ctx,
                                                const struct matching_fulfil_help_request *in)
{
    struct request *request = NULL;
    enum bus_status status = find_request(ctx, in->request_id, &request);
    if (status != BUS_OK)
        return status;
    if (!request->buddy)
        return bus_fail(ctx->err, BUS_CONFLICT, "no buddy has this request: assign it first");
    struct programme *programme = request->programme;
    struct matching_fulfil_help_request_reply reply = {.request_id = request->id,
                                                       .buddy_id = request->buddy->person->id};
    status = request_fulfil(ctx, request, in->has_hours ? in->hours : 0);
    if (status == BUS_OK)
        status = programme_match(ctx, programme, NULL);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

enum bus_status on_matching_drop_help_request(struct bus_context *ctx,
                                              const struct matching_drop_help_request *in)
{
    struct request *request = NULL;
    enum bus_status status = find_request(ctx, in->request_id, &request);
    if (status != BUS_OK)
        return status;
    struct programme *programme = request->programme;
    status = request_drop(ctx, request, in->reason);
    if (status == BUS_OK)
        status = programme_match(ctx, programme, NULL);
    if (status == BUS_OK)
        status = bus_reply(ctx, &(struct matching_drop_help_request_reply){.request_id = in->request_id});
    return status;
}
