/* Events from outside, as CloudEvents JSON or as msgpack, become checked headers and data: one set of rules
 * for HTTP and ZeroMQ. Personal data is taken off, to be left with registry. Pure. */
#ifndef GATEWAY_INTAKE_H
#define GATEWAY_INTAKE_H

#include "bus/codec.h"
#include "bus/header.h"
#include "schema/registry.h"
#include "who.h"

#define INTAKE_BODY_BYTES (1024 * 1024)
#define INTAKE_EVENTS_MAX 256

struct intake_event {
    const struct bus_type *type;
    struct bus_header header;
    struct bus_bytes data;                           /* msgpack, without personal data */
    struct registry_deposit_batch_deposits *deposit; /* the personal data that came with it, or NULL */
    bool partnership_read;                           /* the data names one, as a partnership is named */
    const char *external_person;                     /* the sender's reference to whom it is about, or NULL */
    bool foreign;                                    /* that is somebody whom `who` does not serve */
    const char *place;                               /* JSON Pointer of the event in what was sent */
    const char *data_place;                          /* and of its data */
    size_t faults_at; /* its faults are those from there on, up to the next's */
};
struct intake {
    const struct who *who; /* who sent it; borrowed */
    int64_t latest_us;     /* what happens later is a fault */
    struct intake_event *events;
    size_t n;
    struct bus_faults faults;
    bool doubtful;  /* INVALID, but whatever of it was taken in before is not at fault: see publish() */
    bool malformed; /* INVALID: not JSON or msgpack at all */
    bool too_big;   /* INVALID: over a limit */
};

/* BUS_OK; BUS_INVALID with faults, or malformed, or too_big; BUS_DENIED with a fault for each place that
 * says what `who` may not send. An event whose own time is after `latest_us` is a fault: it would count in a
 * year that nobody has seen. */
BUS_CHECKED enum bus_status intake_json(struct bus_bytes json, bool batch, const struct who *who,
                                        int64_t latest_us, struct bus_arena *arena, struct intake *ret,
                                        struct bus_error *err);
/* An array of {header, data}. */
BUS_CHECKED enum bus_status intake_msgpack(struct bus_bytes array, const struct who *who, int64_t latest_us,
                                           struct bus_arena *arena, struct intake *ret,
                                           struct bus_error *err);
/* Of a doubtful one: forgets the faults of the events that `known` counts, from 0; doubtful no more. */
void intake_settle(struct intake *self, const int64_t *known, size_t known_n);
/* How many faults there are, for people. */
const char *intake_words(const struct intake *self, struct bus_arena *arena);
/* What is denied: the first of it, and how much more. */
const char *intake_denied_words(const struct bus_faults *denied, struct bus_arena *arena);
/* The data of accept-events. BUS_INVALID and too_big when together they are over a command's limit. */
BUS_CHECKED enum bus_status intake_command(struct intake *self, struct bus_arena *arena,
                                           struct bus_bytes *ret_data, struct bus_error *err);

#endif
