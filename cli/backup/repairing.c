/* See repairing.h. */
#include "repairing.h"

#include <inttypes.h>

#include "bus/clock.h"
#include "bus/log.h"
#include "restoring.h"
#include "stack/connection.h"
#include "stack/lost_people.h"
#include "stack/pgclient.h"
#include "stack/revoked_tokens.h"
#include "stack/streams.h"

#define OWN_ARGUMENTS 3

static enum bus_status on_schemas(const struct postgres *postgres, const struct streams *streams,
                                  const char *program, const char *const own[OWN_ARGUMENTS],
                                  struct bus_error *err)
{
    const char *arguments[OWN_ARGUMENTS + STACK_SERVICES + 1] = {own[0], own[1], own[2]};
    size_t n = OWN_ARGUMENTS;
    for (int i = 0; i < STACK_SERVICES; i++)
        if (streams->chosen[i])
            arguments[n++] = bus_printf(postgres->stack->arena, "--schema=%s", stack_services[i]);
    arguments[n] = NULL;
    return pgclient_run(postgres, program, arguments, NULL, NULL, err);
}

static enum bus_status keep(const struct postgres *postgres, const struct streams *streams,
                            struct bus_error *err)
{
    char time[BUS_TIME_TEXT];
    bus_time_format(bus_clock_wall_us(), time);
    const struct stack *stack = postgres->stack;
    const char *const own[OWN_ARGUMENTS] = {
        "--format=custom",
        bus_printf(stack->arena, "--file=%s", stack_path(stack, "before-repair-%s.dump", time)),
        "--dbname=" POSTGRES_DATABASE};
    return on_schemas(postgres, streams, "pg_dump", own, err);
}

/* From the file last, as pg_restore takes it for an operand. */
static enum bus_status load(const struct postgres *postgres, const struct streams *streams,
                            struct bus_error *err)
{
    const char *const own[OWN_ARGUMENTS] = {restoring_dump(postgres->stack), "--single-transaction",
                                            "--dbname=" POSTGRES_DATABASE};
    return on_schemas(postgres, streams, "pg_restore", own, err);
}

static void tell(const struct streams *before, const struct streams *after, struct bus_arena *arena,
                 void (*on_text)(void *arg, const char *text), void *arg)
{
    for (int i = 0; i < STACK_SERVICES; i++)
        if (before->chosen[i])
            on_text(arg, bus_printf(arena, "%-13s is back at %" PRId64 " of its stream, from %" PRId64,
                                    stack_services[i], after->heads[i], before->heads[i]));
}

/* Everything that may still say that the repair cannot be. */
static enum bus_status replace(const struct postgres *postgres, PGconn *connection,
                               const struct streams *streams, struct bus_error *err)
{
    enum bus_status status = streams_put_aside(connection, streams, postgres->stack->arena, err);
    if (status == BUS_OK)
        status = load(postgres, streams, err);
    if (status == BUS_OK)
        status = streams_raise(connection, streams, err);
    if (status == BUS_OK)
        status = streams_fit(connection, postgres->stack, err);
    return status == BUS_OK ? streams_readers_back(connection, streams, err) : status;
}

static enum bus_status exchange(const struct postgres *postgres, PGconn *connection, const char *service,
                                void (*on_text)(void *arg, const char *text), void *arg,
                                struct bus_error *err)
{
    struct bus_arena *arena = postgres->stack->arena;
    struct streams before = {0}, after;
    before.chosen[stack_service_index(service)] = true;
    streams_heads(connection, &before);
    streams_choose_followers(&before);
    bool people = before.chosen[stack_service_index("registry")];
    if (people)
        lost_people_note(connection);
    enum bus_status status = keep(postgres, &before, err);
    if (status == BUS_OK)
        status = replace(postgres, connection, &before, err);
    if (status == BUS_OK && before.chosen[stack_service_index("gateway")])
        status = revoked_tokens_revoke_again(connection, arena, on_text, arg, err);
    if (status == BUS_OK && people)
        status = lost_people_tell(connection, postgres->stack, on_text, arg, err);
    if (status == BUS_OK)
        status = streams_drop_aside(connection, arena, err);
    if (status != BUS_OK)
        return status;
    after = before;
    streams_heads(connection, &after);
    tell(&before, &after, arena, on_text, arg);
    return BUS_OK;
}

/* After a repair that failed all is as it was, and the stack may start. */
static void undo(const struct stack *stack, PGconn *connection)
{
    struct bus_error why;
    if (streams_put_back(connection, stack->arena, &why) != BUS_OK || restoring_finish(stack, &why) != BUS_OK)
        bus_log_error("the repair is not undone: %s: run it again", why.text);
}

enum bus_status repairing_run(const struct postgres *postgres, const char *service,
                              void (*on_text)(void *arg, const char *text), void *arg, struct bus_error *err)
{
    const struct stack *stack = postgres->stack;
    AUTO(connection_done) PGconn *connection = NULL;
    enum bus_status status = connection_open(stack, &connection, err);
    if (status == BUS_OK) /* of one that was cut off */
        status = streams_put_back(connection, stack->arena, err);
    if (status != BUS_OK)
        return status;
    status = exchange(postgres, connection, service, on_text, arg, err);
    if (status != BUS_OK)
        undo(stack, connection);
    return status;
}
