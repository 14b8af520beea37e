/* Everything that comes in by the ROUTER: who may ask what, and who answers it. Commands wait in a queue for the
 * next turn; what only reads goes to the reader's thread. */
#include <sodium.h>
#include <string.h>

#include "app/admin.h"
#include "app/conduct.h"
#include "app/loop.h"
#include "app/reader.h"
#include "app/readers.h"
#include "bus/keys.h"
#include "bus/pack.h"
#include "bus/scan.h"

#define COMMANDS_MAX 10000
#define COMMAND_WAIT_US (5 * BUS_SECOND_US) /* for what it was written after */

void requests_reply(struct loop *loop, struct bus_bytes route, const char *verb, struct bus_bytes body)
{
    net_reply(loop->net, route, verb, &body, 1);
}

static void refuse_command(struct loop *loop, struct bus_bytes route, const struct bus_error *err)
{
    struct bus_bytes body[2];
    reply_frames(loop->arena, err->status, err, NULL, 0, (struct bus_bytes){0}, body);
    net_reply(loop->net, route, "REPLY", body, 2);
}

static void refuse_verb(struct loop *loop, const struct net_request *request, const char *code, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    loop->metrics.refused++;
    bus_pack_map(&out, 3);
    bus_pack_text(&out, "code");
    bus_pack_text(&out, code);
    bus_pack_text(&out, "retry_ms");
    bus_pack_int(&out, 0);
    bus_pack_text(&out, "text");
    bus_pack_text(&out, text);
    requests_reply(loop, request->route, "ERR", bus_buffer_bytes(&out));
}

/* ---- commands */

static const struct bus_on *find_command(const struct bus_on *table, const char *type)
{
    for (; table != NULL && table->type != NULL; table++)
        if (strcmp(table->type->type, type) == 0)
            return table;
    return NULL;
}

static struct bus_bytes keep(struct bus_arena *arena, struct bus_bytes bytes)
{
    return bus_bytes(bus_copy(arena, bytes.data, bytes.size), bytes.size);
}

static enum bus_status read_command(struct loop *loop, const struct net_request *request, struct command *command,
                                    struct bus_error *err)
{
    if (request->body_n != 2)
        return bus_fail(err, BUS_INVALID, "a command is two frames: header and data");
    enum bus_status status = bus_header_decode(request->body[0], command->arena, &command->header, err);
    if (status == BUS_OK)
        status = bus_scan_map(request->body[1], &bus_scan_command, err);
    if (status != BUS_OK)
        return status;
    command->on = find_command(loop->service->commands, command->header.type);
    if (command->on == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "%s has no command %s", loop->service->name, command->header.type);
    if (loop->commands_n >= COMMANDS_MAX)
        return bus_fail_code(err, BUS_RETRY, "BUS-BUSY", "too many commands are waiting; try again");
    return BUS_OK;
}

static void digest(struct command *command)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof command->digest);
    crypto_generichash_update(&state, (const uint8_t *)command->header.type, strlen(command->header.type));
    crypto_generichash_update(&state, command->data.data, command->data.size);
    crypto_generichash_final(&state, command->digest, sizeof command->digest);
}

static void take_command(struct loop *loop, const struct net_request *request)
{
    struct bus_arena *arena = bus_arena_new();
    struct command *command = bus_alloc(arena, sizeof *command);
    struct bus_error err = {0};
    command->arena = arena;
    if (read_command(loop, request, command, &err) != BUS_OK) {
        refuse_command(loop, request->route, &err);
        bus_arena_free(&arena);
        return;
    }
    command->route = keep(arena, request->route);
    command->data = keep(arena, request->body[1]);
    command->peer = bus_strdup(arena, request->peer);
    command->arrived_us = bus_clock_monotonic_us();
    bool conducted = loop->clock.mode == STORE_CLOCK_CONDUCTED;
    command->time_us = conducted && command->header.time_us ? command->header.time_us : loop_now(loop);
    if (command->header.actor == NULL)
        command->header.actor = command->peer;
    /* The length tells where an actor's name ends, whatever it holds. */
    command->key = bus_printf(arena, "%s/%zu:%s/%s", command->peer, strlen(command->header.actor),
                              command->header.actor, command->header.id);
    digest(command);
    *loop->commands_end = command;
    loop->commands_end = &command->next;
    loop->commands_n++;
}

static void unlink_command(struct loop *loop, struct command **at)
{
    struct command *command = *at;
    *at = command->next;
    if (loop->commands_end == &command->next)
        loop->commands_end = at;
    loop->commands_n--;
    struct bus_arena *arena = command->arena;
    bus_arena_free(&arena);
}

void commands_remove(struct loop *loop, struct command *command)
{
    for (struct command **at = &loop->commands; *at != NULL; at = &(*at)->next)
        if (*at == command) {
            unlink_command(loop, at);
            return;
        }
}

