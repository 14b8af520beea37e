/* Which subjects of which sources have something parked: a picture of the dead letters in memory, so that the
 * question costs nothing for each of millions of messages. Pure. */
#ifndef STORE_DEAD_INDEX_H
#define STORE_DEAD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dead_index;

struct dead_index *dead_index_new(void);
void dead_index_free(struct dead_index **self_p);
void dead_index_clear(struct dead_index *self);
/* `subject` NULL: parked, but nothing waits behind it. Putting a letter again moves it to the new subject. */
void dead_index_put(struct dead_index *self, const char *source, int64_t seq, const char *event_id,
                    const char *subject);
void dead_index_remove(struct dead_index *self, const char *source, int64_t seq, const char *event_id);
bool dead_index_holds(const struct dead_index *self, const char *source, int64_t seq, const char *event_id);
bool dead_index_blocks(const struct dead_index *self, const char *source, const char *subject);
size_t dead_index_count(const struct dead_index *self);

#endif
