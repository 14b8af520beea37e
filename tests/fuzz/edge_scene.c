/* See edge_scene.h. It stands in for the client and the adapters' socket of libbus/net alone. */
#include "edge_scene.h"

#include <poll.h>
#include <sodium.h>
#include <string.h>

#include "../../services/gateway/adapters.h"
#include "../../services/gateway/asking.h"
#include "../../services/gateway/auth.h"
#include "../../services/gateway/belonging.h"
#include "../../services/gateway/http.h"
#include "../../services/gateway/publish.h"
#include "../../services/gateway/routes.h"
#include "../../services/gateway/stream.h"
#include "../../services/gateway/token.h"
#include "bus/cursor.h"
#include "bus/keys.h"
#include "bus/server.h"
#include "require.h"
#include "schema/all.h"

#define NOW_US INT64_C(1790000000000000) /* September 2026 */

struct question {
    struct question *next;
    const char *service, *verb;
    uint64_t tag;
    const struct bus_type *type; /* NULL: of a verb without one */
    struct bus_bytes data;
};

static struct edge_scene *scene; /* libbus asks without a word of whose */

/* ---- what the edge lets through */

/* A message of its type, by the rules of that type's schema, under a header that can be read. */
static void check_message(const struct question *question, const struct bus_frames *request)
{
    struct bus_header header;
    struct bus_error err = {0};
    void *value = NULL;
    require(request->body_n == 2 &&
            bus_header_decode(request->body[0], scene->arena, &header, &err) == BUS_OK);
    require(question->type != NULL && strcmp(question->type->service, question->service) == 0);
    require(bus_scan_map(question->data, &bus_scan_command, &err) == BUS_OK);
    if (strcmp(question->verb, "REPEAT") != 0) /* what today's rules refuse may have been done before */
        require(bus_decode(question->type->shape, question->data, false, scene->arena, &value, NULL, &err) ==
                BUS_OK);
}

enum bus_status bus_client_send(struct bus_client *self, const char *service, uint64_t tag,
                                const struct bus_frames *request, struct bus_error *err)
{
    struct question *question = bus_alloc(scene->arena, sizeof *question);
    struct bus_bytes data = request->body[request->body_n - 1];
    (void)self, (void)err;
    *question = (struct question){.service = bus_strdup(scene->arena, service),
                                  .verb = bus_strdup(scene->arena, request->verb),
                                  .tag = tag,
                                  .data = bus_bytes(bus_copy(scene->arena, data.data, data.size), data.size)};
    if (request->body_n == 2) {
        const char *type = bus_cursor_get_text(request->body[0], "type", scene->arena, "");
        question->type = schema_find(type);
        check_message(question, request);
    } else {
        require(bus_scan_map(data, &bus_scan_header, NULL) == BUS_OK);
    }
    *scene->last = question;
    scene->last = &question->next;
    scene->asked += question->type != &gateway_check_token_type;
    return BUS_OK;
}

/* ---- what services answer */

static struct bus_bytes msgpack_of(struct bus_bytes text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (bus_json_to_msgpack(text, &bus_scan_batch, &out, NULL) != BUS_OK)
        return bus_bytes(bus_copy(scene->arena, text.data, text.size), text.size);
    return bus_bytes(bus_copy(scene->arena, out.data, out.size), out.size);
}

static struct bus_bytes msgpack_of_text(const char *text)
{
    return msgpack_of(bus_bytes_of(text));
}

static bool take_answer(struct bus_bytes *ret)
{
    if (scene->answers.size == 0)
        return false;
    const uint8_t *at = scene->answers.data + 1; /* behind its mark */
    size_t left = scene->answers.size - 1;
    const uint8_t *end = memchr(at, 0xff, left);
    size_t size = end != NULL ? (size_t)(end - at) : left;
    *ret = bus_bytes(at, size);
    scene->answers = bus_bytes(at + size, left - size);
    return true;
}

