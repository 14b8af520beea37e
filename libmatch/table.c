/* A hash table from 64-bit hashes to small numbers: open addressing, never more than half full.
 * See table.h. */
#include <stdlib.h>

#include "assignment_internal.h"
#include "mix.h"
#include "table.h"

#define EMPTY (-1)

void match_table_done(struct match_table *table)
{
    free(table->hashes);
    free(table->values);
    *table = (struct match_table){0};
}

uint64_t match_hash_bytes(const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3U;
    return match_mix(hash);
}

int32_t match_table_find(const struct match_table *table, uint64_t hash, match_table_is_fn *is,
                         const void *context)
{
    if (table->room == 0)
        return -1;
    for (size_t i = hash & (table->room - 1); table->values[i] != EMPTY; i = (i + 1) & (table->room - 1))
        if (table->hashes[i] == hash && is(context, table->values[i]))
            return table->values[i];
    return -1;
}

static void put(struct match_table *table, uint64_t hash, int32_t value)
{
    size_t i = hash & (table->room - 1);
    while (table->values[i] != EMPTY)
        i = (i + 1) & (table->room - 1);
    table->hashes[i] = hash;
    table->values[i] = value;
}

static void grow(struct match_table *table)
{
    struct match_table larger = {.room = table->room == 0 ? 64 : 2 * table->room, .count = table->count};
    int32_t hash_room = 0, value_room = 0;
    larger.hashes = match_grow(NULL, &hash_room, (int32_t)larger.room, sizeof *larger.hashes);
    larger.values = match_grow(NULL, &value_room, (int32_t)larger.room, sizeof *larger.values);
    for (size_t i = 0; i < larger.room; i++)
        larger.values[i] = EMPTY;
    for (size_t i = 0; i < table->room; i++)
        if (table->values[i] != EMPTY)
            put(&larger, table->hashes[i], table->values[i]);
    match_table_done(table);
    *table = larger;
}

void match_table_add(struct match_table *table, uint64_t hash, int32_t value)
{
    if (2 * (table->count + 1) > table->room)
        grow(table);
    put(table, hash, value);
    table->count++;
}
