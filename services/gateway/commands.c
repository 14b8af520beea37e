/* POST /v1/commands/{name}: checked, then sent to the service whose command it is. */
#include <string.h>

#include "auth.h"
#include "belonging.h"
#include "board_scope.h"
#include "bus/scan.h"
#include "bus/text.h"
#include "input.h"
#include "json_body.h"
#include "national_number.h"
#include "publish.h"
#include "routes.h"
#include "schema/all.h"
#include "trace.h"
#include "years.h"

#define COMMANDS_MAX 256

/* Between services only. */
static const struct bus_type *const internal[] = {&gateway_accept_events_type, &registry_deposit_batch_type,
                                                  &registry_deposit_personal_type};

static bool is_internal(const struct bus_type *type)
{
    for (size_t i = 0; i < sizeof internal / sizeof *internal; i++)
        if (type == internal[i])
            return true;
    return false;
}

static const struct bus_type *find(const char *name)
{
    const struct bus_type *type = schema_find_name(name, BUS_TYPE_COMMAND);
    return type == NULL || is_internal(type) ? NULL : type;
}

static const char *near(const char *name)
{
    const char *names[COMMANDS_MAX];
    size_t n = 0;
    for (size_t i = 0; schema_types[i] != NULL && n < COMMANDS_MAX; i++)
        if (schema_types[i]->kind == BUS_TYPE_COMMAND && !is_internal(schema_types[i]))
            names[n++] = schema_types[i]->name;
    return bus_text_near(name, names, n);
}

static void refuse_unknown(struct call *call)
{
    const char *meant = near(call->argument);
    call_problem(call, 404, NULL, "there is no such command%s%s; GET /v1/openapi.json lists all",
                 meant != NULL ? ": did you mean " : "", meant != NULL ? meant : "");
}

/* An id of our own for each (token, command, key). Two tokens may well use the same key; and as each service
 * knows what it did itself, only what is of no other command means the same at all of them. */
static const char *command_id(struct call *call, const struct bus_type *type)
{
    const char *key = call_header(call, "Idempotency-Key");
    char text[BUS_ID_TEXT];
    if (key == NULL)
        return NULL;
    const char *seed = bus_printf(call->arena, "command\n%s\n%s\n%s", call->who->id, type->name, key);
    bus_id_format(bus_id_derived(1, seed, strlen(seed), 0), text);
    return bus_strdup(call->arena, text);
}

static bool key_is_good(const struct call *call)
{
    const char *key = call_header(call, "Idempotency-Key");
    size_t size = key != NULL ? strlen(key) : 1;
    return size >= 1 && size <= 255;
}

static const char *partnership_of(const struct bus_shape *shape, const void *value)
{
    const struct bus_field *field = input_field_find(shape, "partnership");
    return field != NULL && field->kind == BUS_KIND_TEXT && !field->array
               ? *(const char *const *)((const char *)value + field->offset)
               : NULL;
}

/* What is to be sent once it is known that it may be. */
struct command_call {
    const struct bus_type *type;
    struct bus_header header;
    struct bus_bytes data;
    struct {
        unsigned status;
        struct bus_faults faults;
        const char *why;
    } denied;
};

static void tell(struct call *call, const struct answer *answer)
{
    const struct command_call *command = call->state;
    if (command->type == &gateway_revoke_token_type)
        auth_forget(call->edge->auth);
    if (answer->status == BUS_OK)
        call_reply_json(call, 200, answer->data);
    else
        call_refuse(call, answer);
}

static void on_answer(void *context, const struct answer *answer)
{
    tell(context, answer);
}

static void send_command(struct call *call)
{
    const struct command_call *command = call->state;
    call_request(call, command->type, &command->header, command->data, on_answer);
}

/* ---- what rules of today refuse, and may have been done by those of then */

static void refuse(struct call *call)
{
    const struct command_call *command = call->state;
    call_problem(call, command->denied.status, &command->denied.faults, "%s", command->denied.why);
}

/* The refusal stands also where its service does not know of it, or cannot be asked: sending the same again
 * is no help. */
static void on_repeated(void *context, const struct answer *answer)
{
    struct call *call = context;
    if (answer->status == BUS_OK || answer->status == BUS_CONFLICT)
        tell(call, answer);
    else
        refuse(call);
}

/* Refused, unless it was done before under the same key. */
static void deny(struct call *call, unsigned status, const struct bus_faults *faults, const char *why)
{
    struct command_call *command = call->state;
    command->denied.status = status;
    command->denied.why = bus_strdup(call->arena, why);
    for (size_t i = 0; faults != NULL && i < faults->n; i++)
        input_fault(&command->denied.faults, call->arena, faults->items[i].pointer, "%s",
                    faults->items[i].text);
    if (command->header.id != NULL && command->data.size > 0)
        call_repeat(call, command->type, &command->header, command->data, on_repeated);
    else
        refuse(call);
}

