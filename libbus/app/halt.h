/* The loop stands still in the middle of a turn: it waits for the database, which is silent, or to ask it
 * again what became of a commit. Handlers are written as if statements took no time, so nothing of the turn
 * can go on; but what needs no turn does: who asks is answered, what comes is put aside, and all are told
 * what is waited for.
 *
 * Nothing of the turn at hand may be touched: not its arena, nor the streams and commands that its items
 * stand for, nor the store. */
#ifndef APP_HALT_H
#define APP_HALT_H

#include <poll.h>
#include <stdbool.h>

struct bus_buffer;
struct loop;

/* For store_on_silence(). */
bool halt_silent(void *loop, struct pollfd *database, const char *what, int ms);
/* Until then, or until we are told to stop. */
void halt_nap(struct loop *loop, int ms);
/* In a sentence, what is waited for, while the database is silent. */
void halt_tell(const struct loop *loop, struct bus_buffer *out);

#endif
