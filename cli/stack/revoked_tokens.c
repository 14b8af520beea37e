/* See revoked_tokens.h. */
#include "revoked_tokens.h"

#include "bus/arena.h"
#include "connection.h"
#include "streams.h"

enum bus_status revoked_tokens_revoke_again(PGconn *connection, struct bus_arena *arena,
                                            void (*on_text)(void *arg, const char *text), void *arg,
                                            struct bus_error *err)
{
    AUTO(connection_result_done)
    PGresult *known =
        PQexec(connection, "SELECT token_id, revoked FROM gateway" STREAMS_ASIDE ".token LIMIT 0");
    if (PQresultStatus(known) != PGRES_TUPLES_OK) {
        on_text(arg, "which tokens were revoked since the backup cannot be told: revoke them again");
        return BUS_OK;
    }
    AUTO(connection_result_done)
    PGresult *result =
        PQexec(connection, "UPDATE gateway.token AS t SET revoked = b.revoked FROM gateway" STREAMS_ASIDE
                           ".token AS b WHERE b.token_id = t.token_id AND b.revoked IS NOT NULL "
                           "AND t.revoked IS NULL");
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        connection_fail(connection, err);
        return bus_fail_in(err, "tokens cannot be revoked again");
    }
    on_text(arg, bus_printf(arena, "tokens that were revoked since, and are revoked again: %s",
                            PQcmdTuples(result)));
    return BUS_OK;
}
