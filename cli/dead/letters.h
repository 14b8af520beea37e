/* The dead letters of all services of a stack, as JSON: one by one, or by cause. */
#ifndef CLI_DEAD_LETTERS_H
#define CLI_DEAD_LETTERS_H

#include "../session.h"

/* Every letter as the service tells it, with its `service`, its `number` in this list and the name of its
 * `cause`; appended to the array. A service that is away hides its letters, not those of the others: see
 * session_try(). */
BUS_CHECKED enum bus_status letters_list(struct session *session, json_t *to, struct bus_error *err);
/* The same of one service. */
BUS_CHECKED enum bus_status letters_list_of(struct session *session, const char *service, json_t *to,
                                            struct bus_error *err);
/* One entry a cause, the largest first: {cause, fingerprint, n, behind, services, first, last, example}. */
BUS_CHECKED enum bus_status letters_groups(struct session *session, json_t *to, struct bus_error *err);

const char *letters_text(const json_t *letter, const char *name); /* "" when there is none */

#endif
