/* See suppression.h. */
#include "suppression.h"

#define FEWEST INT64_C(5)

/* A row or a column with its total: the values at first, first + step, … The total is the last. */
struct line {
    size_t first, step, cells;
};

bool cell_is_small(int64_t amount_e2, int64_t parts)
{
    int64_t size_e2 = amount_e2 < 0 ? -amount_e2 : amount_e2;
    return size_e2 > 0 && (size_e2 < FEWEST * 100 || (parts > 0 && parts < FEWEST));
}

/* Whether what is hidden in a line could be told from what is shown. Two hidden ones with a sum of 2 are both
 * 1: so the sum must leave room above the least it can be. A hidden total leaves room by itself. */
static bool line_tells(const struct grid *grid, const struct line *line)
{
    size_t total = line->first + line->cells * line->step;
    int64_t hidden = 0, sum_e2 = 0;
    for (size_t i = 0; i < line->cells; i++) {
        size_t at = line->first + i * line->step;
        if (grid->hidden[at]) {
            hidden++;
            sum_e2 += grid->amounts_e2[at] < 0 ? -grid->amounts_e2[at] : grid->amounts_e2[at];
        }
    }
    if (grid->hidden[total])
        return hidden == 0;
    return hidden > 0 && (hidden == 1 || sum_e2 < FEWEST * 100 || sum_e2 <= hidden * 100);
}

static bool hide_smallest(const struct grid *grid, const struct line *line)
{
    size_t total = line->first + line->cells * line->step, best = total;
    for (size_t i = 0; i < line->cells; i++) {
        size_t at = line->first + i * line->step;
        if (grid->hidden[at] || grid->amounts_e2[at] == 0)
            continue;
        if (best == total || grid->amounts_e2[at] < grid->amounts_e2[best])
            best = at;
    }
    if (grid->hidden[best] || grid->amounts_e2[best] == 0)
        return false;
    grid->hidden[best] = true;
    return true;
}

static bool guard(const struct grid *grid, struct line line)
{
    return line_tells(grid, &line) && hide_smallest(grid, &line);
}

void grid_suppress(const struct grid *grid)
{
    size_t width = grid->columns + 1;
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t row = 0; row <= grid->rows; row++)
            changed |= guard(grid, (struct line){row * width, 1, grid->columns});
        for (size_t column = 0; column <= grid->columns; column++)
            changed |= guard(grid, (struct line){column, width, grid->rows});
    }
}
