/* Letters: when a person's messages are due, they leave together; and what becomes of them. One at a time a
 * person. */
#ifndef NOTIFICATIONS_LETTERS_H
#define NOTIFICATIONS_LETTERS_H

#include "bus/service.h"
#include "state.h"

#define LETTER_TIMER  "letter"
#define LETTER_EFFECT "letter"

/* Which of what is in memory travels: to be called after messages_load. */
BUS_CHECKED enum bus_status letters_load(struct bus_context *ctx, struct state *state);

/* Something is due at `due_us`: all of that moment has one timer. */
BUS_CHECKED enum bus_status letters_due(struct bus_context *ctx, int64_t due_us);

/* What waited for the dropped one of two merged people waits for the kept one from now on. */
BUS_CHECKED enum bus_status letters_merge(struct bus_context *ctx, struct bus_id keep_id,
                                          struct bus_id drop_id);

/* The timer: its key is the moment, in microseconds; or a person, of a moment that failed. */
enum bus_status on_letters_due(struct bus_context *ctx, const char *key);
/* The effect: its key is the letter. sending.h has the thread's side. */
enum bus_status on_letter_outcome(struct bus_context *ctx, const struct bus_outcome *outcome);

#endif