/* A good answer that holds nothing. */
static const char *nothing_of(const struct question *question)
{
    if (strcmp(question->verb, "FETCH") == 0)
        return "B{\"req\":1,\"epoch\":1,\"head\":0,\"events\":[]}";
    if (strcmp(question->verb, "STATUS") == 0)
        return "T{\"state\":\"ready\"}";
    if (question->type == &gateway_check_events_type)
        return "R{\"known\":[]}";
    if (question->type == &gateway_accept_events_type)
        return "R{\"acks\":[{\"id\":\"e-1\",\"stream\":\"gateway\",\"seq\":1}]}";
    if (question->type == &registry_belonging_type)
        return "R{\"places\":[],\"partnerships\":[\"asse\",\"merelbeke\"]}";
    return question->type == &registry_deposit_batch_type ? "R{\"refused\":[]}" : "R{}";
}

static void read_answer(struct bus_bytes text, struct bus_frames *ret)
{
    const char verb = text.size > 0 ? (char)text.data[0] : 'R';
    struct bus_bytes body = msgpack_of(text.size > 0 ? bus_bytes(text.data + 1, text.size - 1) : text);
    *ret = (struct bus_frames){.verb = verb == 'E'   ? "ERR"
                                       : verb == 'B' ? "BATCH"
                                       : verb == 'T' ? "STATUS"
                                                     : "REPLY",
                               .body_n = 1};
    ret->body[0] = body;
    if (verb == 'R') {
        ret->body[0] = msgpack_of_text("{\"status\":\"ok\"}");
        ret->body[ret->body_n++] = body;
    }
}

