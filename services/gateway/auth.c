/* See auth.h. */
#include "auth.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "input.h"
#include "schema/gateway.h"
#include "token.h"

#define KNOWN_MAX    256
#define KNOWN_US     (3 * BUS_SECOND_US)
#define TOKEN_LENGTH 200

struct known {
    uint8_t hash[TOKEN_HASH];
    struct bus_arena *arena; /* NULL: the place is free */
    struct who who;
    int64_t until_us;
};

struct auth {
    struct known known[KNOWN_MAX];
    size_t next; /* to be replaced */
};

struct auth *auth_new(void)
{
    struct auth *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for tokens");
    return self;
}

void auth_forget(struct auth *self)
{
    for (size_t i = 0; i < KNOWN_MAX; i++)
        self->known[i].until_us = 0;
}

void auth_free(struct auth **self_p)
{
    if (*self_p == NULL)
        return;
    for (size_t i = 0; i < KNOWN_MAX; i++)
        bus_arena_free(&(*self_p)->known[i].arena);
    free(*self_p);
    *self_p = NULL;
}

static const struct who *find(const struct auth *self, const uint8_t hash[TOKEN_HASH])
{
    int64_t now_us = bus_clock_monotonic_us();
    for (size_t i = 0; i < KNOWN_MAX; i++)
        if (self->known[i].until_us > now_us && memcmp(self->known[i].hash, hash, TOKEN_HASH) == 0)
            return &self->known[i].who;
    return NULL;
}

static const struct who *keep(struct auth *self, const uint8_t hash[TOKEN_HASH],
                              const struct gateway_check_token_reply *reply)
{
    struct known *known = &self->known[self->next++ % KNOWN_MAX];
    char id[BUS_ID_TEXT];
    bus_id_format(reply->token_id, id);
    struct who who = {.id = id,
                      .name = reply->name,
                      .scopes = reply->scopes,
                      .scopes_n = reply->scopes_n,
                      .nis = reply->nis,
                      .nis_n = reply->nis_n,
                      .partnerships = reply->partnerships,
                      .partnerships_n = reply->partnerships_n,
                      .sources = reply->sources,
                      .sources_n = reply->sources_n};
    bus_arena_free(&known->arena);
    known->arena = bus_arena_new();
    who_copy(known->arena, &who, &known->who);
    memcpy(known->hash, hash, TOKEN_HASH);
    known->until_us = bus_clock_monotonic_us() + KNOWN_US;
    return &known->who;
}

static void admit(struct call *call, const struct who *who)
{
    struct who *own = bus_alloc(call->arena, sizeof *own);
    who_copy(call->arena, who, own);
    call->who = own;
    call->next(call);
}

static void refuse(struct call *call, const char *challenge, const char *text)
{
    call_set(call, "WWW-Authenticate", challenge);
    call_problem(call, 401, NULL, "%s", text);
}

static void refuse_unknown(struct call *call)
{
    refuse(call, "Bearer realm=\"koppel\", error=\"invalid_token\"",
           "this token is not known, was revoked, or is over: ask for a new one");
}

/* The bearer token, or NULL. */
static const char *read_token(const struct call *call)
{
    const char *value = call_header(call, "Authorization");
    if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0)
        return NULL;
    value += 7 + strspn(value + 7, " ");
    size_t n = strcspn(value, " \t");
    return n > 0 && n <= TOKEN_LENGTH ? bus_strndup(call->arena, value, n) : NULL;
}

static void on_checked(void *context, const struct answer *answer)
{
    struct call *call = context;
    const struct gateway_check_token_reply *reply =
        answer->status == BUS_OK ? answer_decode(answer, &gateway_check_token_type) : NULL;
    if (reply != NULL)
        admit(call, keep(call->edge->auth, call->token, reply));
    else if (answer->status == BUS_NOT_FOUND)
        refuse_unknown(call);
    else
        call_refuse(call, answer);
}

static void check(struct call *call, const uint8_t hash[TOKEN_HASH], answer_fn *then)
{
    char hex[2 * TOKEN_HASH + 1];
    struct bus_bytes data;
    struct bus_error err;
    sodium_bin2hex(hex, sizeof hex, hash, TOKEN_HASH);
    struct gateway_check_token query = {.hash = hex};
    if (input_encode(&gateway_check_token_shape, &query, call->arena, &data, &err) != BUS_OK)
        bus_die("the question after a token cannot be written: %s", err.text);
    call_request(call, &gateway_check_token_type, NULL, data, then);
}

static void on_checked_again(void *context, const struct answer *answer)
{
    struct call *call = context;
    call->again(call, answer->status != BUS_NOT_FOUND);
}

void auth_again(struct call *call, void (*then)(struct call *call, bool counts))
{
    call->again = then;
    check(call, call->token, on_checked_again);
}

void auth_admit(struct call *call, route_fn *then)
{
    uint8_t *hash = bus_alloc(call->arena, TOKEN_HASH);
    const char *token = read_token(call);
    if (token == NULL) {
        refuse(call, "Bearer realm=\"koppel\"", "send a token: Authorization: Bearer <token>");
        return;
    }
    call->next = then;
    token_hash(token, strlen(token), hash);
    const struct who *who = find(call->edge->auth, hash);
    call->token = hash;
    if (who != NULL)
        admit(call, who);
    else
        check(call, hash, on_checked);
}

bool auth_scope(struct call *call, const char *name, const char *type)
{
    if (who_may(call->who, name, type))
        return true;
    call_set(
        call, "WWW-Authenticate",
        bus_printf(call->arena, "Bearer realm=\"koppel\", error=\"insufficient_scope\", scope=\"%s\"", name));
    call_problem(call, 403, NULL, "your token lacks the scope %s", name);
    return false;
}
