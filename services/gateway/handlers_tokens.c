/* Tokens: made, revoked, listed. The edge judges by them; see sql/token_by_hash.sql. */
#include <sodium.h>
#include <string.h>

#include "board_scope.h"
#include "bus/page.h"
#include "bus/service.h"
#include "handlers_tokens.h"
#include "schema/gateway.h"
#include "scopes.h"
#include "sql/gateway.h"
#include "token.h"
#include "who.h"

#define LIMITS_BYTES 3000

static enum bus_status put(struct bus_context *ctx, const struct gateway_create_token *in,
                           struct bus_id token_id, const char *token, int64_t now_us)
{
    uint8_t hash[TOKEN_HASH];
    token_hash(token, strlen(token), hash);
    return bus_exec(ctx->db, ctx->err, &gateway_token_put, BUS_ID(token_id), BUS_TEXT(in->name),
                    BUS_BYTES(bus_bytes(hash, sizeof hash)), BUS_TEXTS(in->scopes, in->scopes_n),
                    BUS_TEXTS(in->nis, in->nis_n), BUS_TEXTS(in->partnerships, in->partnerships_n),
                    BUS_TEXTS(in->sources, in->sources_n), BUS_TIME(now_us > 0 ? now_us : 1),
                    BUS_TEXT(in->expires)); /* a conducted clock begins at 0 */
}

/* Limits go with every command, in its header, which has little room. */
static bool limits_fit(const struct gateway_create_token *in)
{
    size_t size = 0;
    for (size_t i = 0; i < in->nis_n; i++)
        size += strlen(in->nis[i]) + strlen(" nis=");
    for (size_t i = 0; i < in->partnerships_n; i++)
        size += strlen(in->partnerships[i]) + strlen(" partnership=");
    return size <= LIMITS_BYTES;
}

/* Tokens belong to no partnership and no municipality: they are for those who may touch everything. */
static enum bus_status may(struct bus_context *ctx)
{
    const struct bus_header whose = {0};
    return bus_may(ctx, &whose);
}

static enum bus_status check_expiry(struct bus_context *ctx, const char *expires)
{
    if (expires == NULL)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &gateway_day_is_past, BUS_TEXT(expires), BUS_TIME(ctx->now_us));
    if (status == BUS_OK && bus_row_bool(&rows, 0, 0))
        return bus_fail_at(ctx->err, BUS_INVALID, "/expires",
                           "lies in the past: give the last day on which it is to work, or leave it out");
    return status;
}

enum bus_status on_gateway_create_token(struct bus_context *ctx, const struct gateway_create_token *in)
{
    if (!limits_fit(in))
        return bus_fail_at(ctx->err, BUS_INVALID, in->partnerships_n > in->nis_n ? "/partnerships" : "/nis",
                           "these are too many partnerships and municipalities for one token: make two");
    struct bus_id token_id = bus_id_is_nil(in->token_id) ? bus_new_id(ctx) : in->token_id;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = may(ctx);
    if (status == BUS_OK)
        status = scopes_check(in->scopes, in->scopes_n, ctx->err);
    if (status == BUS_OK)
        status = check_expiry(ctx, in->expires);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &gateway_token_get, BUS_ID(token_id));
    if (status != BUS_OK)
        return status;
    if (rows.n > 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "there is a token with this id already; leave token_id out");
    const char *token = token_make(ctx->arena);
    status = put(ctx, in, token_id, token, ctx->now_us);
    if (status == BUS_OK)
        status = bus_say(ctx, &gateway_token_created_type, bus_id_text(ctx, token_id),
                         &(struct gateway_token_created){.token_id = token_id,
                                                         .name = in->name,
                                                         .scopes = in->scopes,
                                                         .scopes_n = in->scopes_n,
                                                         .nis = in->nis,
                                                         .nis_n = in->nis_n,
                                                         .partnerships = in->partnerships,
                                                         .partnerships_n = in->partnerships_n,
                                                         .sources = in->sources,
                                                         .sources_n = in->sources_n,
                                                         .expires = in->expires});
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct gateway_create_token_reply){.token_id = token_id, .token = token});
}

