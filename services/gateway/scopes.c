/* See scopes.h. */
#include "scopes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "board_scope.h"
#include "bus/text.h"
#include "schema/all.h"
#include "streams.h"
#include "token.h"

#define NAMES_MAX 512

/* What is said by others than adapters cannot be sent, and read only with its whole stream. */
static bool is_asked_for(const struct bus_type *type)
{
    return type->kind != BUS_TYPE_EVENT || type == &gateway_referral_received_type ||
           type == &gateway_status_changed_type;
}

static bool covers_any(const char *scope)
{
    if (strcmp(scope, BOARD_SCOPE) == 0)
        return true;
    for (size_t i = 0; schema_types[i] != NULL; i++)
        if (is_asked_for(schema_types[i]) && (token_scope_covers(scope, schema_types[i]->name) ||
                                              token_scope_covers(scope, schema_types[i]->type)))
            return true;
    for (size_t i = 0; i < STREAMS; i++)
        if (token_scope_covers(scope, stream_names[i].scope))
            return true;
    return false;
}

static const char *meant(const char *scope)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (; n < STREAMS; n++)
        names[n] = stream_names[n].scope;
    for (size_t i = 0; schema_types[i] != NULL && n < NAMES_MAX; i++)
        if (is_asked_for(schema_types[i]))
            names[n++] = schema_types[i]->name;
    return bus_text_near(scope, names, n);
}

enum bus_status scopes_check(const char *const *scopes, size_t n, struct bus_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (covers_any(scopes[i]))
            continue;
        const char *near = meant(scopes[i]);
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/scopes/%zu", i);
        return bus_fail_at(
            err, BUS_INVALID, pointer,
            "the scope %s covers nothing%s%s%s; there are: * (all), " BOARD_SCOPE
            " (all that the board needs), referral-received, status-changed, "
            "stream-SERVICE, and every command and query by its name (GET /v1/openapi.json lists them)",
            scopes[i], near != NULL ? ": did you mean " : "", near != NULL ? near : "",
            near != NULL ? "?" : "");
    }
    return BUS_OK;
}
