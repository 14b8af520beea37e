/* What stands where, for the oracle: the logs, read once, and the rows of the services. Private to ledger.c,
 * once.c and machine.c.
 */
#ifndef SIM_FACTS_H
#define SIM_FACTS_H

#include "sim_store.h"

enum fact_kind { FACT_OTHER, FACT_COUNTED, FACT_ECHOED, FACT_TICKED, FACT_RANG };

/* A row of a log; of those of KIND OTHER nothing else is known. */
struct fact {
    enum fact_kind kind;
    int64_t seq;
    int64_t number; /* counted, echoed; of ticked and rang the number that is their key */
    int64_t cause;  /* echoed */
    struct bus_bytes mark, subject;
    bool again; /* rang: as it was asked for by the one before */
};

/* Kept with the row. */
const struct fact *fact_of(const struct row *log);
/* NULL when there is none. */
const struct fact *fact_at(const char *stream, int64_t seq);
/* Whether the sink's row is of this event. */
bool fact_is(const struct fact *fact, const struct row *heard);

const struct rows *rows_of(const char *service, enum table table);
bool restored(const char *service);
bool is_dead(const char *service, const char *source, int64_t seq);
/* Whether messages may have been parked: then only those of one subject are in order. */
bool parks(void);

/* once.c: a part of ledger_close(). */
void once_close(void);

#endif