static bool is_token(struct bus_bytes query, const char *token)
{
    uint8_t hash[TOKEN_HASH];
    char hex[2 * TOKEN_HASH + 1];
    token_hash(token, strlen(token), hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return strcmp(bus_cursor_get_text(query, "hash", scene->arena, ""), hex) == 0;
}

static const char *whose_token(struct bus_bytes query)
{
#define WHOSE "R{\"token_id\":\"019342a0-0000-7000-8000-000000000009\",\"name\":\"coordinator\","
    if (is_token(query, "all"))
        return WHOSE "\"scopes\":[\"*\"],\"sources\":[\"*\"]}";
    if (is_token(query, "some"))
        return WHOSE
            "\"scopes\":[\"*\"],\"partnerships\":[\"asse\"],\"nis\":[\"23002\"],\"sources\":[\"urn:x\"]}";
    if (is_token(query, "few"))
        return WHOSE "\"scopes\":[\"referral-*\",\"create-token\",\"stream-registry\",\"duos\"]}";
    return "S{\"status\":\"not-found\",\"text\":\"no such token\"}";
}

enum bus_status bus_client_receive(struct bus_client *self, int timeout_ms, struct bus_arena *arena,
                                   const char **ret_service, uint64_t *ret_tag, struct bus_frames *ret_answer,
                                   struct bus_error *err)
{
    (void)self, (void)timeout_ms, (void)arena, (void)err;
    while (scene->first != NULL) {
        const struct question *question = scene->first;
        struct bus_bytes text;
        scene->first = question->next;
        scene->last = scene->first != NULL ? scene->last : &scene->first;
        if (question->type == &gateway_check_token_type)
            text = bus_bytes_of(whose_token(question->data));
        else if (!take_answer(&text))
            text = bus_bytes_of(nothing_of(question));
        if (text.size > 0 && text.data[0] == 'N')
            continue;
        *ret_service = question->service;
        *ret_tag = question->tag;
        read_answer(text, ret_answer);
        return BUS_OK;
    }
    return BUS_RETRY;
}

enum bus_status bus_client_follow(struct bus_client *self, const char *service, struct bus_error *err)
{
    (void)self, (void)service, (void)err;
    scene->live += !scene->followed;
    scene->followed = true;
    return BUS_OK;
}

/* That there is more of the registry's log. */
enum bus_status bus_client_next(struct bus_client *self, int timeout_ms, struct bus_arena *arena,
                                struct bus_live *ret_live, struct bus_error *err)
{
    (void)self, (void)timeout_ms, (void)arena, (void)err;
    if (scene->live == 0)
        return BUS_RETRY;
    scene->live--;
    *ret_live = (struct bus_live){.head = true, .header = {.stream = "registry", .seq = 1000}};
    return BUS_OK;
}

bool bus_client_refused(struct bus_client *self, const char *service)
{
    (void)self, (void)service;
    return false;
}

enum bus_status bus_client_reconnect(struct bus_client *self, const char *service, struct bus_error *err)
{
    (void)self, (void)service, (void)err;
    return BUS_OK;
}

void bus_client_close(struct bus_client **self_p)
{
    *self_p = NULL;
}

int64_t bus_peers_now_us(struct bus_peers *self)
{
    (void)self;
    return NOW_US;
}

/* ---- the adapters' door: one request, where there are grants */

bool bus_server_take(struct bus_server *self, struct bus_arena *arena, struct bus_server_request *ret)
{
    (void)self, (void)arena;
    if (scene->grants == NULL || scene->served)
        return false;
    scene->served = true;
    *ret = (struct bus_server_request){.peer = "vdab",
                                       .role = scene->role,
                                       .grants = scene->grants,
                                       .verb = "PUBLISH",
                                       .body = {scene->sent},
                                       .body_n = 1};
    return true;
}

void bus_server_reply(struct bus_server *self, struct bus_bytes route, const char *verb,
                      struct bus_bytes body)
{
    (void)self, (void)route;
    require(!scene->replied && (strcmp(verb, "ACK") == 0 || strcmp(verb, "ERR") == 0));
    require(bus_scan(body, &bus_scan_batch, NULL) == BUS_OK);
    scene->replied = true;
}

void bus_server_close(struct bus_server **self_p)
{
    *self_p = NULL;
}

int bus_server_fd(const struct bus_server *self)
{
    (void)self;
    return -1;
}

/* ---- a scene */

void edge_scene_open(struct edge_scene *self, const uint8_t *data, size_t size)
{
    const uint8_t *mark = memchr(data, 0xff, size);
    const size_t sent = mark != NULL ? (size_t)(mark - data) : size;
    struct edge *edge = &self->edge;
    struct bus_error err = {0};
    scene = self;
    *self = (struct edge_scene){.arena = bus_arena_new(),
                                .sent = bus_bytes(data, sent),
                                .answers = bus_bytes(data + sent, size - sent),
                                .last = &self->first};
    edge->asking = asking_new(NULL);
    edge->streams = streams_new(NULL);
    edge->auth = auth_new();
    edge->belonging = belonging_new();
    edge->publishing = publishing_new();
    edge->adapters = adapters_new(NULL, edge);
    edge->http = http_new(&(struct http_config){.edge = edge, .routes = &routes, .admit = auth_admit}, &err);
    require(edge->http != NULL);
}

/* As edge.c ends. */
void edge_scene_close(struct edge_scene *self)
{
    struct edge *edge = &self->edge;
    publishing_end(edge->publishing);
    asking_end(edge->asking);
    http_free(&edge->http);
    asking_end(edge->asking);
    adapters_free(&edge->adapters);
    streams_free(&edge->streams);
    asking_free(&edge->asking);
    auth_free(&edge->auth);
    belonging_free(&edge->belonging);
    publishing_free(&edge->publishing);
    bus_arena_free(&self->arena);
}

bool edge_scene_turn(struct edge_scene *self)
{
    struct edge *edge = &self->edge;
    struct pollfd http = {.fd = http_fd(edge->http), .events = POLLIN};
    http_turn(edge->http);
    bool more = asking_take(edge->asking);
    more |= streams_take(edge->streams);
    more |= adapters_take(edge->adapters);
    return more || http_timeout_ms(edge->http, 1) == 0 || poll(&http, 1, 0) > 0;
}
