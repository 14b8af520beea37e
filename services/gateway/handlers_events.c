/* Events from outside become the gateway's own stream: all of a batch, or none. */
#include <sodium.h>
#include <string.h>

#include "accepted_store.h"
#include "bus/scan.h"
#include "bus/service.h"
#include "referral_store.h"
#include "schema/all.h"
#include "schema/gateway.h"

struct taken {
    struct bus_header header;
    struct bus_bytes data;
    struct accepted key;
    struct referral referral;
    size_t first; /* index of the same event earlier in this batch, or its own */
};

static void digest_text(crypto_generichash_state *state, const char *text)
{
    const uint8_t given = text != NULL;
    crypto_generichash_update(state, &given, 1);
    if (given)
        crypto_generichash_update(state, (const uint8_t *)text, strlen(text) + 1);
}

/* What an event says: its data, and what its attributes say of it. Not how it came, which a second attempt
 * may tell otherwise (correlationid, causationid, traceparent), nor the time where its sender left that to
 * us. */
static void digest(struct taken *event)
{
    const struct bus_header *header = &event->header;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, ACCEPTED_DIGEST);
    digest_text(&state, header->type);
    digest_text(&state, header->subject);
    digest_text(&state, bus_header_extension_find(header, "partnership"));
    digest_text(&state, bus_header_extension_find(header, "nis"));
    const int64_t claimed_us = header->time_us != header->recorded_us ? header->time_us : 0;
    crypto_generichash_update(&state, (const uint8_t *)&claimed_us, sizeof claimed_us);
    crypto_generichash_update(&state, event->data.data, event->data.size);
    crypto_generichash_final(&state, event->key.digest, ACCEPTED_DIGEST);
}

/* What a referral says: not as which event it came, nor under which deposit what is personal was left. */
static enum bus_status read_referral(struct bus_context *ctx, const struct gateway_referral_received *value,
                                     struct taken *event)
{
    struct gateway_referral_received said = *value;
    said.deposit_id = (struct bus_id){0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    enum bus_status status = bus_encode(&gateway_referral_received_shape, &said, &data, ctx->err);
    if (status != BUS_OK)
        return bus_fail_in(ctx->err, "event %s", event->header.id);
    event->referral.id = said.referral_id;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, ACCEPTED_DIGEST);
    digest_text(&state, event->header.source);
    digest_text(&state, bus_header_extension_find(&event->header, "nis"));
    crypto_generichash_update(&state, data.data, data.size);
    crypto_generichash_final(&state, event->referral.digest, ACCEPTED_DIGEST);
    return BUS_OK;
}

static enum bus_status read_event(struct bus_context *ctx, const struct gateway_accept_events_events *in,
                                  struct taken *event)
{
    enum bus_status status = bus_header_decode(in->header, ctx->arena, &event->header, ctx->err);
    if (status != BUS_OK)
        return status;
    const struct bus_type *type = schema_find(event->header.type);
    if (type == NULL || type->kind != BUS_TYPE_EVENT || strcmp(type->service, "gateway") != 0)
        return bus_fail(ctx->err, BUS_INVALID, "%s is no event that the gateway takes in",
                        event->header.type);
    void *value = NULL;
    status = bus_scan_map(in->data, &bus_scan_data, ctx->err);
    if (status == BUS_OK)
        status = bus_decode(type->shape, in->data, false, ctx->arena, &value, NULL, ctx->err);
    if (status != BUS_OK)
        return bus_fail_in(ctx->err, "event %s", event->header.id);
    event->data = in->data;
    event->key = (struct accepted){.source = event->header.source, .id = event->header.id};
    digest(event);
    return type == &gateway_referral_received_type ? read_referral(ctx, value, event) : BUS_OK;
}

/* The same event twice in one batch is one event. */
static enum bus_status find_twins(struct bus_context *ctx, struct taken *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        events[i].first = i;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(events[k].key.id, events[i].key.id) != 0 ||
                strcmp(events[k].key.source, events[i].key.source) != 0)
                continue;
            if (memcmp(events[k].key.digest, events[i].key.digest, ACCEPTED_DIGEST) != 0)
                return bus_fail(ctx->err, BUS_CONFLICT,
                                "event %s stands in the batch twice, with different content",
                                events[i].key.id);
            events[i].first = k;
            break;
        }
    }
    return BUS_OK;
}

