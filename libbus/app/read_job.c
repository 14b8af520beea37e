/* See read_job.h. */
#include "app/read_job.h"

#include <stdatomic.h>

#include "app/reply.h"
#include "bus/clock.h"
#include "bus/log.h"
#include "bus/scan.h"

void read_job_answer(struct read_job *job, const char *verb, const struct bus_buffer *out)
{
    job->reply_verb = verb;
    job->reply[0] = bus_bytes(bus_copy(job->job.arena, out->data, out->size), out->size);
    job->reply_n = 1;
}

void read_job_refuse(struct read_job *job, const char *code, int64_t retry_ms, const char *text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    reply_error_pack(&out, job->asked, job->number, code, retry_ms, text);
    read_job_answer(job, "ERR", &out);
}

/* Who is told to ask again does so twice a second, and there may be many: a line a minute is enough. */
static void tell(const struct read_job *job, const char *text)
{
    static _Atomic int64_t told_us; /* monotonic; of all threads */
    int64_t now = bus_clock_monotonic_us(), before = told_us;
    if ((before == 0 || now - before >= BUS_MINUTE_US) &&
        atomic_compare_exchange_strong(&told_us, &before, now))
        bus_log_warn("a %s cannot be answered: %s", job->verb, text);
}

void read_job_fail(struct read_job *job, enum bus_status status, const char *text)
{
    if (status != BUS_RETRY)
        tell(job, text);
    job->unready = status == BUS_RETRY;
    read_job_refuse(job, "BUSY", 500, status == BUS_RETRY ? READ_AWAY : text);
}

bool read_job_is_map(struct read_job *job)
{
    if (job->body_n == 1 && bus_scan_map(job->body[0], &bus_scan_data, NULL) == BUS_OK)
        return true;
    read_job_refuse(job, "INVALID", 0, "the request is one frame, a msgpack map");
    return false;
}
