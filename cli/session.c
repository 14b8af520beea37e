/* See session.h. */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/scan.h"
#include "bus/text.h"
#include "connect.h"
#include "facts/facts.h"
#include "privacy/number.h"

#define ANSWER_PATIENCE_MS 30000
#define READ_BYTES_MAX     (1024 * 1024)
#define TRY_PATIENCE_MS    5000 /* one that is away must not hide the others for long */

static const struct bus_scan_limits answer_limits = {
    .max_bytes = 16 * 1024 * 1024, .max_depth = 16, .max_items = 1000000};

enum bus_status session_open(const char *dir, struct session *ret_session, struct bus_error *err)
{
    *ret_session = (struct session){.arena = bus_arena_new(), .patience_ms = ANSWER_PATIENCE_MS};
    enum bus_status status = connect_find(dir, &ret_session->stack, err);
    if (status == BUS_OK)
        status = connect_services(ret_session->stack, &ret_session->services, &ret_session->services_n, err);
    if (status == BUS_OK)
        status = connect_stack(ret_session->stack, &ret_session->client, err);
    return status;
}

void session_close(struct session *self)
{
    bus_client_close(&self->client);
    stack_close(&self->stack);
    bus_arena_free(&self->arena);
}

static enum bus_status to_msgpack(const json_t *json, struct bus_buffer *out, struct bus_error *err)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    enum bus_status status = bus_json_to_msgpack(bus_bytes_of(text), &bus_scan_command, out, err);
    free(text);
    return status;
}

static enum bus_status to_json(struct bus_bytes msgpack, json_t **ret_json, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    enum bus_status status = bus_scan(msgpack, &answer_limits, err);
    if (status == BUS_OK)
        status = bus_msgpack_to_json(msgpack, &text, err);
    if (status != BUS_OK)
        return status;
    *ret_json = json_loadb((const char *)text.data, text.size, JSON_DECODE_ANY, NULL);
    return *ret_json != NULL ? BUS_OK : bus_fail(err, BUS_BUG, "an answer is no JSON");
}

static enum bus_status ask(struct session *self, const char *service, const struct bus_frames *request,
                           struct bus_frames *ret_answer, struct bus_error *err)
{
    bus_arena_reset(self->arena);
    enum bus_status status =
        bus_client_ask(self->client, service, request, self->patience_ms, self->arena, ret_answer, err);
    if (status == BUS_OK && ret_answer->body_n < 1)
        return bus_fail(err, BUS_BUG, "%s gave an empty answer", service);
    return status;
}

enum bus_status session_ask(struct session *self, const char *service, const char *verb, const json_t *body,
                            json_t **ret_answer, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer packed = {0};
    struct bus_frames answer;
    enum bus_status status = to_msgpack(body, &packed, err);
    if (status != BUS_OK)
        return status;
    struct bus_frames request = {.verb = verb, .body = {bus_buffer_bytes(&packed)}, .body_n = 1};
    json_t *json = NULL;
    status = ask(self, service, &request, &answer, err);
    if (status == BUS_OK)
        status = to_json(answer.body[0], &json, err);
    if (status == BUS_OK && strcmp(answer.verb, "ERR") == 0) {
        const char *text = json_string_value(json_object_get(json, "text"));
        status = bus_fail(err, BUS_CONFLICT, "%s: %s", service, text != NULL ? text : "refused");
        json_decref(json);
    }
    if (status == BUS_OK)
        *ret_answer = json;
    return status;
}

enum bus_status session_try(struct session *self, const char *service, const char *verb, const json_t *body,
                            json_t **ret_answer, struct bus_error *err)
{
    self->patience_ms = TRY_PATIENCE_MS;
    *ret_answer = NULL;
    enum bus_status status = session_ask(self, service, verb, body, ret_answer, err);
    if (status != BUS_RETRY)
        return status;
    fprintf(stderr, "koppel: %s\n", err->text);
    self->missing = true;
    return BUS_OK;
}

