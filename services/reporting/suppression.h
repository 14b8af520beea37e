/* What may be published: no cell that tells of fewer than five, and none from which such a cell could be
 * worked out. Nothing happened is told as it is, so a cell of nothing hides nobody and helps nobody. */
#ifndef REPORTING_SUPPRESSION_H
#define REPORTING_SUPPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A table with its totals: `rows` × `columns` cells, a total at the end of each row and column, and one of
 * all. The arrays hold (rows + 1) × (columns + 1) values, row by row; amounts in hundredths, hidden as
 * cell_is_small says at first. A list is a table of one row. */
struct grid {
    size_t rows, columns;
    const int64_t *amounts_e2;
    bool *hidden;
};

/* `parts`: results an amount rests on where a large amount can be of few people (hours); else 0. */
bool cell_is_small(int64_t amount_e2, int64_t parts);

/* Hides as many more cells as it takes: in every row and column the hidden ones are at least two, and
 * together are no small cell either. Takes the smallest cells first, totals last. */
void grid_suppress(const struct grid *grid);

#endif
