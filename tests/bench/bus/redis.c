/* Redis Streams: XADD in pipelines, two under way; the reader asks by XREAD for what comes after its last
 * entry (a consumer group would also write every delivery to the server's log). Asking for the next batch
 * while this one is committed was slower: the answer comes with the first entry, so batches get small. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"
#include "contestant.h"

#define STREAM "bench"

struct redis {
    redisContext *conn;
    size_t unconfirmed;
    char last[64]; /* the id of the last entry that was received */
};

static struct redis *open_redis(const struct place *place)
{
    struct redis *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->conn = redisConnect(place->host, place->port);
    if (self->conn == NULL || self->conn->err)
        bus_die("redis: %s", self->conn ? self->conn->errstr : "out of memory");
    return self;
}

static void close_redis(struct redis *self)
{
    redisFree(self->conn);
    free(self);
}

static redisReply *take_reply(struct redis *self)
{
    redisReply *reply = NULL;
    if (redisGetReply(self->conn, (void **)&reply) != REDIS_OK)
        bus_die("redis: %s", self->conn->errstr);
    if (reply->type == REDIS_REPLY_ERROR)
        bus_die("redis: %s", reply->str);
    return reply;
}

static void write_out(struct redis *self)
{
    for (int done = 0; !done;)
        if (redisBufferWrite(self->conn, &done) != REDIS_OK)
            bus_die("redis: %s", self->conn->errstr);
}

static void confirm(struct redis *self, size_t most_left)
{
    for (; self->unconfirmed > most_left; self->unconfirmed--)
        freeReplyObject(take_reply(self));
}

static void renew(const struct place *place)
{
    struct redis *self = open_redis(place);
    redisAppendCommand(self->conn, "DEL " STREAM);
    freeReplyObject(take_reply(self));
    close_redis(self);
}

static void *open_writer(const struct place *place, bool paced)
{
    (void)paced;
    return open_redis(place);
}

static void send_events(void *writer, const struct event *events, size_t n)
{
    struct redis *self = writer;
    for (size_t i = 0; i < n; i++)
        redisAppendCommand(self->conn, "XADD " STREAM " * e %b", &events[i], sizeof events[i]);
    write_out(self);
    self->unconfirmed += n;
    confirm(self, BATCH);
}

static void close_writer(void *writer)
{
    struct redis *self = writer;
    confirm(self, 0);
    close_redis(self);
}

/* Entries have ids of the server's making: a reader that begins anew reads from the start and passes over
 * what took effect already. */
static void *open_reader(const struct place *place, int64_t after)
{
    (void)after;
    struct redis *self = open_redis(place);
    strcpy(self->last, "0");
    return self;
}

static size_t receive(void *reader, struct event *events)
{
    struct redis *self = reader;
    redisAppendCommand(self->conn, "XREAD COUNT %d BLOCK 0 STREAMS " STREAM " %s", BATCH, self->last);
    redisReply *reply = take_reply(self);
    /* [[stream, [[id, [field, value]], …]]] */
    const redisReply *entries = reply->element[0]->element[1];
    for (size_t i = 0; i < entries->elements; i++) {
        const redisReply *value = entries->element[i]->element[1]->element[1];
        if (value->len != sizeof *events)
            bus_die("redis: an event of %zu bytes", (size_t)value->len);
        memcpy(&events[i], value->str, sizeof *events);
    }
    size_t n = entries->elements;
    snprintf(self->last, sizeof self->last, "%s", entries->element[n - 1]->element[0]->str);
    freeReplyObject(reply);
    return n;
}

static void committed(void *reader)
{
    (void)reader;
}

static void close_reader(void *reader)
{
    close_redis(reader);
}

const struct contestant contestant = {renew,   open_writer, send_events,  close_writer, open_reader,
                                      receive, committed,   close_reader, false};
