/* Migrations: in order, each in a transaction of its own, never changed after they were applied. */
#include <stdio.h>
#include <string.h>

#include "bus/arena.h"
#include "sql/bus.h"
#include "store/session.h"

/* What stands in the database must be what the program knows; *ret_done is how many were applied. */
static enum bus_status compare(const struct bus_rows *rows, const char *module,
                               const struct bus_migration *migrations, int *ret_done, struct bus_error *err)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (int i = 0; i < rows->n; i++) {
        const struct bus_migration *known = &migrations[i];
        const char *name = bus_row_text(rows, i, 1, arena);
        if (!migrations || known->number == 0)
            return bus_fail_code(err, BUS_BUG, "BUS-MIGRATION",
                                 "the database of %s has migration %s, which this program does not know: "
                                 "start the newer program",
                                 module, name);
        if (bus_row_int(rows, i, 0) != known->number ||
            strcmp(bus_row_text(rows, i, 2, arena), known->sha256) != 0)
            return bus_fail_code(
                err, BUS_BUG, "BUS-MIGRATION",
                "migration %s of %s was changed after it was applied (as %s): put it back as it "
                "was and write a new one",
                known->name, module, name);
    }
    *ret_done = rows->n;
    return BUS_OK;
}

static enum bus_status applied(struct bus_db *db, const char *module, const struct bus_migration *migrations,
                               int *ret_done, struct bus_error *err)
{
    static const struct bus_sql exists = {
        .name = "bus_migration_exists",
        .text = "SELECT to_regclass('migration') IS NOT NULL, current_schema() IS NOT NULL"};
    AUTO(bus_rows_done) struct bus_rows there = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = db_call(db, &exists, NULL, &there, err);
    if (status != BUS_OK)
        return status;
    if (!bus_row_bool(&there, 0, 1))
        return bus_fail(err, BUS_BUG, "there is no schema %s, or the role may not use it: create both first",
                        db->service);
    *ret_done = 0;
    if (!bus_row_bool(&there, 0, 0))
        return BUS_OK;
    status = db_call(db, &bus_migrations_applied, (const char *const[]){module}, &rows, err);
    return status == BUS_OK ? compare(&rows, module, migrations, ret_done, err) : status;
}

/* Holding the fence row keeps a standby from taking over while a long migration renews no lease. */
static enum bus_status hold_lease(struct bus_db *db, int64_t lease_epoch, struct bus_error *err)
{
    if (lease_epoch == 0)
        return BUS_OK;
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)lease_epoch);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = db_call(db, &bus_lease_hold, (const char *const[]){text}, &rows, err);
    if (status == BUS_OK && rows.n != 1)
        return bus_fail_code(err, BUS_BUG, "BUS-FENCED", "another process has taken over stream %s",
                             db->service);
    return status;
}

static enum bus_status apply(struct bus_db *db, const char *module, const struct bus_migration *migration,
                             int64_t lease_epoch, struct bus_error *err)
{
    char name[128], number[16];
    snprintf(name, sizeof(name), "migration %s of %s", migration->name, module);
    snprintf(number, sizeof(number), "%d", migration->number);
    enum bus_status status = hold_lease(db, lease_epoch, err);
    if (status == BUS_OK)
        status = db_script(db, name, migration->text, err);
    if (status == BUS_OK && PQtransactionStatus(db->conn) != PQTRANS_INTRANS)
        return bus_fail(err, BUS_BUG, "%s ends its transaction: leave COMMIT and ROLLBACK out", name);
    if (status == BUS_OK)
        status =
            db_call(db, &bus_migration_done,
                    (const char *const[]){module, number, migration->name, migration->sha256}, NULL, err);
    return status;
}

static enum bus_status apply_next(struct bus_db *db, const char *module,
                                  const struct bus_migration *migrations, int limit, int64_t lease_epoch,
                                  bool *ret_more, struct bus_error *err)
{
    int done = 0;
    enum bus_status status =
        db_script(db, "begin of a migration",
                  "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
                  "SELECT pg_advisory_xact_lock(hashtextextended('bus migration ' || current_schema(), 0))",
                  err);
    if (status == BUS_OK)
        status = applied(db, module, migrations, &done, err);
    if (status != BUS_OK)
        return status;
    *ret_more =
        migrations && migrations[done].number != 0 && (limit == 0 || migrations[done].number <= limit);
    if (*ret_more)
        status = apply(db, module, &migrations[done], lease_epoch, err);
    return status == BUS_OK ? db_script(db, "commit of a migration", "COMMIT", err) : status;
}

enum bus_status store_migrate(struct bus_db *db, const char *module, const struct bus_migration *migrations,
                              int limit, int64_t lease_epoch, struct bus_error *err)
{
    bool more = true;
    enum bus_status status = BUS_OK;
    int patience_ms = db->patience_ms;
    db->patience_ms = -1; /* a migration takes its time, and so may the one that another process is at */
    while (more && status == BUS_OK)
        status = apply_next(db, module, migrations, limit, lease_epoch, &more, err);
    if (status != BUS_OK)
        db_ignore(db_script(db, "rollback of a migration", "ROLLBACK", NULL));
    db->patience_ms = patience_ms;
    /* What the migration met in existing rows is for a person to repair, not for a message to be parked. */
    if (status == BUS_INVALID && err)
        err->status = BUS_BUG;
    return status == BUS_INVALID ? BUS_BUG : status;
}