/* A command that waits too long for what it was written after, or for the database, is given back. */
static void give_back_overdue(struct loop *loop)
{
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return;
    int64_t now = bus_clock_monotonic_us();
    while (loop->commands != NULL && now - loop->commands->arrived_us > COMMAND_WAIT_US) {
        struct bus_error err = {0};
        (void)bus_fail_code(&err, BUS_RETRY, "BUS-NOT-READY", "%s is not ready for this; try again with the same id",
                            loop->service->name);
        refuse_command(loop, loop->commands->route, &err);
        unlink_command(loop, &loop->commands);
    }
}

/* ---- status */

static void pack_asks(struct bus_buffer *out, const char *const *asks)
{
    uint32_t n = 0;
    while (asks != NULL && asks[n] != NULL)
        n++;
    bus_pack_text(out, "asks");
    bus_pack_array(out, n);
    for (uint32_t i = 0; i < n; i++)
        bus_pack_text(out, asks[i]);
}

static void answer_status(struct loop *loop, const struct net_request *request)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    const struct store_head *head = store_head_get(loop->store);
    static const char *const clocks[] = {"wall", "conducted", "offset"};
    const char *why = "ready";
    bool ready = loop_ready(loop, &why);
    bus_pack_map(&out, 14);
    bus_pack_text(&out, "service");
    bus_pack_text(&out, loop->service->name);
    bus_pack_text(&out, "state");
    bus_pack_text(&out, ready ? "ready" : why);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, head->epoch);
    bus_pack_text(&out, "head");
    bus_pack_int(&out, head->last_seq);
    bus_pack_text(&out, "first");
    bus_pack_int(&out, head->first_seq);
    bus_pack_text(&out, "turn");
    bus_pack_int(&out, head->turn);
    bus_pack_text(&out, "uptime_s");
    bus_pack_int(&out, (bus_clock_monotonic_us() - loop->started_us) / BUS_SECOND_US);
    bus_pack_text(&out, "dead");
    bus_pack_int(&out, (int64_t)store_dead_count(loop->store));
    bus_pack_text(&out, "clock");
    bus_pack_text(&out, clocks[loop->clock.mode]);
    bus_pack_text(&out, "now");
    bus_pack_time(&out, loop_now(loop));
    bus_pack_text(&out, "timeless");
    bus_pack_bool(&out, loop->service->timers == NULL && loop->service->effects == NULL);
    pack_asks(&out, loop->service->asks);
    readers_pack(loop, &out);
    bus_pack_text(&out, "follows");
    bus_pack_array(&out, (uint32_t)loop->sources_n);
    for (size_t i = 0; i < loop->sources_n; i++) {
        const struct follow *follow = &loop->sources[i].follow;
        bus_pack_map(&out, 5);
        bus_pack_text(&out, "stream");
        bus_pack_text(&out, loop->sources[i].name);
        bus_pack_text(&out, "seq");
        bus_pack_int(&out, follow->seq);
        bus_pack_text(&out, "head");
        bus_pack_int(&out, follow->head);
        bus_pack_text(&out, "lag");
        bus_pack_int(&out, follow->head - follow->seq);
        bus_pack_text(&out, "state");
        bus_pack_text(&out, follow_state_name(follow->state));
    }
    requests_reply(loop, request->route, "STATUS", bus_buffer_bytes(&out));
}

/* ---- who may ask what */

enum room { ROOM_ANYONE, ROOM_PEERS, ROOM_OPERATORS };

static const struct verb {
    const char *name;
    enum room room;
    void (*take)(struct loop *loop, const struct net_request *request);
} verbs[] = {
    {"COMMAND", ROOM_PEERS, take_command},     {"QUERY", ROOM_PEERS, reader_request},
    {"HELLO", ROOM_ANYONE, reader_request},    {"FETCH", ROOM_ANYONE, reader_request},
    {"POS", ROOM_ANYONE, readers_request},     {"STATUS", ROOM_ANYONE, answer_status},    {"ADMIN", ROOM_OPERATORS, admin_request},
    {"STEP", ROOM_OPERATORS, conduct_request}, {"RELEASE", ROOM_OPERATORS, conduct_request},
};

static bool may(const char *role, enum room room)
{
    if (room == ROOM_ANYONE || strcmp(role, BUS_ROLE_OPERATOR) == 0)
        return true;
    return room == ROOM_PEERS && strcmp(role, BUS_ROLE_PEER) == 0;
}

static void dispatch(struct loop *loop, const struct net_request *request)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, request->verb) != 0)
            continue;
        if (!may(request->role, verbs[i].room))
            refuse_verb(loop, request, "DENIED", "your key may not ask this");
        else
            verbs[i].take(loop, request);
        return;
    }
    refuse_verb(loop, request, "UNKNOWN", "no such verb");
}

void requests_take(struct loop *loop)
{
    struct net_request request;
    for (int n = 0; n < 2000 && net_take_request(loop->net, loop->arena, &request); n++)
        dispatch(loop, &request);
    give_back_overdue(loop);
}
