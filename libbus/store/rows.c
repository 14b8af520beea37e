/* Cells of a result in binary form. A wrong column or type is a mistake in the program and ends it at once.
 */
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "store/array.h"
#include "store/rows.h"

static const PGresult *result_of(const struct bus_rows *rows, int row, int column)
{
    const PGresult *result = rows->result;
    if (row < 0 || row >= rows->n || column < 0 || column >= PQnfields(result))
        bus_die("row %d, column %d of a result with %d rows and %d columns", row, column, rows->n,
                result ? PQnfields(result) : 0);
    return result;
}

_Noreturn static void die_of_type(const PGresult *result, int column, const char *wanted)
{
    bus_die("column %d (%s) is read as %s but is of the type with oid %u; cast it in the statement", column,
            PQfname(result, column), wanted, PQftype(result, column));
}

struct bus_bytes rows_cell(const struct bus_rows *rows, int row, int column, Oid *ret_type)
{
    const PGresult *result = result_of(rows, row, column);
    *ret_type = PQftype(result, column);
    if (PQgetisnull(result, row, column))
        return bus_bytes(NULL, 0);
    return bus_bytes(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

void bus_rows_done(struct bus_rows *self)
{
    if (!self)
        return;
    PQclear(self->result);
    *self = (struct bus_rows){0};
}

bool bus_row_null(const struct bus_rows *rows, int row, int column)
{
    return PQgetisnull(result_of(rows, row, column), row, column);
}

int64_t bus_row_int(const struct bus_rows *rows, int row, int column)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type != OID_INT8 && type != OID_INT4 && type != OID_INT2)
        die_of_type(rows->result, column, "an integer");
    if (!cell.data)
        return 0;
    if (type == OID_INT8)
        return (int64_t)array_get64(cell.data);
    if (type == OID_INT4)
        return (int32_t)array_get32(cell.data);
    return (int16_t)(cell.data[0] << 8 | cell.data[1]);
}

bool bus_row_bool(const struct bus_rows *rows, int row, int column)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type != OID_BOOL)
        die_of_type(rows->result, column, "a boolean");
    return cell.data && cell.data[0];
}

double bus_row_number(const struct bus_rows *rows, int row, int column)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type == OID_INT8 || type == OID_INT4 || type == OID_INT2)
        return (double)bus_row_int(rows, row, column);
    if (type != OID_FLOAT8 && type != OID_FLOAT4)
        die_of_type(rows->result, column, "a number");
    if (!cell.data)
        return 0;
    if (type == OID_FLOAT4) {
        uint32_t bits = array_get32(cell.data);
        float number;
        memcpy(&number, &bits, sizeof(number));
        return (double)number;
    }
    uint64_t bits = array_get64(cell.data);
    double number;
    memcpy(&number, &bits, sizeof(number));
    return number;
}

struct bus_id bus_row_id(const struct bus_rows *rows, int row, int column)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    struct bus_id id = {0};
    if (type != OID_UUID)
        die_of_type(rows->result, column, "an id");
    if (cell.data)
        memcpy(id.bytes, cell.data, sizeof(id.bytes));
    return id;
}

int64_t bus_row_time(const struct bus_rows *rows, int row, int column)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type != OID_TIMESTAMPTZ)
        die_of_type(rows->result, column, "a time");
    return cell.data ? (int64_t)array_get64(cell.data) + POSTGRES_EPOCH_US : 0;
}

int bus_row_word(const struct bus_rows *rows, int row, int column, const char *const *words)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type != OID_TEXT)
        die_of_type(rows->result, column, "a word");
    for (int i = 0; cell.data && words[i]; i++)
        if (strlen(words[i]) == cell.size && memcmp(words[i], cell.data, cell.size) == 0)
            return i + 1;
    return 0;
}