static enum bus_status say(struct bus_context *ctx, struct taken *event)
{
    struct bus_header header = event->header;
    header.command = false;
    if (header.time_us == 0) /* equal: its sender left it to us, as a replay must know */
        header.time_us = header.recorded_us = ctx->now_us;
    enum bus_status status = bus_say_raw(ctx, &header, event->data, &event->key.seq);
    if (status == BUS_OK)
        status = accepted_put(ctx, &event->key);
    return status != BUS_OK ? status : referral_put(ctx, &event->referral);
}

static enum bus_status accept_all(struct bus_context *ctx, struct taken *events, struct accepted *keys,
                                  size_t n, struct gateway_accept_events_reply_acks *acks)
{
    for (size_t i = 0; i < n; i++) {
        struct taken *first = &events[events[i].first];
        bool duplicate = keys[i].seq != 0 || first != &events[i];
        if (keys[i].seq != 0)
            events[i].key.seq = keys[i].seq;
        enum bus_status status = duplicate ? BUS_OK : say(ctx, &events[i]);
        if (status != BUS_OK)
            return status;
        acks[i] = (struct gateway_accept_events_reply_acks){
            .id = events[i].key.id, .stream = "gateway", .seq = first->key.seq, .duplicate = duplicate};
    }
    return BUS_OK;
}

struct batch {
    struct taken *events;
    struct accepted *keys; /* seq: what is known of each */
    size_t n;
};

/* What was taken in before stays so. */
static enum bus_status check_referrals(struct bus_context *ctx, const struct batch *batch)
{
    struct referral *referrals = bus_alloc_array(ctx->arena, batch->n, sizeof *referrals);
    size_t n = 0;
    for (size_t i = 0; i < batch->n; i++)
        if (batch->keys[i].seq == 0)
            referrals[n++] = batch->events[i].referral;
    return referral_check(ctx, referrals, n);
}

static enum bus_status read_batch(struct bus_context *ctx, const struct gateway_accept_events_events *in,
                                  size_t n, struct batch *ret)
{
    struct taken *events = bus_alloc_array(ctx->arena, n, sizeof *events);
    struct accepted *keys = bus_alloc_array(ctx->arena, n, sizeof *keys);
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        status = read_event(ctx, &in[i], &events[i]);
        keys[i] = events[i].key;
    }
    if (status == BUS_OK)
        status = find_twins(ctx, events, n);
    if (status == BUS_OK)
        status = accepted_find(ctx, keys, n);
    if (status != BUS_OK)
        return status;
    *ret = (struct batch){.events = events, .keys = keys, .n = n};
    return check_referrals(ctx, ret);
}

enum bus_status on_gateway_accept_events(struct bus_context *ctx, const struct gateway_accept_events *in)
{
    struct gateway_accept_events_reply_acks *acks = bus_alloc_array(ctx->arena, in->events_n, sizeof *acks);
    struct batch batch;
    enum bus_status status = read_batch(ctx, in->events, in->events_n, &batch);
    if (status == BUS_OK)
        status = accept_all(ctx, batch.events, batch.keys, batch.n, acks);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct gateway_accept_events_reply){.acks = acks, .acks_n = batch.n});
}

enum bus_status on_gateway_check_events(struct bus_context *ctx, const struct gateway_check_events *in)
{
    int64_t *known = bus_alloc_array(ctx->arena, in->events_n, sizeof *known);
    struct gateway_accept_events_events *events = bus_alloc_array(ctx->arena, in->events_n, sizeof *events);
    struct gateway_check_events_reply reply = {.known = known};
    struct batch batch;
    for (size_t i = 0; i < in->events_n; i++)
        events[i] = (struct gateway_accept_events_events){in->events[i].header, in->events[i].data};
    enum bus_status status = read_batch(ctx, events, in->events_n, &batch);
    for (size_t i = 0; status == BUS_OK && i < batch.n; i++)
        if (batch.keys[i].seq != 0)
            known[reply.known_n++] = (int64_t)i;
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
