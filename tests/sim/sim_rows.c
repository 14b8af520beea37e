/* Stands in for libbus/store/rows.c: the cells of a result. */
#include <string.h>

#include "sim_store.h"
#include "store/rows.h"

void bus_rows_done(struct bus_rows *self)
{
    *self = (struct bus_rows){0}; /* the world forgets them with all the rest */
}

static const struct bus_value *cell(const struct bus_rows *rows, int row, int column)
{
    const struct rows *all = rows->result;
    if (row < 0 || (size_t)row >= all->n || (size_t)column >= all->at[row]->n)
        bus_die("row %d, column %d is not there", row, column);
    return &all->at[row]->cells[column];
}

bool bus_row_null(const struct bus_rows *rows, int row, int column)
{
    return cell(rows, row, column)->kind == BUS_VALUE_NULL;
}

int64_t bus_row_int(const struct bus_rows *rows, int row, int column)
{
    return cell(rows, row, column)->as.integer;
}

int64_t bus_row_time(const struct bus_rows *rows, int row, int column)
{
    return cell(rows, row, column)->as.integer;
}

bool bus_row_bool(const struct bus_rows *rows, int row, int column)
{
    return cell(rows, row, column)->as.boolean;
}

struct bus_id bus_row_id(const struct bus_rows *rows, int row, int column)
{
    const struct bus_value *value = cell(rows, row, column);
    return value->kind == BUS_VALUE_ID ? value->as.id : (struct bus_id){0};
}

const char *bus_row_text(const struct bus_rows *rows, int row, int column, struct bus_arena *arena)
{
    const struct bus_value *value = cell(rows, row, column);
    return value->kind == BUS_VALUE_TEXT ? bus_strdup(arena, value->as.text) : NULL;
}

struct bus_bytes bus_row_bytes(const struct bus_rows *rows, int row, int column, struct bus_arena *arena)
{
    const struct bus_value *value = cell(rows, row, column);
    if (value->kind != BUS_VALUE_BYTES)
        return bus_bytes(NULL, 0);
    return bus_bytes(bus_copy(arena, value->as.bytes.data, value->as.bytes.size), value->as.bytes.size);
}

struct bus_bytes rows_cell(const struct bus_rows *rows, int row, int column, Oid *ret_type)
{
    const struct bus_value *value = cell(rows, row, column);
    *ret_type = 0;
    if (value->kind == BUS_VALUE_TEXT)
        return bus_bytes(value->as.text, strlen(value->as.text));
    return value->as.bytes;
}
