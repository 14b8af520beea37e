/* A question that a reader's thread answers, and what it may answer whatever was asked. */
#ifndef APP_READ_JOB_H
#define APP_READ_JOB_H

#include "app/worker.h"
#include "bus/bytes.h"
#include "bus/header.h"
#include "bus/pack.h"
#include "bus/status.h"

struct read_job {
    struct job job;
    struct bus_bytes route;
    size_t held; /* bytes, of the share of who asked, until it is answered */
    const char *verb;
    struct bus_bytes body[2];
    size_t body_n;
    int64_t now_us;
    const struct bus_after *after; /* of a QUERY: what has to be read here before it is answered */
    size_t after_n;
    int64_t arrived_us; /* monotonic */
    const char *asked;  /* "seq" of a HELLO, "req" of a FETCH: by it who asked knows the question again */
    int64_t number;
    bool unready;  /* the database was away from us */
    bool answered; /* a QUERY, and not refused */
    const char *reply_verb;
    struct bus_bytes reply[2];
    size_t reply_n;
};

/* What the database said of itself is not for who asked: it tells of our insides, and the loop logs it. */
#define READ_AWAY "the database is away; try again"

/* One body, copied. */
void read_job_answer(struct read_job *job, const char *verb, const struct bus_buffer *out);
void read_job_refuse(struct read_job *job, const char *code, int64_t retry_ms, const char *text);
/* What the store could not read. */
void read_job_fail(struct read_job *job, enum bus_status status, const char *text);
/* Whether it is one frame, a map; it is refused where not. */
bool read_job_is_map(struct read_job *job);

#endif