enum bus_status session_whole(const struct session *self, struct bus_error *err)
{
    return self->missing ? bus_fail(err, BUS_RETRY, "a service did not answer; see koppel status") : BUS_OK;
}

/* The reason of a refusal, with every fault. */
static enum bus_status refusal(json_t *reply_status, struct bus_error *err)
{
    const char *text = json_string_value(json_object_get(reply_status, "text"));
    enum bus_status status = bus_status_from_name(json_string_value(json_object_get(reply_status, "status")));
    const char *code = json_string_value(json_object_get(reply_status, "code"));
    status = bus_fail_code(err, status, code != NULL ? code : "", "%s", text != NULL ? text : "refused");
    size_t i, used = 0;
    json_t *fault, *faults = json_object_get(reply_status, "faults");
    if (json_array_size(faults) > 1)
        err->text[0] = '\0';
    json_array_foreach(faults, i, fault)
    {
        const char *pointer = json_string_value(json_object_get(fault, "pointer"));
        const char *why = json_string_value(json_object_get(fault, "text"));
        if (json_array_size(faults) > 1 && used < sizeof err->text)
            used += (size_t)snprintf(err->text + used, sizeof err->text - used, "%s%s %s", i > 0 ? "; " : "",
                                     pointer != NULL && pointer[0] != '\0' ? pointer : "the message",
                                     why != NULL ? why : "is refused");
    }
    return status;
}

/* What is wrong with it, in one line. */
struct wrong {
    struct bus_error *err;
    size_t n;
};

static void add_wrong(struct wrong *self, const char *pointer, const char *words)
{
    size_t used = strlen(self->err->text);
    snprintf(self->err->text + used, sizeof self->err->text - used, "%s%s %s", self->n > 0 ? "; " : "",
             pointer[0] != '\0' ? pointer : "the message", words);
    bus_text_trim(self->err->text);
    self->n++;
}

static void refuse_number(void *context, const char *pointer)
{
    add_wrong(context, pointer, PRIVACY_NUMBER_WORDS);
}

/* As at the gateway's door: the service records what is not personal, and is not asked about the world. */
static enum bus_status check(const struct bus_type *type, struct bus_bytes data, struct bus_arena *arena,
                             struct bus_error *err)
{
    void *value = NULL;
    struct bus_faults faults = {0};
    struct bus_error found = {.status = BUS_OK};
    struct wrong wrong = {.err = &found};
    if (type->kind != BUS_TYPE_COMMAND)
        return BUS_OK;
    if (bus_decode_outside(type->shape, data, facts_fault, arena, &value, &faults, NULL) != BUS_OK)
        for (size_t i = 0; i < faults.n; i++)
            add_wrong(&wrong, faults.items[i].pointer, faults.items[i].text);
    privacy_numbers(type->shape, value, "", arena, refuse_number, &wrong);
    return wrong.n == 0 ? BUS_OK : bus_fail(err, BUS_INVALID, "%s", found.text);
}

static enum bus_status ask_typed(struct session *self, const char *verb, const struct bus_type *type,
                                 const char *id, struct bus_bytes data, json_t **ret_reply,
                                 struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer header = {0};
    char fresh[BUS_ID_TEXT];
    bus_id_format(bus_id_random(bus_clock_wall_us()), fresh);
    struct bus_header attributes = {
        .id = id != NULL ? id : fresh, .source = "/koppel", .type = type->type, .actor = "operator"};
    memcpy(attributes.after, self->after, sizeof attributes.after);
    attributes.after_n = self->after_n;
    enum bus_status status = bus_header_encode(&attributes, &header, err);
    if (status != BUS_OK)
        return status;
    struct bus_frames answer,
        request = {.verb = verb, .body = {bus_buffer_bytes(&header), data}, .body_n = 2};
    json_t *reply_status = NULL;
    status = ask(self, type->service, &request, &answer, err);
    if (status == BUS_OK)
        status = to_json(answer.body[0], &reply_status, err);
    if (status != BUS_OK)
        return status;
    const char *word = json_string_value(json_object_get(reply_status, "status"));
    if (word == NULL || strcmp(word, "ok") != 0)
        status = refusal(reply_status, err);
    else
        status = answer.body_n == 2 ? to_json(answer.body[1], ret_reply, err)
                                    : bus_fail(err, BUS_BUG, "%s gave half an answer", type->service);
    json_decref(reply_status);
    return status;
}

