/* A hash table from 64-bit hashes to small numbers, for the readers of text files.
 * The caller tells equal hashes apart; the table keeps no keys. */
#ifndef MATCH_TABLE_H
#define MATCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct match_table {
    uint64_t *hashes;
    int32_t *values;
    size_t room; /* a power of two, or zero */
    size_t count;
};

typedef bool match_table_is_fn(const void *context, int32_t value);

void match_table_done(struct match_table *table);
uint64_t match_hash_bytes(const void *bytes, size_t length);

/* The value stored under this hash for which is() says yes, or -1. */
int32_t match_table_find(const struct match_table *table, uint64_t hash, match_table_is_fn *is,
                         const void *context);
void match_table_add(struct match_table *table, uint64_t hash, int32_t value);

#endif
