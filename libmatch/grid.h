/* Where people stand on the map, in squares as wide as the farthest two may live apart: who could be near
 * enough is in the nine squares around. Keeps handles; the caller tells equal squares apart by nothing
 * else. */
#ifndef MATCH_GRID_H
#define MATCH_GRID_H

#include <stddef.h>
#include <stdint.h>

#include "table.h"

struct match_square {
    int32_t row, column;
    int32_t *handles;
    int32_t count, room;
};

struct match_grid {
    int32_t row_e4, column_e4; /* size of a square */
    struct match_table table;
    struct match_square *squares;
    int32_t count, room;
};

void match_grid_init(struct match_grid *grid, int32_t reach_m);
void match_grid_done(struct match_grid *grid);
void match_grid_add(struct match_grid *grid, int32_t lat_e4, int32_t lon_e4, int32_t handle);
void match_grid_remove(struct match_grid *grid, int32_t lat_e4, int32_t lon_e4, int32_t handle);

/* The squares around a point that hold anyone, at most nine. */
size_t match_grid_near(const struct match_grid *grid, int32_t lat_e4, int32_t lon_e4,
                       const struct match_square *ret_squares[9]);

#endif