enum bus_status on_gateway_revoke_token(struct bus_context *ctx, const struct gateway_revoke_token *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = may(ctx);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &gateway_token_get, BUS_ID(in->token_id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no such token");
    if (bus_row_null(&rows, 0, 1)) {
        const char *name = bus_row_text(&rows, 0, 0, ctx->arena);
        status =
            bus_exec(ctx->db, ctx->err, &gateway_token_revoke, BUS_ID(in->token_id), BUS_TIME(ctx->now_us));
        if (status == BUS_OK)
            status = bus_say(ctx, &gateway_token_revoked_type, bus_id_text(ctx, in->token_id),
                             &(struct gateway_token_revoked){.token_id = in->token_id, .name = name});
    }
    return status != BUS_OK ? status
                            : bus_reply(ctx, &(struct gateway_revoke_token_reply){.token_id = in->token_id});
}

/* Those that its name makes are told as well, in the words of a list. */
static const char *const *sources_of(struct bus_context *ctx, const struct bus_rows *rows, int row,
                                     int column, const char *name, size_t *ret_n)
{
    const char *const *given = bus_row_texts(rows, row, column, ctx->arena, ret_n);
    return *ret_n > 0 ? given : who_sources_of_name(name, ctx->arena, ret_n);
}

static struct gateway_tokens_reply_tokens read_row(struct bus_context *ctx, const struct bus_rows *rows,
                                                   int row)
{
    struct gateway_tokens_reply_tokens token = {
        .token_id = bus_row_id(rows, row, 0),
        .name = bus_row_text(rows, row, 1, ctx->arena),
        .created = bus_row_time(rows, row, 5),
        .expires = bus_row_text(rows, row, 6, ctx->arena),
        .revoked = bus_row_time(rows, row, 7),
    };
    token.scopes = bus_row_texts(rows, row, 2, ctx->arena, &token.scopes_n);
    token.nis = bus_row_texts(rows, row, 3, ctx->arena, &token.nis_n);
    token.partnerships = bus_row_texts(rows, row, 4, ctx->arena, &token.partnerships_n);
    token.sources = sources_of(ctx, rows, row, 8, token.name, &token.sources_n);
    return token;
}

enum bus_status on_gateway_tokens(struct bus_context *ctx, const struct gateway_tokens *in)
{
    struct bus_page page;
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status != BUS_OK)
        return status;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    status = bus_query(ctx->db, ctx->err, &rows, &gateway_tokens_page, BUS_TEXT(in->name),
                       BUS_BOOL(in->has_revoked && in->revoked), BUS_TIME(ctx->now_us), BUS_TIME(page.at_us),
                       BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct gateway_tokens_reply_tokens *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_row(ctx, &rows, (int)i);
    struct gateway_tokens_reply reply = {.tokens = list, .tokens_n = n};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].created, list[n - 1].token_id);
    return bus_reply(ctx, &reply);
}

static const char *const *board_lacks(struct bus_context *ctx, const struct gateway_check_token_reply *of,
                                      size_t *ret_n)
{
    const struct who who = {.scopes = of->scopes, .scopes_n = of->scopes_n};
    const char **list = bus_alloc_array(ctx->arena, board_scopes_n, sizeof *list);
    for (size_t i = 0; i < board_scopes_n; i++)
        if (!who_may(&who, board_scopes[i], board_scopes[i]))
            list[(*ret_n)++] = board_scopes[i];
    return list;
}

enum bus_status on_gateway_check_token(struct bus_context *ctx, const struct gateway_check_token *in)
{
    uint8_t hash[TOKEN_HASH];
    size_t size = 0;
    if (sodium_hex2bin(hash, sizeof hash, in->hash, strlen(in->hash), NULL, &size, NULL) != 0 ||
        size != sizeof hash)
        return bus_fail(ctx->err, BUS_INVALID, "the hash is not %d bytes of hexadecimal", TOKEN_HASH);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &gateway_token_by_hash,
                                       BUS_BYTES(bus_bytes(hash, sizeof hash)), BUS_TIME(ctx->now_us));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no such token");
    struct gateway_check_token_reply reply = {.token_id = bus_row_id(&rows, 0, 0),
                                              .name = bus_row_text(&rows, 0, 1, ctx->arena),
                                              .now = ctx->now_us};
    reply.scopes = bus_row_texts(&rows, 0, 2, ctx->arena, &reply.scopes_n);
    reply.nis = bus_row_texts(&rows, 0, 3, ctx->arena, &reply.nis_n);
    reply.partnerships = bus_row_texts(&rows, 0, 4, ctx->arena, &reply.partnerships_n);
    reply.sources = sources_of(ctx, &rows, 0, 5, reply.name, &reply.sources_n);
    reply.board_lacks = board_lacks(ctx, &reply, &reply.board_lacks_n);
    return bus_reply(ctx, &reply);
}

/* The setting says which token may do everything: what it held before does not count any more. */
enum bus_status gateway_open(struct bus_context *ctx, void **ret_state)
{
    *ret_state = NULL;
    const char *token = bus_setting("DEV_TOKEN");
    struct bus_id id = bus_id_derived(1, token, strlen(token), 0);
    enum bus_status status = bus_exec(ctx->db, ctx->err, &gateway_tokens_set_end, BUS_ID(id));
    if (status != BUS_OK || token[0] == '\0')
        return status;
    static const char *const everything[] = {"*"};
    struct gateway_create_token in = {
        .name = "developer", .scopes = everything, .scopes_n = 1, .sources = everything, .sources_n = 1};
    /* The clock of the wall: this token is no part of what is replayed. */
    return put(ctx, &in, id, token, bus_clock_wall_us());
}
