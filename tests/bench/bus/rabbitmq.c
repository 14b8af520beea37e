/* RabbitMQ: a quorum queue, persistent messages, publisher confirms taken in as they come with a bounded
 * number outstanding; the reader has a prefetch of two batches and acknowledges a whole batch at once, after
 * its commit. */
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"
#include "contestant.h"

#define QUEUE       "bench"
#define CHANNEL     1
#define UNCONFIRMED 4000
#define LOOK_EVERY  100

struct rabbit {
    amqp_connection_state_t conn;
    bool paced;
    uint64_t sent, confirmed, received;
};

static void check(amqp_rpc_reply_t reply, const char *what)
{
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION)
        bus_die("rabbitmq: %s: %s", what, amqp_error_string2(reply.library_error));
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        bus_die("rabbitmq: %s: refused by the server", what);
}

static void must(int status, const char *what)
{
    if (status != AMQP_STATUS_OK)
        bus_die("rabbitmq: %s: %s", what, amqp_error_string2(status));
}

static struct rabbit *open_rabbit(const struct place *place)
{
    struct rabbit *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->conn = amqp_new_connection();
    must(amqp_socket_open(amqp_tcp_socket_new(self->conn), place->host, place->port), "connect");
    check(amqp_login(self->conn, "/", AMQP_DEFAULT_MAX_CHANNELS, AMQP_DEFAULT_FRAME_SIZE, 0,
                     AMQP_SASL_METHOD_PLAIN, "guest", "guest"),
          "login");
    amqp_channel_open(self->conn, CHANNEL);
    check(amqp_get_rpc_reply(self->conn), "channel");
    return self;
}

static void close_rabbit(struct rabbit *self)
{
    check(amqp_connection_close(self->conn, AMQP_REPLY_SUCCESS), "close");
    amqp_destroy_connection(self->conn);
    free(self);
}

static void renew(const struct place *place)
{
    struct rabbit *self = open_rabbit(place);
    amqp_queue_delete(self->conn, CHANNEL, amqp_cstring_bytes(QUEUE), 0, 0);
    check(amqp_get_rpc_reply(self->conn), "delete the queue");
    amqp_table_entry_t entry = {
        .key = amqp_cstring_bytes("x-queue-type"),
        .value = {.kind = AMQP_FIELD_KIND_UTF8, .value.bytes = amqp_cstring_bytes("quorum")}};
    amqp_table_t arguments = {.num_entries = 1, .entries = &entry};
    amqp_queue_declare(self->conn, CHANNEL, amqp_cstring_bytes(QUEUE), 0, 1, 0, 0, arguments);
    check(amqp_get_rpc_reply(self->conn), "declare the queue");
    close_rabbit(self);
}

static void *open_writer(const struct place *place, bool paced)
{
    struct rabbit *self = open_rabbit(place);
    self->paced = paced;
    amqp_confirm_select(self->conn, CHANNEL);
    check(amqp_get_rpc_reply(self->conn), "confirms");
    return self;
}

/* Takes in the confirms that are there, and waits while more than that many are missing. */
static void take_confirms(struct rabbit *self, uint64_t most_left)
{
    for (;;) {
        amqp_frame_t frame;
        struct timeval now = {0};
        bool wait = self->sent - self->confirmed > most_left;
        int status = amqp_simple_wait_frame_noblock(self->conn, &frame, wait ? NULL : &now);
        if (status == AMQP_STATUS_TIMEOUT)
            break;
        must(status, "confirm");
        if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD)
            bus_die("rabbitmq: not a confirm but frame type %d", frame.frame_type);
        const amqp_basic_ack_t *ack = frame.payload.method.decoded;
        if (!ack->multiple && ack->delivery_tag != self->confirmed + 1)
            bus_die("rabbitmq: confirms out of order");
        self->confirmed = ack->delivery_tag;
        amqp_maybe_release_buffers(self->conn);
    }
}

/* The library writes each event by itself: the kernel gathers them into full packets meanwhile. */
static void hold_back(struct rabbit *self, int held)
{
    setsockopt(amqp_get_sockfd(self->conn), IPPROTO_TCP, TCP_CORK, &held, sizeof held);
}

static void send_events(void *writer, const struct event *events, size_t n)
{
    struct rabbit *self = writer;
    static const amqp_basic_properties_t persistent = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG,
                                                       .delivery_mode = 2};
    for (size_t i = 0; i < n; i++) {
        amqp_bytes_t body = {.len = sizeof events[i], .bytes = (void *)&events[i]};
        must(amqp_basic_publish(self->conn, CHANNEL, amqp_empty_bytes, amqp_cstring_bytes(QUEUE), 0, 0,
                                &persistent, body),
             "publish");
        self->sent++;
        if (self->sent % LOOK_EVERY == 0 || i + 1 == n) {
            hold_back(self, false);
            take_confirms(self, UNCONFIRMED);
            hold_back(self, !self->paced);
        }
    }
}

static void close_writer(void *writer)
{
    struct rabbit *self = writer;
    hold_back(self, false);
    while (self->confirmed < self->sent)
        take_confirms(self, self->sent - self->confirmed - 1);
    close_rabbit(self);
}

/* The queue itself remembers what was acknowledged; what was not comes again, in order. */
static void *open_reader(const struct place *place, int64_t after)
{
    (void)after;
    struct rabbit *self = open_rabbit(place);
    amqp_basic_qos(self->conn, CHANNEL, 0, 2 * BATCH, 0);
    check(amqp_get_rpc_reply(self->conn), "prefetch");
    amqp_basic_consume(self->conn, CHANNEL, amqp_cstring_bytes(QUEUE), amqp_empty_bytes, 0, 0, 0,
                       amqp_empty_table);
    check(amqp_get_rpc_reply(self->conn), "consume");
    return self;
}

static size_t receive(void *reader, struct event *events)
{
    struct rabbit *self = reader;
    size_t n = 0;
    for (; n < BATCH; n++) {
        amqp_envelope_t envelope;
        struct timeval now = {0};
        amqp_maybe_release_buffers(self->conn);
        amqp_rpc_reply_t reply = amqp_consume_message(self->conn, &envelope, n ? &now : NULL, 0);
        if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_TIMEOUT)
            break;
        check(reply, "receive");
        if (envelope.message.body.len != sizeof *events)
            bus_die("rabbitmq: an event of %zu bytes", envelope.message.body.len);
        memcpy(&events[n], envelope.message.body.bytes, sizeof *events);
        self->received = envelope.delivery_tag;
        amqp_destroy_envelope(&envelope);
    }
    return n;
}

static void committed(void *reader)
{
    struct rabbit *self = reader;
    must(amqp_basic_ack(self->conn, CHANNEL, self->received, 1), "acknowledge");
}

static void close_reader(void *reader)
{
    close_rabbit(reader);
}

const struct contestant contestant = {renew,   open_writer, send_events,  close_writer, open_reader,
                                      receive, committed,   close_reader, true};
