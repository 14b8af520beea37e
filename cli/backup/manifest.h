/* What a backup says of itself, as manifest.json within it. */
#ifndef CLI_BACKUP_MANIFEST_H
#define CLI_BACKUP_MANIFEST_H

#include <stdint.h>

#include "bus/arena.h"
#include "bus/status.h"

#define MANIFEST_FILE   "manifest.json"
#define MANIFEST_DUMP   "database.dump"
#define MANIFEST_SHA256 65

struct manifest {
    const char *made; /* when the dump began */
    int postgres;     /* major version of the server */
    int64_t tables;
    int64_t database_bytes;
    int64_t dump_bytes;
    char sha256[MANIFEST_SHA256]; /* of the dump */
};

char *manifest_to_json(const struct manifest *self, struct bus_arena *arena);
BUS_CHECKED enum bus_status manifest_from_json(const char *text, struct bus_arena *arena,
                                               struct manifest *ret, struct bus_error *err);
/* The hash of what can be read from a descriptor, and how much that is. */
BUS_CHECKED enum bus_status manifest_hash(int fd, char ret_hex[MANIFEST_SHA256], int64_t *ret_bytes,
                                          struct bus_error *err);

#endif
