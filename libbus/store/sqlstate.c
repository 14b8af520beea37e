/* SQLSTATE → status. The server's own words are passed on only for classes of errors whose text holds no
 * values: "invalid input syntax for type uuid: …" would carry personal data into the log. */
#include "store/sqlstate.h"

#include <string.h>

struct meaning {
    const char *prefix; /* of the SQLSTATE; the first that fits */
    enum bus_status status;
    const char *code;
    bool words; /* the message may be shown */
    bool away;  /* for everybody: no message is to blame */
};

static const struct meaning meanings[] = {
    {"BF0", BUS_BUG, "BUS-FENCED", true, false},
    {"40", BUS_RETRY, "", true, false},    /* serialization, deadlock */
    {"55P03", BUS_RETRY, "", true, false}, /* a lock was not to be had in time */
    {"57014", BUS_RETRY, "", true, false}, /* cancelled, or longer than a statement may last */
    {"08", BUS_RETRY, "", true, true},     /* connection */
    {"53", BUS_RETRY, "", true, true},     /* disk full, out of memory, too many connections */
    {"57", BUS_RETRY, "", true, true},     /* shutdown, starting up */
    {"25P03", BUS_RETRY, "", true, true},  /* idle in transaction too long: this process was paused */
    {"25P04", BUS_RETRY, "", true, true},  /* the same of the transaction timeout */
    {"58", BUS_RETRY, "", true, true},     /* an I/O error of the server */
    {"22", BUS_INVALID, "", false, false}, /* what the values hold */
    {"23", BUS_INVALID, "", false, false}, /* a constraint */
    {"0A", BUS_BUG, "", true, false},
    {"25", BUS_BUG, "", true, false},
    {"26", BUS_BUG, "", true, false},
    {"28", BUS_BUG, "", true, false},
    {"3F", BUS_BUG, "", true, false},
    {"42", BUS_BUG, "", true, false},
    {"", BUS_BUG, "", false, false},
};

bool sqlstate_is_ours(const char *name)
{
    return strncmp(name, "bus_", 4) == 0;
}

bool sqlstate_is_fatal(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && strcmp(severity, "ERROR") != 0;
}

static const struct meaning *meaning_of(const char *state)
{
    const struct meaning *at = meanings;
    while (strncmp(at->prefix, state, strlen(at->prefix)) != 0)
        at++;
    return at;
}

bool sqlstate_is_away(const char *name, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const struct meaning *meaning = state ? meaning_of(state) : NULL;
    return !meaning || meaning->away || (meaning->status == BUS_RETRY && sqlstate_is_ours(name));
}

/* The first line of the server's message, without its end. */
static int line_length(const char *text)
{
    size_t n = strcspn(text, "\r\n");
    return (int)(n < 300 ? n : 300);
}

enum bus_status sqlstate_fail(struct bus_error *err, const char *name, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state) { /* libpq's own words: the connection is gone */
        const char *text = PQresultErrorMessage(result);
        return bus_fail(err, BUS_RETRY, "the database went away during %s: %.*s", name, line_length(text),
                        text);
    }
    const struct meaning *meaning = meaning_of(state);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *column = PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
    enum bus_status status = meaning->status;
    const char *code = meaning->code;
    /* A place in the log that is taken was taken by another writer. Any other constraint on the bus's own
     * tables is our mistake, not the message's. */
    if (sqlstate_is_ours(name) && strncmp(state, "23", 2) == 0) {
        status = BUS_BUG;
        code = strcmp(name, "bus_log_append") == 0 && strcmp(state, "23505") == 0 ? "BUS-FENCED" : "";
    }
    if (meaning->words && message)
        return bus_fail_code(err, status, code, "statement %s failed: SQLSTATE %s: %.*s", name, state,
                             line_length(message), message);
    const char *what = constraint ? " on constraint " : column ? " on column " : "";
    return bus_fail_code(err, status, code, "statement %s failed: SQLSTATE %s%s%s", name, state, what,
                         constraint ? constraint
                         : column   ? column
                                    : "");
}

enum bus_status sqlstate_fail_connection(struct bus_error *err, const PGconn *conn)
{
    const char *text = PQerrorMessage(conn);
    if (!*text)
        text = "it does not answer";
    return bus_fail(err, BUS_RETRY, "the database cannot be reached: %.*s", line_length(text), text);
}
