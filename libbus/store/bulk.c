/* Bulk statements: a row costs one append per column; the arrays go out as they stand. The buffers keep their
 * memory from batch to batch. */
#include "store/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "store/array.h"
#include "store/sqlstate.h"

#define FLUSH_BYTES                                                                        \
    ((size_t)256 * 1024) /* sent early, so that the server works while handlers go on; see \
                          * SEND_BYTES in connection.c */

struct column {
    Oid element;
    struct bus_buffer bytes;
};

struct bulk {
    const struct bus_sql *sql;
    bool ours;
    size_t rows, bytes;
    struct column columns[];
};

/* Postgres' array types and their elements, as far as a struct bus_value can fill them. */
static Oid element_of(Oid array)
{
    static const struct {
        Oid array, element;
    } types[] = {{1000, OID_BOOL},        {1001, OID_BYTEA}, {1016, OID_INT8},   {1005, OID_INT2},
                 {1007, OID_INT4},        {1009, OID_TEXT},  {1022, OID_FLOAT8}, {1015, OID_VARCHAR},
                 {1185, OID_TIMESTAMPTZ}, {2951, OID_UUID}};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i].array == array)
            return types[i].element;
    return InvalidOid;
}

void bulk_register(struct bus_db *db, const struct bus_sql *const *statements)
{
    for (const struct bus_sql *const *at = statements; at && *at; at++) {
        if (!(*at)->bulk)
            continue;
        struct bulk *bulk = calloc(1, sizeof(*bulk) + (size_t)(*at)->params * sizeof(bulk->columns[0]));
        struct bulk **grown = realloc(db->bulks, (db->bulks_n + 1) * sizeof(struct bulk *));
        if (!bulk || !grown)
            bus_die("out of memory: no room for statement %s", (*at)->name);
        bulk->sql = *at;
        bulk->ours = sqlstate_is_ours((*at)->name);
        db->bulks = grown;
        db->bulks[db->bulks_n++] = bulk;
    }
}

struct bulk *bulk_get(struct bus_db *db, const struct bus_sql *sql)
{
    if (db->last_bulk && db->last_bulk->sql == sql)
        return db->last_bulk;
    for (size_t i = 0; i < db->bulks_n; i++)
        if (db->bulks[i]->sql == sql)
            return db->last_bulk = db->bulks[i];
    return NULL;
}

enum bus_status bulk_learn(struct bulk *self, const PGresult *description, struct bus_error *err)
{
    if (PQnparams(description) != self->sql->params)
        return bus_fail(err, BUS_BUG, "statement %s: each parameter must be used as an array",
                        self->sql->name);
    for (int i = 0; i < self->sql->params; i++) {
        Oid element = element_of(PQparamtype(description, i));
        if (element == InvalidOid)
            return bus_fail(
                err, BUS_BUG,
                "statement %s: parameter $%d is of a type that cannot be sent in bulk; use boolean[], "
                "bytea[], bigint[], integer[], text[], float8[], timestamptz[] or uuid[]",
                self->sql->name, i + 1);
        self->columns[i].element = element;
    }
    return BUS_OK;
}

static bool add_integer(struct column *column, int64_t value)
{
    struct bus_buffer *out = &column->bytes;
    if (column->element == OID_INT8) {
        array_add_int8(out, value);
    } else if (column->element == OID_INT4 && value >= INT32_MIN && value <= INT32_MAX) {
        array_put32(array_put32(bus_buffer_grow(out, 8), 4), (uint32_t)(int32_t)value);
    } else if (column->element == OID_INT2 && value >= INT16_MIN && value <= INT16_MAX) {
        uint8_t bytes[2] = {(uint8_t)((uint16_t)value >> 8), (uint8_t)value};
        array_add_bytes(out, bytes, 2);
    } else {
        return false;
    }
    return true;
}

/* False when a value of this kind does not go into this column. */
static bool add_value(struct column *column, const struct bus_value *value)
{
    struct bus_buffer *out = &column->bytes;
    Oid element = column->element;
    switch (value->kind) {
    case BUS_VALUE_NULL:
        array_add_null(out);
        return true;
    case BUS_VALUE_INT:
        return add_integer(column, value->as.integer);
    case BUS_VALUE_BOOL:
        array_add_bytes(out, &(uint8_t){value->as.boolean}, 1);
        return element == OID_BOOL;
    case BUS_VALUE_NUMBER: {
        uint64_t bits;
        memcpy(&bits, &value->as.number, sizeof(bits));
        array_add_int8(out, (int64_t)bits);
        return element == OID_FLOAT8;
    }
    case BUS_VALUE_TEXT:
        array_add_bytes(out, value->as.text, strlen(value->as.text));
        return element == OID_TEXT || element == OID_VARCHAR;
    case BUS_VALUE_BYTES:
        array_add_bytes(out, value->as.bytes.data, value->as.bytes.size);
        return element == OID_BYTEA;
    case BUS_VALUE_TIME:
        array_add_int8(out, value->as.integer - POSTGRES_EPOCH_US);
        return element == OID_TIMESTAMPTZ;
    case BUS_VALUE_ID:
        if (element == OID_UUID) {
            array_add_bytes(out, value->as.id.bytes, sizeof(value->as.id.bytes));
            return true;
        }
        char text[BUS_ID_TEXT];
        bus_id_format(value->as.id, text);
        array_add_bytes(out, text, BUS_ID_TEXT - 1);
        return element == OID_TEXT || element == OID_VARCHAR;
    default:
        return false;
    }
}