/* ---- reading */

static bool may_give(const struct who *who, const char *scope)
{
    if (strcmp(scope, BOARD_SCOPE) != 0)
        return who_may(who, scope, scope);
    bool all = true;
    for (size_t i = 0; i < board_scopes_n; i++)
        all = all && who_may(who, board_scopes[i], board_scopes[i]);
    return all;
}

/* Nobody gives what they do not have themselves. */
static enum bus_status check_gift(const struct call *call, const struct gateway_create_token *gift,
                                  struct bus_error *err)
{
    const struct who *who = call->who;
    const struct who given = {.name = gift->name, .sources = gift->sources, .sources_n = gift->sources_n};
    if (who_limited(who))
        return bus_fail(err, BUS_DENIED,
                        "a token that is limited to partnerships or municipalities makes no others");
    for (size_t i = 0; i < gift->scopes_n; i++)
        if (!may_give(who, gift->scopes[i]))
            return bus_fail(err, BUS_DENIED, "your token cannot give the scope %s: it lacks it",
                            gift->scopes[i]);
    bool speaks = gift->sources_n > 0 || who_may_say(who, who_source(&given, call->arena));
    for (size_t i = 0; speaks && i < gift->sources_n; i++)
        speaks = who_may_say(who, gift->sources[i]);
    return speaks ? BUS_OK
                  : bus_fail(err, BUS_DENIED, "your token cannot give that source: it may not use it itself");
}

static enum bus_status check_limits(const struct call *call, const struct bus_type *type, const void *value,
                                    struct bus_error *err)
{
    if (type == &gateway_create_token_type)
        return check_gift(call, value, err);
    return who_covers(call->who, type->shape, value, false, err);
}

/* What is wrong besides what its schema tells; of what is not personal all is recorded in its service's
 * stream.
 */
static void check_across(const struct call *call, const struct bus_shape *shape, const void *value,
                         struct bus_faults *faults)
{
    const size_t from = faults->n;
    national_number_refuse_all(faults, call->arena, "", shape, value);
    years_refuse(shape, value, "", publish_latest_us(call->edge), call->arena, faults);
    input_ruled(faults, from);
}

static const char *trace_of(const struct call *call)
{
    const char *text = call_header(call, "traceparent");
    return text != NULL ? trace_read(bus_bytes_of(text), call->arena) : NULL;
}

static void set_header(struct call *call, const void *value, struct command_call *command)
{
    command->header = (struct bus_header){.id = command_id(call, command->type),
                                          .actor = call->who->name,
                                          .within = who_within(call->who, call->arena),
                                          .traceparent = trace_of(call)};
    (void)bus_header_extend(&command->header, "partnership", partnership_of(command->type->shape, value));
}

/* As it is sent: all of it that can be written, whatever rules it breaks. */
static enum bus_status encode(struct call *call, const void *value, struct bus_faults *faults)
{
    struct command_call *command = call->state;
    struct bus_error err = {0};
    struct bus_bytes data = {0};
    if (!input_only_ruled(faults, 0))
        return BUS_INVALID;
    enum bus_status status = input_encode(command->type->shape, value, call->arena, &data, &err);
    if (status == BUS_OK)
        status = bus_scan_map(data, &bus_scan_command, &err);
    if (status == BUS_OK)
        command->data = data;
    else
        input_fault(faults, call->arena, "", "%s", err.text);
    return status;
}

static void forward(struct call *call, const struct bus_type *type, struct bus_bytes json)
{
    struct bus_faults faults = {0};
    struct bus_error err = {0};
    struct command_call *command = bus_alloc(call->arena, sizeof *command);
    *command = (struct command_call){.type = type};
    call->state = command;
    void *value = NULL;
    enum bus_status status = input_check(type->shape, json, "", call->arena, &value, &faults, &err);
    check_across(call, type->shape, value, &faults);
    if (encode(call, value, &faults) == BUS_OK)
        set_header(call, value, command);
    if (faults.found > 0)
        deny(call, 422, &faults, "the command is not as its schema says");
    else if ((status = check_limits(call, type, value, &err)) != BUS_OK)
        deny(call, 403, NULL, err.text);
    else if (type == &gateway_create_token_type)
        belonging_admit_token(call, value, send_command, deny);
    else
        belonging_admit(call, type->shape, value, send_command, deny);
}

void command_post(struct call *call)
{
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    const struct bus_type *type = find(call->argument);
    if (type == NULL) {
        refuse_unknown(call);
        return;
    }
    if (!auth_scope(call, type->name, type->type))
        return;
    if (!key_is_good(call))
        call_problem(call, 400, NULL, "an Idempotency-Key has 1 to 255 characters");
    else if (json_body_read(call, &data))
        forward(call, type, bus_buffer_bytes(&data));
}