enum bus_status session_call(struct session *self, const struct bus_type *type, const char *id,
                             const json_t *data, json_t **ret_reply, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer packed = {0};
    const char *verb = type->kind == BUS_TYPE_QUERY ? "QUERY" : "COMMAND";
    enum bus_status status = to_msgpack(data, &packed, err);
    if (status == BUS_OK)
        status = check(type, bus_buffer_bytes(&packed), self->arena, err);
    if (status == BUS_OK)
        return ask_typed(self, verb, type, id, bus_buffer_bytes(&packed), ret_reply, err);
    return packed.size > 0 && id != NULL && session_repeat(self, type, id, data, ret_reply) ? BUS_OK : status;
}

bool session_repeat(struct session *self, const struct bus_type *type, const char *id, const json_t *data,
                    json_t **ret_reply)
{
    AUTO(bus_buffer_done) struct bus_buffer packed = {0};
    struct bus_error err = {0};
    return to_msgpack(data, &packed, &err) == BUS_OK &&
           ask_typed(self, "REPEAT", type, id, bus_buffer_bytes(&packed), ret_reply, &err) == BUS_OK;
}

/* What no command may be as long as is read no further. */
static bool read_all(FILE *file, struct bus_buffer *out)
{
    char block[16384];
    for (size_t n; out->size <= READ_BYTES_MAX && (n = fread(block, 1, sizeof block, file)) > 0;)
        bus_buffer_add(out, block, n);
    return !ferror(file);
}

/* `name` is what messages call it. */
static enum bus_status parse(struct bus_bytes text, const char *name, json_t **ret_json,
                             struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer packed = {0};
    if (text.size == 0)
        return bus_fail(err, BUS_INVALID, "%s is empty: give a JSON object, if need be {}", name);
    if (bus_json_to_msgpack(text, &bus_scan_command, &packed, err) != BUS_OK)
        return bus_fail_in(err, "%s", name);
    if (bus_scan_map(bus_buffer_bytes(&packed), &bus_scan_command, NULL) != BUS_OK)
        return bus_fail(err, BUS_INVALID, "%s must be a JSON object, if need be {}", name);
    *ret_json = json_loadb((const char *)text.data, text.size, 0, NULL);
    return *ret_json != NULL ? BUS_OK : bus_fail(err, BUS_INVALID, "%s is no JSON", name);
}

enum bus_status session_read_json(const char *from, json_t **ret_json, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    bool in = strcmp(from, "-") == 0;
    if (from[0] == '{')
        return parse((struct bus_bytes){(const uint8_t *)from, strlen(from)}, "the JSON given", ret_json,
                     err);
    FILE *file = in ? stdin : fopen(from, "re");
    if (file == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "cannot read %s: %s", from, strerror(errno));
    bool whole = read_all(file, &text);
    if (!in)
        fclose(file);
    if (!whole)
        return bus_fail(err, BUS_INVALID, "%s cannot be read: is it a folder?", from);
    return parse(bus_buffer_bytes(&text), in ? "standard input" : from, ret_json, err);
}

void session_print(const json_t *json)
{
    char *text =
        json_dumps(json, JSON_PRESERVE_ORDER | (isatty(STDOUT_FILENO) ? JSON_INDENT(2) : JSON_COMPACT));
    printf("%s\n", text);
    free(text);
}