const char *bus_row_text(const struct bus_rows *rows, int row, int column, struct bus_arena *arena)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    switch (type) {
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
    case OID_NAME:
    case OID_JSON:
        return cell.data ? bus_strndup(arena, (const char *)cell.data, cell.size) : NULL;
    case OID_UUID: {
        if (!cell.data)
            return NULL;
        char text[BUS_ID_TEXT];
        bus_id_format(bus_row_id(rows, row, column), text);
        return bus_strdup(arena, text);
    }
    case OID_DATE: {
        if (!cell.data)
            return NULL;
        char text[11];
        bus_date_format((int32_t)(array_get32(cell.data)) + (int32_t)(POSTGRES_EPOCH_US / BUS_DAY_US), text);
        return bus_strdup(arena, text);
    }
    default:
        die_of_type(rows->result, column, "text");
    }
}

struct bus_bytes bus_row_bytes(const struct bus_rows *rows, int row, int column, struct bus_arena *arena)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type != OID_BYTEA)
        die_of_type(rows->result, column, "bytes");
    return cell.data ? bus_bytes(bus_copy(arena, cell.data, cell.size), cell.size) : cell;
}

/* Walks over an array: the elements' number, and then one element at a time. */
struct walk {
    const uint8_t *at;
    size_t n;
};

static struct walk walk_open(const struct bus_rows *rows, int row, int column, Oid array_a, Oid array_b,
                             const char *wanted)
{
    Oid type;
    struct bus_bytes cell = rows_cell(rows, row, column, &type);
    if (type != array_a && type != array_b)
        die_of_type(rows->result, column, wanted);
    if (!cell.data || array_get32(cell.data) == 0)
        return (struct walk){0};
    if (array_get32(cell.data) != 1)
        die_of_type(rows->result, column, "a list");
    return (struct walk){.at = cell.data + ARRAY_HEAD, .n = array_get32(cell.data + 12)};
}

static struct bus_bytes walk_next(struct walk *self)
{
    int32_t size = (int32_t)array_get32(self->at);
    struct bus_bytes element = bus_bytes(size < 0 ? NULL : self->at + 4, size < 0 ? 0 : (size_t)size);
    self->at += 4 + element.size;
    return element;
}

const char *const *bus_row_texts(const struct bus_rows *rows, int row, int column, struct bus_arena *arena,
                                 size_t *ret_n)
{
    struct walk walk = walk_open(rows, row, column, 1009, 1015, "a list of texts");
    const char **texts = bus_alloc_array(arena, walk.n, sizeof(*texts));
    for (size_t i = 0; i < walk.n; i++) {
        struct bus_bytes element = walk_next(&walk);
        texts[i] = element.data ? bus_strndup(arena, (const char *)element.data, element.size) : NULL;
    }
    *ret_n = walk.n;
    return texts;
}

const struct bus_id *bus_row_ids(const struct bus_rows *rows, int row, int column, struct bus_arena *arena,
                                 size_t *ret_n)
{
    struct walk walk = walk_open(rows, row, column, 2951, 2951, "a list of ids");
    struct bus_id *ids = bus_alloc_array(arena, walk.n, sizeof(*ids));
    for (size_t i = 0; i < walk.n; i++) {
        struct bus_bytes element = walk_next(&walk);
        if (element.data)
            memcpy(ids[i].bytes, element.data, sizeof(ids[i].bytes));
    }
    *ret_n = walk.n;
    return ids;
}

const int64_t *bus_row_ints(const struct bus_rows *rows, int row, int column, struct bus_arena *arena,
                            size_t *ret_n)
{
    struct walk walk = walk_open(rows, row, column, 1016, 1007, "a list of integers");
    int64_t *ints = bus_alloc_array(arena, walk.n, sizeof(*ints));
    for (size_t i = 0; i < walk.n; i++) {
        struct bus_bytes element = walk_next(&walk);
        if (element.data)
            ints[i] =
                element.size == 8 ? (int64_t)array_get64(element.data) : (int32_t)array_get32(element.data);
    }
    *ret_n = walk.n;
    return ints;
}
