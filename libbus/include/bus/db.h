/* Statements and rows. Every query lives in its own .sql file and reaches C as a `struct bus_sql`.
 * Inside the loop statements join one pipeline: bus_exec() does not wait for the server, bus_query() does.
 * A failed statement shows at the next wait, at the latest at the commit, and fails the whole transaction. */
#ifndef BUS_DB_H
#define BUS_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/id.h"
#include "bus/status.h"

struct bus_db; /* a connection with an open transaction; borrowed from the context */

struct bus_sql {
    const char *name; /* also the name of the prepared statement */
    const char *text;
    int params;
    /* First line "-- bulk": the text takes arrays (`FROM unnest($1::uuid[], …)`). Rows given by bus_exec()
     * are gathered and sent as one statement before the next query of the batch or the commit; of several
     * such statements, in the order of their names, which is all that those may count on that write to the
     * same table. No other statement of the same batch may write to it. */
    bool bulk;
    /* The same for one row, values instead of arrays, which most turns send and Postgres does in less time;
     * NULL: the arrays do for one, too. */
    const struct bus_sql *row;
};

struct bus_migration {
    int number; /* 0 ends a list */
    const char *name;
    const char *sha256; /* of `text`: a migration that was applied must never change */
    const char *text;
};

/* A parameter. Text and bytes are borrowed until the call returns. */
enum bus_value_kind {
    BUS_VALUE_NULL,
    BUS_VALUE_INT,
    BUS_VALUE_BOOL,
    BUS_VALUE_NUMBER,
    BUS_VALUE_TEXT,
    BUS_VALUE_BYTES,
    BUS_VALUE_ID,
    BUS_VALUE_TIME,
    BUS_VALUE_TEXTS,
    BUS_VALUE_IDS,
    BUS_VALUE_INTS,
};
struct bus_value {
    enum bus_value_kind kind;
    size_t n; /* elements of TEXTS, IDS, INTS */
    union {
        int64_t integer; /* also microseconds since 1970 of TIME */
        bool boolean;
        double number;
        const char *text;
        struct bus_bytes bytes;
        struct bus_id id;
        const char *const *texts;
        const struct bus_id *ids;
        const int64_t *ints;
    } as;
};
#define BUS_NULL      ((struct bus_value){.kind = BUS_VALUE_NULL})
#define BUS_INT(x)    ((struct bus_value){.kind = BUS_VALUE_INT, .as.integer = (x)})
#define BUS_BOOL(x)   ((struct bus_value){.kind = BUS_VALUE_BOOL, .as.boolean = (x)})
#define BUS_NUMBER(x) ((struct bus_value){.kind = BUS_VALUE_NUMBER, .as.number = (x)})
#define BUS_TEXT(x)   bus_value_text(x)  /* NULL becomes NULL */
#define BUS_BYTES(x)  bus_value_bytes(x) /* data NULL becomes NULL */
#define BUS_ID(x)     bus_value_id(x)    /* the nil id becomes NULL */
#define BUS_TIME(x)   bus_value_time(x)  /* 0 becomes NULL; columns are timestamptz */
#define BUS_TEXTS(x, c) \
    ((struct bus_value){.kind = BUS_VALUE_TEXTS, .n = (c), .as.texts = (x)}) /* text[]; not in bulk */
#define BUS_IDS(x, c) \
    ((struct bus_value){.kind = BUS_VALUE_IDS, .n = (c), .as.ids = (x)}) /* uuid[]; not in bulk */
#define BUS_INTS(x, c) \
    ((struct bus_value){.kind = BUS_VALUE_INTS, .n = (c), .as.ints = (x)}) /* bigint[]; not in bulk */

static inline struct bus_value bus_value_text(const char *text)
{
    return text ? (struct bus_value){.kind = BUS_VALUE_TEXT, .as.text = text} : BUS_NULL;
}
static inline struct bus_value bus_value_bytes(struct bus_bytes bytes)
{
    return bytes.data ? (struct bus_value){.kind = BUS_VALUE_BYTES, .as.bytes = bytes} : BUS_NULL;
}
static inline struct bus_value bus_value_id(struct bus_id id)
{
    return bus_id_is_nil(id) ? BUS_NULL : (struct bus_value){.kind = BUS_VALUE_ID, .as.id = id};
}
static inline struct bus_value bus_value_time(int64_t time_us)
{
    return time_us ? (struct bus_value){.kind = BUS_VALUE_TIME, .as.integer = time_us} : BUS_NULL;
}

