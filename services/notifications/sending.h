/* Sends a letter: asks registry for the address, writes the mail, gives it to the server. In a thread of its
 * own. */
#ifndef NOTIFICATIONS_SENDING_H
#define NOTIFICATIONS_SENDING_H

#include "bus/service.h"

/* Asks registry how to reach those whom these letters are for. */
const void *letters_gather(struct bus_peers *peers, const struct bus_bytes *payloads, size_t n,
                           struct bus_arena *arena);
/* BUS_RETRY: later; another status: never, and the error's text is the word of the reason in the schemas. */
enum bus_status letter_send(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            const void *gathered, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err);

#endif
