/* Letters that stand in a folder, as those of an embedded stack, go when the person is erased. */
#ifndef NOTIFICATIONS_FORGETTING_H
#define NOTIFICATIONS_FORGETTING_H

#include "bus/service.h"

#define FORGET_EFFECT "forget-letters"
#define FORGET_TIMER  "forget-letters"

/* Has them removed; nothing where letters go to a server. */
BUS_CHECKED enum bus_status letters_forget(struct bus_context *ctx, struct bus_id person_id);

enum bus_status letters_remove(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                               const void *gathered, struct bus_arena *arena, const char **ret_text,
                               struct bus_error *err);
enum bus_status on_letters_removed(struct bus_context *ctx, const struct bus_outcome *outcome);
enum bus_status on_forget_letters(struct bus_context *ctx, const char *key);

#endif
