/* Sends a letter: asks registry for the address, writes the mail, gives it to the server. In a thread of its
 * own. */
#ifndef NOTIFICATIONS_SENDING_H
#define NOTIFICATIONS_SENDING_H

#include "bus/service.h"

/* BUS_RETRY: later; another status: never, and the error's text is the word of the reason in the schemas. */
enum bus_status letter_send(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            struct bus_arena *arena, const char **ret_text, struct bus_error *err);

#endif
