/* NATS JetStream: file storage; asynchronous publishing with a bounded number of unconfirmed events. The
 * reader is an ordered consumer, the fastest kind, begun behind the position in the reader's own database: it
 * needs no acknowledgements, and the client library begins it anew where it sees a gap. */
#include <nats/nats.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"
#include "contestant.h"

#define STREAM      "bench"
#define UNCONFIRMED 1000
#define WAIT_MS     30000

struct nats {
    natsConnection *conn;
    jsCtx *js;
    natsSubscription *sub;
};

static void check(natsStatus status)
{
    if (status != NATS_OK)
        bus_die("jetstream: %s", natsStatus_GetText(status));
}

static void on_publish_error(jsCtx *js, jsPubAckErr *error, void *closure)
{
    (void)js, (void)closure;
    bus_die("jetstream: not stored: %s", error->ErrText ? error->ErrText : natsStatus_GetText(error->Err));
}

static struct nats *open_nats(const struct place *place, bool at_once)
{
    struct nats *self = calloc(1, sizeof *self);
    char url[64];
    if (self == NULL)
        bus_die("out of memory");
    snprintf(url, sizeof url, "nats://%s:%d", place->host, place->port);
    natsOptions *options = NULL;
    check(natsOptions_Create(&options));
    check(natsOptions_SetURL(options, url));
    check(natsOptions_SetSendAsap(options, at_once));
    check(natsConnection_Connect(&self->conn, options));
    natsOptions_Destroy(options);
    jsOptions js;
    check(jsOptions_Init(&js));
    js.PublishAsync.MaxPending = UNCONFIRMED;
    js.PublishAsync.StallWait = WAIT_MS;
    js.PublishAsync.ErrHandler = on_publish_error;
    check(natsConnection_JetStream(&self->js, self->conn, &js));
    return self;
}

static void close_nats(struct nats *self)
{
    natsSubscription_Destroy(self->sub);
    jsCtx_Destroy(self->js);
    natsConnection_Destroy(self->conn);
    free(self);
    nats_Close();
}

static void renew(const struct place *place)
{
    struct nats *self = open_nats(place, true);
    (void)js_DeleteStream(self->js, STREAM, NULL, NULL);
    jsStreamConfig config;
    check(jsStreamConfig_Init(&config));
    const char *subjects[] = {STREAM};
    config.Name = STREAM;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    check(js_AddStream(NULL, self->js, &config, NULL, NULL));
    close_nats(self);
}

static void *open_writer(const struct place *place, bool paced)
{
    return open_nats(place, paced);
}

static void send_events(void *writer, const struct event *events, size_t n)
{
    struct nats *self = writer;
    for (size_t i = 0; i < n; i++)
        check(js_PublishAsync(self->js, STREAM, &events[i], sizeof events[i], NULL));
}

static void close_writer(void *writer)
{
    struct nats *self = writer;
    jsPubOptions options;
    check(jsPubOptions_Init(&options));
    options.MaxWait = WAIT_MS;
    check(js_PublishAsyncComplete(self->js, &options));
    close_nats(self);
}

static void *open_reader(const struct place *place, int64_t after)
{
    struct nats *self = open_nats(place, true);
    jsSubOptions options;
    check(jsSubOptions_Init(&options));
    options.Stream = STREAM;
    options.Ordered = true;
    options.Config.DeliverPolicy = js_DeliverByStartSequence;
    options.Config.OptStartSeq = (uint64_t)after + 1;
    check(js_SubscribeSync(&self->sub, self->js, STREAM, NULL, &options, NULL));
    check(natsSubscription_SetPendingLimits(self->sub, -1, -1)); /* what waits here is not dropped */
    return self;
}

static size_t receive(void *reader, struct event *events)
{
    struct nats *self = reader;
    size_t n = 0;
    for (; n < BATCH; n++) {
        natsMsg *msg = NULL;
        natsStatus status = natsSubscription_NextMsg(&msg, self->sub, n ? 0 : WAIT_MS);
        if (n && status == NATS_TIMEOUT)
            break;
        check(status);
        if (natsMsg_GetDataLength(msg) != sizeof *events)
            bus_die("jetstream: an event of %d bytes", natsMsg_GetDataLength(msg));
        memcpy(&events[n], natsMsg_GetData(msg), sizeof *events);
        natsMsg_Destroy(msg);
    }
    return n;
}

static void committed(void *reader)
{
    (void)reader;
}

static void close_reader(void *reader)
{
    close_nats(reader);
}

const struct contestant contestant = {renew,   open_writer, send_events,  close_writer, open_reader,
                                      receive, committed,   close_reader, false};
