/* A log file: a first line "koppel-log 1 {…}", then records. A record is its length (4 bytes, big-endian), a
 * checksum of the payload (8 bytes), and the payload: msgpack {header, data}. Readable without a running
 * stack; a torn last record is told, and everything before it is good. */
#ifndef CLI_LOG_LOGFILE_H
#define CLI_LOG_LOGFILE_H

#include <stdint.h>

#include "bus/arena.h"
#include "bus/header.h"
#include "bus/status.h"

struct logfile;

struct logfile_info {
    int64_t tick_s;   /* a replay handles what falls into the same tick together; 0: only equal times */
    const char *note; /* for people: how it was made; may be "" */
};

struct logfile_record {
    struct bus_header header;
    struct bus_bytes raw_header;
    struct bus_bytes data;
    int64_t number; /* from 1 */
    int64_t offset; /* of the record in the file, bytes */
};

/* ---- reading */
BUS_CHECKED enum bus_status logfile_open(const char *path, struct logfile **ret_log, struct bus_error *err);
const struct logfile_info *logfile_info(const struct logfile *self);
int64_t logfile_size(const struct logfile *self);
/* The next record, in the arena. BUS_NOT_FOUND at the end; BUS_CONFLICT for a torn last record (the file was
 * cut while it was written); BUS_INVALID for a record that is damaged. */
BUS_CHECKED enum bus_status logfile_next(struct logfile *self, struct bus_arena *arena,
                                         struct logfile_record *ret_record, struct bus_error *err);

/* ---- writing: to PATH.part, which becomes PATH when it is closed well */
BUS_CHECKED enum bus_status logfile_create(const char *path, const struct logfile_info *info,
                                           struct logfile **ret_log, struct bus_error *err);
BUS_CHECKED enum bus_status logfile_add(struct logfile *self, struct bus_bytes header, struct bus_bytes data,
                                        struct bus_error *err);
BUS_CHECKED enum bus_status logfile_finish(struct logfile *self, struct bus_error *err);

void logfile_close(struct logfile **self_p); /* usable with AUTO; an unfinished file is removed */

#endif