/* Runs a statement whose result nobody reads. BUS_BUG when the number of values is not sql->params. */
#define bus_exec(db, err, sql, ...)                                   \
    bus_db_exec((db), (sql), (const struct bus_value[]){__VA_ARGS__}, \
                sizeof((const struct bus_value[]){__VA_ARGS__}) / sizeof(struct bus_value), (err))
BUS_CHECKED enum bus_status bus_db_exec(struct bus_db *db, const struct bus_sql *sql,
                                        const struct bus_value *values, size_t n, struct bus_error *err);

/* Rows of a query: owned by the caller, released by bus_rows_done (usable with AUTO). `n` rows. */
struct bus_rows {
    int n;
    void *result;
};
void bus_rows_done(struct bus_rows *self);

/* Runs a statement and waits for its rows. One whose text begins with SELECT counts as one that only reads: a
 * command that is refused behind it undoes nothing. What calls a function that writes goes by bus_exec(), or
 * begins with WITH. With no values write bus_query(db, err, &rows, sql, BUS_NONE). */
#define BUS_NONE ((struct bus_value){.kind = BUS_VALUE_NULL, .n = SIZE_MAX})
#define bus_query(db, err, ret_rows, sql, ...)                                                           \
    bus_db_query((db), (sql), (const struct bus_value[]){__VA_ARGS__},                                   \
                 sizeof((const struct bus_value[]){__VA_ARGS__}) / sizeof(struct bus_value), (ret_rows), \
                 (err))
BUS_CHECKED enum bus_status bus_db_query(struct bus_db *db, const struct bus_sql *sql,
                                         const struct bus_value *values, size_t n, struct bus_rows *ret_rows,
                                         struct bus_error *err);

/* Which commit of the service made the rows what `db` sees of them: while it is the same, none has changed.
 * For a query that keeps what it has read. */
struct bus_version {
    int64_t epoch, turn;
};
BUS_CHECKED enum bus_status bus_version_get(struct bus_db *db, struct bus_version *ret,
                                            struct bus_error *err);

/* Whether a message of this stream (NULL: of any) waits among the dead letters whose data holds this text as
 * a value (or a key), such as an id. */
BUS_CHECKED enum bus_status bus_parked(struct bus_db *db, const char *stream, const char *text,
                                       bool *ret_parked, struct bus_error *err);

/* Cells by column number from 0, in the order the SELECT names them; SQL NULL gives 0, false, NULL, nil. Text
 * is copied into the arena. A column of another type than asked is a programmer's error and dies. */
bool bus_row_null(const struct bus_rows *rows, int row, int column);
int64_t bus_row_int(const struct bus_rows *rows, int row, int column);
bool bus_row_bool(const struct bus_rows *rows, int row, int column);
double bus_row_number(const struct bus_rows *rows, int row, int column);
struct bus_id bus_row_id(const struct bus_rows *rows, int row, int column);
int64_t bus_row_time(const struct bus_rows *rows, int row, int column); /* timestamptz → microseconds */
const char *bus_row_text(const struct bus_rows *rows, int row, int column, struct bus_arena *arena);
/* A word of an enum → its value; 0 for NULL and for what is none of the words. */
int bus_row_word(const struct bus_rows *rows, int row, int column, const char *const *words);
struct bus_bytes bus_row_bytes(const struct bus_rows *rows, int row, int column, struct bus_arena *arena);
/* text[] and uuid[] and bigint[] columns; *ret_n elements, in the arena. */
const char *const *bus_row_texts(const struct bus_rows *rows, int row, int column, struct bus_arena *arena,
                                 size_t *ret_n);
const struct bus_id *bus_row_ids(const struct bus_rows *rows, int row, int column, struct bus_arena *arena,
                                 size_t *ret_n);
const int64_t *bus_row_ints(const struct bus_rows *rows, int row, int column, struct bus_arena *arena,
                            size_t *ret_n);

#endif
