/* See commands.h. */
#include "app/commands.h"

#include <sodium.h>
#include <string.h>

#include "app/reply.h"
#include "bus/scan.h"

#define COMMANDS_MAX       10000
#define COMMANDS_BYTES_MAX (32 << 20)          /* a service has some 256 MiB in a container */
#define COMMAND_WAIT_US    (5 * BUS_SECOND_US) /* for what it was written after */

bool commands_have_room(const struct loop *loop, size_t bytes)
{
    return loop->commands_n < COMMANDS_MAX && loop->commands_bytes + bytes <= COMMANDS_BYTES_MAX;
}

static struct bus_bytes keep(struct bus_arena *arena, struct bus_bytes bytes)
{
    return bus_bytes(bus_copy(arena, bytes.data, bytes.size), bytes.size);
}

static enum bus_status read_command(struct loop *loop, const struct net_request *request,
                                    struct command *command, struct bus_error *err)
{
    if (request->body_n != 2)
        return bus_fail(err, BUS_INVALID, "a command is two frames: header and data");
    enum bus_status status = bus_header_decode(request->body[0], command->arena, &command->header, err);
    if (status == BUS_OK)
        status = bus_scan_map(request->body[1], &bus_scan_command, err);
    if (status != BUS_OK)
        return status;
    command->on = on_find(loop->service->commands, command->header.type);
    if (command->on == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "%s has no command %s", loop->service->name,
                        command->header.type);
    if (!commands_have_room(loop, request->body[0].size + request->body[1].size))
        return bus_fail_code(err, BUS_RETRY, "BUS-BUSY", "too many commands are waiting; try again");
    return BUS_OK;
}

static void digest(const struct loop *loop, struct command *command)
{
    const uint8_t *key = loop->digest_key;
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, sizeof loop->digest_key - DIGEST_TAG_BYTES,
                            DIGEST_BYTES - DIGEST_TAG_BYTES);
    crypto_generichash_update(&state, (const uint8_t *)command->header.type, strlen(command->header.type));
    crypto_generichash_update(&state, command->data.data, command->data.size);
    memcpy(command->digest, key + sizeof loop->digest_key - DIGEST_TAG_BYTES, DIGEST_TAG_BYTES);
    crypto_generichash_final(&state, command->digest + DIGEST_TAG_BYTES, DIGEST_BYTES - DIGEST_TAG_BYTES);
}

void commands_request(struct loop *loop, const struct net_request *request)
{
    struct bus_arena *arena = bus_arena_new_small();
    struct command *command = bus_alloc(arena, sizeof *command);
    struct bus_error err = {0};
    command->arena = arena;
    if (read_command(loop, request, command, &err) != BUS_OK) {
        reply_refuse(loop, request->route, &err);
        bus_arena_free(&arena);
        return;
    }
    command->route = keep(arena, request->route);
    command->data = keep(arena, request->body[1]);
    command->bytes = request->body[0].size + request->body[1].size;
    command->only_repeated = strcmp(request->verb, "REPEAT") == 0;
    command->peer = bus_strdup(arena, request->peer);
    command->arrived_us = bus_clock_monotonic_us();
    bool conducted = loop->clock.mode == STORE_CLOCK_CONDUCTED;
    command->time_us = conducted && command->header.time_us ? command->header.time_us : loop_now(loop);
    if (command->header.actor == NULL)
        command->header.actor = command->peer;
    /* The length tells where an actor's name ends, whatever it holds. */
    command->key =
        item_key(arena, bus_printf(arena, "%s/%zu:%s/%s", command->peer, strlen(command->header.actor),
                                   command->header.actor, command->header.id));
    digest(loop, command);
    commands_add(loop, command);
}

void commands_add(struct loop *loop, struct command *command)
{
    *loop->commands_end = command;
    loop->commands_end = &command->next;
    loop->commands_n++;
    loop->commands_bytes += command->bytes;
}

static void unlink_command(struct loop *loop, struct command **at)
{
    struct command *command = *at;
    *at = command->next;
    if (loop->commands_end == &command->next)
        loop->commands_end = at;
    loop->commands_n--;
    loop->commands_bytes -= command->bytes;
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

void commands_answer(struct loop *loop, struct command *command, const struct bus_bytes reply[2])
{
    if (!command->given_back)
        net_reply(loop->net, command->route, "REPLY", reply, 2);
    commands_remove(loop, command);
}

void commands_refuse(struct loop *loop, struct command *command, const struct bus_error *why)
{
    if (!command->given_back)
        reply_refuse(loop, command->route, why);
    commands_remove(loop, command);
}

static void give_back(struct loop *loop, struct command *command, const char *code)
{
    struct bus_error err = {0};
    if (command->given_back)
        return;
    (void)bus_fail_code(&err, BUS_RETRY, code, "%s is not ready for this; try again with the same id",
                        loop->service->name);
    reply_refuse(loop, command->route, &err);
    command->given_back = true;
}

/* Some that came before may be in the batch at hand: they are forgotten once it is known what became of it.
 */
static void give_back_all(struct loop *loop)
{
    for (struct command **at = &loop->commands; *at != NULL;) {
        give_back(loop, *at, "BUS-AWAY");
        if (away_halted_us(loop) != 0 && (*at)->arrived_us <= away_halted_us(loop))
            at = &(*at)->next;
        else
            unlink_command(loop, at);
    }
}

void commands_give_back(struct loop *loop)
{
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return;
    if (away_may_be_replaced(loop))
        give_back_all(loop);
    if (away_halted_us(loop) != 0)
        return;
    int64_t now = bus_clock_monotonic_us();
    while (loop->commands != NULL && !loop->commands->under_way &&
           (loop->commands->given_back || now - loop->commands->arrived_us > COMMAND_WAIT_US)) {
        give_back(loop, loop->commands, "BUS-NOT-READY");
        unlink_command(loop, &loop->commands);
    }
}
