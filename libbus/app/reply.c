/* See reply.h. */
#include "app/reply.h"

#include "bus/pack.h"

void reply_send(struct loop *loop, struct bus_bytes route, const char *verb, struct bus_bytes body)
{
    net_reply(loop->net, route, verb, &body, 1);
}

void reply_error_pack(struct bus_buffer *out, const char *asked, int64_t number, const char *code,
                      int64_t retry_ms, const char *text)
{
    bus_pack_map(out, asked != NULL ? 4 : 3);
    if (asked != NULL) {
        bus_pack_text(out, asked);
        bus_pack_int(out, number);
    }
    bus_pack_text(out, "code");
    bus_pack_text(out, code);
    bus_pack_text(out, "retry_ms");
    bus_pack_int(out, retry_ms);
    bus_pack_text(out, "text");
    bus_pack_text(out, text);
}

void reply_error(struct loop *loop, struct bus_bytes route, const char *code, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    reply_error_pack(&out, NULL, 0, code, 0, text);
    reply_send(loop, route, "ERR", bus_buffer_bytes(&out));
}

void reply_frames(struct bus_arena *arena, enum bus_status status, const struct bus_error *err,
                  const struct bus_faults *faults, int64_t seq, struct bus_bytes data,
                  struct bus_bytes ret_body[2])
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bool failed = status != BUS_OK;
    bool coded = failed && err->code[0] != '\0';
    struct bus_faults own = {.items = &(struct bus_fault){.pointer = err->pointer, .text = err->text},
                             .n = 1};
    if (failed && (faults == NULL || faults->n == 0) && err->pointer[0] != '\0')
        faults = &own; /* a handler's, of what no schema tells */
    size_t faults_n = failed && faults != NULL ? faults->n : 0;
    bus_pack_map(&out, (uint32_t)(1 + failed + coded + (faults_n > 0) + (seq > 0)));
    bus_pack_text(&out, "status");
    bus_pack_text(&out, bus_status_name(status));
    if (failed) {
        bus_pack_text(&out, "text");
        bus_pack_text(&out, err->text);
    }
    if (coded) {
        bus_pack_text(&out, "code");
        bus_pack_text(&out, err->code);
    }
    if (faults_n > 0) {
        bus_pack_text(&out, "faults");
        bus_pack_array(&out, (uint32_t)faults_n);
        for (size_t i = 0; i < faults_n; i++) {
            bus_pack_map(&out, 2);
            bus_pack_text(&out, "pointer");
            bus_pack_text(&out, faults->items[i].pointer);
            bus_pack_text(&out, "text");
            bus_pack_text(&out, faults->items[i].text);
        }
    }
    if (seq > 0) {
        bus_pack_text(&out, "seq");
        bus_pack_int(&out, seq);
    }
    ret_body[0] = bus_bytes(bus_copy(arena, out.data, out.size), out.size);
    bus_buffer_clear(&out);
    bus_pack_map(&out, 0);
    ret_body[1] = data.data != NULL ? data : bus_bytes(bus_copy(arena, out.data, out.size), out.size);
}

void reply_refuse(struct loop *loop, struct bus_bytes route, const struct bus_error *err)
{
    struct bus_bytes body[2];
    reply_frames(loop->arena, err->status, err, NULL, 0, (struct bus_bytes){0}, body);
    net_reply(loop->net, route, "REPLY", body, 2);
}
