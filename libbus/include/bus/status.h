/* What a function that can fail tells its caller: a status that names what to do next, and an error that says
 * why in words a person can act on. What becomes of a message by what its handler returns stands in
 * bus/service.h. */
#ifndef BUS_STATUS_H
#define BUS_STATUS_H

#include <stdarg.h>

enum bus_status {
    BUS_OK = 0,
    BUS_NOT_FOUND, /* an answer of the domain: the thing named does not exist */
    BUS_CONFLICT,  /* an answer of the domain: a rule forbids it now */
    BUS_INVALID,   /* this message can never work: refuse it, or park it */
    BUS_DENIED,    /* the caller may not do this */
    BUS_RETRY,     /* the world is not ready (database away, peer silent): back off, try again */
    BUS_BUG,       /* a promise inside the program is broken: no data and no waiting mends it. In a handler
                      its message alone is given up; anywhere else in the loop the process ends */
};

/* Owned by the caller, overwritten by the last failure; `text` is one line without personal data. */
struct bus_error {
    enum bus_status status;
    char code[24];    /* optional: an entry of the runbook, such as "BUS-FENCED"; "" when there is none */
    char pointer[64]; /* optional: the field at fault, as a JSON Pointer; "" when it is none or several */
    char text[488];
};

/* Fills `err` (which may be NULL) and returns `status`, so that one line raises an error. */
enum bus_status bus_fail(struct bus_error *err, enum bus_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with a runbook code. */
enum bus_status bus_fail_code(struct bus_error *err, enum bus_status status, const char *code,
                              const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same with the field at fault, "/until": whoever asked finds it among the faults of the reply. */
enum bus_status bus_fail_at(struct bus_error *err, enum bus_status status, const char *pointer,
                            const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Puts words and ": " in front of the text of an error that is already filled (not NULL); returns its status.
 */
enum bus_status bus_fail_in(struct bus_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "ok", "not-found", …: the word used in replies, logs and metrics. */
const char *bus_status_name(enum bus_status status);
/* The status of that name, or BUS_BUG for a word that is none. */
enum bus_status bus_status_from_name(const char *name);

#define BUS_CHECKED __attribute__((warn_unused_result))
/* Runs fn(&variable) when the variable leaves its scope. */
#define AUTO(fn) __attribute__((cleanup(fn)))

/* Out of memory and broken promises end here: one line to stderr, then abort. The truth is in Postgres. */
_Noreturn void bus_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
