/* The list of who was erased: ids in a file outside the database, so that nobody comes back with an old
 * backup. Written after the erasure is committed, read when registry starts. */
#ifndef REGISTRY_ERASURES_H
#define REGISTRY_ERASURES_H

#include "bus/service.h"

#define ERASURES_EFFECT "note-erasure"
#define ERASURES_TIMER  "note-erasure"
#define ERASURES_AGAIN  "erase-again"

/* Has this person's ids written down; nothing where there is no such file (ERASURES_PATH). */
BUS_CHECKED enum bus_status erasures_note(struct bus_context *ctx, struct bus_id person_id);
/* Has those erased once more who are listed and yet known, by a timer each; whether there are any. A new list
 * begins with who is erased already. */
BUS_CHECKED enum bus_status erasures_apply(struct bus_context *ctx, bool *ret_any);

enum bus_status erasures_write(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                               const void *gathered, struct bus_arena *arena, const char **ret_text,
                               struct bus_error *err);
enum bus_status on_erasure_written(struct bus_context *ctx, const struct bus_outcome *outcome);
enum bus_status on_note_erasure(struct bus_context *ctx, const char *key);

#endif
