/* Everything that comes in by the ROUTER: who may ask what, and who answers it. Commands wait in a queue for
 * the next turn; what only reads goes to the reader's thread. */
#include <string.h>

#include "app/admin.h"
#include "app/ahead.h"
#include "app/commands.h"
#include "app/conduct.h"
#include "app/loop.h"
#include "app/reader.h"
#include "app/readers.h"
#include "app/reply.h"
#include "app/status.h"
#include "bus/cursor.h"
#include "bus/keys.h"
#include "bus/scan.h"

enum room { ROOM_ANYONE, ROOM_PEERS, ROOM_OPERATORS };

static const struct verb {
    const char *name;
    enum room room;
    const char *grant; /* what the grants of a key call it; NULL: its role says all */
    void (*take)(struct loop *loop, const struct net_request *request);
} verbs[] = {
    {"COMMAND", ROOM_PEERS, "asks", commands_request},   {"REPEAT", ROOM_PEERS, "asks", commands_request},
    {"QUERY", ROOM_PEERS, "asks", reader_request},       {"HELLO", ROOM_ANYONE, "reads", reader_request_log},
    {"FETCH", ROOM_ANYONE, "reads", reader_request_log}, {"POS", ROOM_ANYONE, "reads", readers_request},
    {"STATUS", ROOM_ANYONE, NULL, status_request},       {"ADMIN", ROOM_OPERATORS, NULL, admin_request},
    {"STEP", ROOM_OPERATORS, NULL, conduct_request},     {"RELEASE", ROOM_OPERATORS, NULL, conduct_request},
    {"HOLD", ROOM_OPERATORS, NULL, conduct_request},
};

static void refuse(struct loop *loop, const struct net_request *request, const char *code, const char *text)
{
    loop->metrics.refused++;
    reply_error(loop, request->route, code, text);
}

static bool has_role(const char *role, enum room room)
{
    if (room == ROOM_ANYONE || strcmp(role, BUS_ROLE_OPERATOR) == 0)
        return true;
    return room == ROOM_PEERS && strcmp(role, BUS_ROLE_PEER) == 0;
}

/* By the name of this service; what is asked also by its type, which the handler reads from the same bytes.
 */
static bool is_granted(struct loop *loop, const struct net_request *request, const char *grant)
{
    if (grant == NULL || bus_key_grants(request->grants, grant, loop->service->name))
        return true;
    if (strcmp(grant, "asks") != 0 || request->body_n == 0 ||
        bus_scan_map(request->body[0], &bus_scan_header, NULL) != BUS_OK)
        return false;
    const char *type = bus_cursor_get_text(request->body[0], "type", loop->arena, NULL);
    return type != NULL && bus_key_grants(request->grants, grant, type);
}

/* An operator's may take more than one round trip to the database, and another be taken meanwhile (halt.h).
 */
static bool make_ready(struct loop *loop, struct net_request *request)
{
    struct bus_error err = {0}; /* the next turn meets it too, and tells */
    if (away_halted_us(loop) != 0)
        return false;
    for (size_t i = 0; i < request->body_n; i++)
        request->body[i] = bus_bytes(bus_copy(loop->arena, request->body[i].data, request->body[i].size),
                                     request->body[i].size);
    return ahead_settle(loop, NULL, &err) == BUS_OK;
}

static void dispatch(struct loop *loop, struct net_request *request)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, request->verb) != 0)
            continue;
        if (!has_role(request->role, verbs[i].room) || !is_granted(loop, request, verbs[i].grant))
            refuse(loop, request, "DENIED", "your key may not ask this: see the grants in its file");
        else if (verbs[i].room == ROOM_OPERATORS && !make_ready(loop, request))
            refuse(loop, request, "BUSY", "the service is not ready for this; try again");
        else
            verbs[i].take(loop, request);
        return;
    }
    refuse(loop, request, "UNKNOWN", "no such verb");
}

void requests_take(struct loop *loop)
{
    struct net_request request;
    for (int n = 0; n < 2000 && net_take_request(loop->net, loop->arena, &request); n++)
        dispatch(loop, &request);
    commands_give_back(loop);
}
