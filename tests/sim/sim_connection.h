/* A process's side of a session: what sim_connection.c and sim_statements.c know of each other. */
#ifndef SIM_CONNECTION_H
#define SIM_CONNECTION_H

#include "sim_store.h"
#include "store/session.h"

struct session *session_in(const struct bus_db *db);
enum bus_status connection_away(struct bus_error *err);
/* The session has ended: whatever it had under way is not answered any more. */
void connection_lose(struct bus_db *self);
/* The transaction at hand cannot be committed. `away`: the database's own affair, for which no message is to
 * blame; see store/sqlstate.c. */
void connection_refuse(struct outcome *self, enum bus_status status, const char *code, const char *text,
                       bool away);
enum bus_status connection_failure(const struct outcome *self, struct bus_error *err);
/* Waits for the server; false when it was silent for too long. */
bool connection_wait(struct bus_db *self, const char *what, int64_t until_us);
/* By chance it is silent for a while. */
void connection_hang(struct bus_db *self, const char *what);
/* The answer to a COMMIT under way: waits for it; or takes it, by chance, when it is there. */
void connection_await(struct bus_db *self);
void connection_look(struct bus_db *self);

#endif
