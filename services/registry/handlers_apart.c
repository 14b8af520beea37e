/* That two entries that look alike are two people, and that this is taken back. */
#include "bus/service.h"
#include "person_store.h"
#include "said.h"
#include "schema/registry.h"
#include "sql/registry.h"

static enum bus_status get_two(struct bus_context *ctx, struct bus_id one_id, struct bus_id other_id,
                               struct person *one, struct person *other)
{
    enum bus_status status = person_get_known(ctx, one_id, one);
    if (status == BUS_OK)
        status = person_get_known(ctx, other_id, other);
    if (status == BUS_OK && bus_id_equal(one->id, other->id))
        return bus_fail(ctx->err, BUS_CONFLICT, "these two are one person already");
    return status;
}

static enum bus_status note(struct bus_context *ctx, const struct bus_sql *statement,
                            const struct person *one, const struct person *other, bool *ret_changed)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, statement, BUS_ID(one->id), BUS_ID(other->id));
    *ret_changed = rows.n > 0;
    return status;
}

enum bus_status on_registry_dismiss_duplicate(struct bus_context *ctx,
                                              const struct registry_dismiss_duplicate *message)
{
    struct person one, other;
    bool is_new = false;
    enum bus_status status = get_two(ctx, message->person_id, message->other_id, &one, &other);
    if (status == BUS_OK)
        status = note(ctx, &registry_told_apart_put, &one, &other, &is_new);
    struct registry_duplicate_dismissed said = {
        .person_id = one.id, .other_id = other.id, .partnership = one.partnership};
    if (status == BUS_OK && is_new)
        status = say(ctx, &registry_duplicate_dismissed_type, bus_id_text(ctx, one.id), one.partnership,
                     one.nis, &said);
    struct registry_dismiss_duplicate_reply reply = {.person_id = one.id, .other_id = other.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_restore_duplicate(struct bus_context *ctx,
                                              const struct registry_restore_duplicate *message)
{
    struct person one, other;
    bool was_said = false;
    enum bus_status status = get_two(ctx, message->person_id, message->other_id, &one, &other);
    if (status == BUS_OK)
        status = note(ctx, &registry_told_apart_drop, &one, &other, &was_said);
    if (status == BUS_OK && !was_said)
        return bus_fail(ctx->err, BUS_CONFLICT, "nobody said that these are two people");
    struct registry_duplicate_restored said = {
        .person_id = one.id, .other_id = other.id, .partnership = one.partnership};
    if (status == BUS_OK)
        status = say(ctx, &registry_duplicate_restored_type, bus_id_text(ctx, one.id), one.partnership,
                     one.nis, &said);
    struct registry_restore_duplicate_reply reply = {.person_id = one.id, .other_id = other.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
