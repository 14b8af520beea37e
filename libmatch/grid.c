/* Squares by hash of their row and column. A degree east is at least half a degree north's length up to 60
 * degrees, so a square is twice as many degrees wide as high. */
#include "grid.h"

#include <stdlib.h>

#include "assignment_internal.h"
#include "mix.h"

void match_grid_init(struct match_grid *grid, int32_t reach_m)
{
    /* 11.1 m to 1/10000 degree; rounded up, with a square more for the rounding of distances. */
    int32_t row_e4 = (int32_t)(reach_m / 11.1) + 2;
    *grid = (struct match_grid){.row_e4 = row_e4, .column_e4 = 2 * row_e4};
}

void match_grid_done(struct match_grid *grid)
{
    for (int32_t i = 0; i < grid->count; i++)
        free(grid->squares[i].handles);
    free(grid->squares);
    match_table_done(&grid->table);
    *grid = (struct match_grid){0};
}

static int32_t floor_div(int32_t value, int32_t by)
{
    return value >= 0 ? value / by : -((-value + by - 1) / by);
}

struct wanted {
    const struct match_grid *grid;
    int32_t row, column;
};

static bool is_square(const void *context, int32_t value)
{
    const struct wanted *wanted = context;
    const struct match_square *square = &wanted->grid->squares[value];
    return square->row == wanted->row && square->column == wanted->column;
}

static uint64_t square_hash(int32_t row, int32_t column)
{
    return match_mix(match_mix((uint32_t)row + 0x9e3779b97f4a7c15U) ^ (uint32_t)column);
}

static int32_t find(const struct match_grid *grid, int32_t row, int32_t column)
{
    struct wanted wanted = {.grid = grid, .row = row, .column = column};
    return match_table_find(&grid->table, square_hash(row, column), is_square, &wanted);
}

void match_grid_add(struct match_grid *grid, int32_t lat_e4, int32_t lon_e4, int32_t handle)
{
    int32_t row = floor_div(lat_e4, grid->row_e4), column = floor_div(lon_e4, grid->column_e4);
    int32_t at = find(grid, row, column);
    if (at < 0) {
        grid->squares = match_grow(grid->squares, &grid->room, grid->count + 1, sizeof *grid->squares);
        at = grid->count++;
        grid->squares[at] = (struct match_square){.row = row, .column = column};
        match_table_add(&grid->table, square_hash(row, column), at);
    }
    struct match_square *square = &grid->squares[at];
    square->handles = match_grow(square->handles, &square->room, square->count + 1, sizeof *square->handles);
    square->handles[square->count++] = handle;
}

void match_grid_remove(struct match_grid *grid, int32_t lat_e4, int32_t lon_e4, int32_t handle)
{
    int32_t at = find(grid, floor_div(lat_e4, grid->row_e4), floor_div(lon_e4, grid->column_e4));
    if (at < 0)
        return;
    struct match_square *square = &grid->squares[at];
    for (int32_t i = 0; i < square->count; i++)
        if (square->handles[i] == handle) {
            square->handles[i] = square->handles[--square->count];
            return;
        }
}

size_t match_grid_near(const struct match_grid *grid, int32_t lat_e4, int32_t lon_e4,
                       const struct match_square *ret_squares[9])
{
    int32_t row = floor_div(lat_e4, grid->row_e4), column = floor_div(lon_e4, grid->column_e4);
    size_t n = 0;
    for (int32_t r = row - 1; r <= row + 1; r++)
        for (int32_t c = column - 1; c <= column + 1; c++) {
            int32_t at = find(grid, r, c);
            if (at >= 0 && grid->squares[at].count > 0)
                ret_squares[n++] = &grid->squares[at];
        }
    return n;
}