static void clear(struct bulk *self)
{
    self->rows = self->bytes = 0;
    for (int i = 0; i < self->sql->params; i++)
        bus_buffer_clear(&self->columns[i].bytes);
}

static void flush(struct bus_db *db, struct bulk *self)
{
    const struct bus_sql *sql = self->rows == 1 && self->sql->row ? self->sql->row : self->sql;
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX], formats[DB_PARAMS_MAX];
    for (int i = 0; i < sql->params; i++) {
        struct bus_buffer *bytes = &self->columns[i].bytes;
        struct bus_bytes value = bus_buffer_bytes(bytes);
        array_end(bytes, 0, self->rows);
        if (sql == self->sql->row)
            value = array_first(bytes->data);
        values[i] = (const char *)value.data;
        lengths[i] = (int)value.size;
        formats[i] = 1;
    }
    if (!PQsendQueryPrepared(db->conn, sql->name, sql->params, values, lengths, formats, 1))
        return pipeline_lose(db);
    pipeline_pend(db, self->sql->name, PENDING_STATEMENT, NULL);
    clear(self);
}

/* In the order of their names, up to and including `last`; NULL: all. */
static void flush_until(struct bus_db *db, const struct bulk *last, bool ours)
{
    for (size_t i = 0; i < db->bulks_n && !db->now.failed; i++) {
        if (db->bulks[i]->rows > 0 && db->bulks[i]->ours == ours)
            flush(db, db->bulks[i]);
        if (db->bulks[i] == last)
            break;
    }
}

static void refuse_value(struct bus_error *err, const struct bus_sql *sql, size_t i,
                         const struct column *column, const struct bus_value *value)
{
    if (value->kind == BUS_VALUE_INT && (column->element == OID_INT4 || column->element == OID_INT2))
        (void)bus_fail(err, BUS_INVALID, "statement %s: the number of $%zu is too large for its column",
                       sql->name, i + 1);
    else
        (void)bus_fail(err, BUS_BUG, "statement %s: the value of $%zu is not of its column's type", sql->name,
                       i + 1);
}

enum bus_status bulk_add(struct bus_db *db, const struct bus_sql *sql, const struct bus_value *values,
                         size_t n, struct bus_error *err)
{
    struct bulk *self = bulk_get(db, sql);
    if (!self || n > DB_PARAMS_MAX)
        return bus_fail(err, BUS_BUG, "statement %s is not in the service's table, or has over %d columns",
                        sql->name, DB_PARAMS_MAX);
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        struct column *column = &self->columns[i];
        if (self->rows == 0)
            array_begin(&column->bytes, column->element);
        if (!add_value(column, &values[i])) {
            struct bus_error error = {0};
            refuse_value(&error, sql, i, column, &values[i]);
            pipeline_fail(db, &error); /* half a row stands in the buffers: the turn cannot go on */
            if (err)
                *err = error;
            return error.status;
        }
        bytes += column->bytes.size;
    }
    self->rows++;
    self->bytes = bytes;
    if (bytes < FLUSH_BYTES)
        return BUS_OK;
    flush_until(db, self, self->ours);
    pipeline_push(db);
    return BUS_OK;
}

void bulk_flush(struct bus_db *db, bool ours)
{
    flush_until(db, NULL, ours);
}

void bulk_clear_all(struct bus_db *db)
{
    for (size_t i = 0; i < db->bulks_n; i++)
        clear(db->bulks[i]);
}

void bulk_free_all(struct bus_db *db)
{
    for (size_t i = 0; i < db->bulks_n; i++) {
        for (int c = 0; c < db->bulks[i]->sql->params; c++)
            bus_buffer_done(&db->bulks[i]->columns[c].bytes);
        free(db->bulks[i]);
    }
    free(db->bulks);
    db->bulks = NULL;
    db->bulks_n = 0;
    db->last_bulk = NULL;
}
