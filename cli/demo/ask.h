/* Questions to the services of a stack, as a coordinator could ask them, and what their answers hold. */
#ifndef CLI_DEMO_ASK_H
#define CLI_DEMO_ASK_H

#include "session.h"

/* A query by its name, "matching/duos". `data` is given back; *ret_reply is to be. */
BUS_CHECKED enum bus_status demo_ask(struct session *session, const char *query, json_t *data,
                                     json_t **ret_reply, struct bus_error *err);
/* All pages of a list, added to `all`; `data` is given back. */
BUS_CHECKED enum bus_status demo_ask_all(struct session *session, const char *query, const char *list,
                                         json_t *data, json_t *all, struct bus_error *err);
/* "" and 0 where there is none. */
const char *demo_text(const json_t *object, const char *name);
double demo_number(const json_t *object, const char *name);

#endif
