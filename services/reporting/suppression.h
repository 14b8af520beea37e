/* What may be published. Cells are tied by sums: what goes into a sum is as much as what comes out of it.
 *
 * Promised of each cell of fewer than five, of all that is in one network and whoever adds and subtracts:
 * - it is hidden, and could as well be another number: also for who knows that a hidden cell is at least 1;
 * - no sum of hidden cells that can be worked out is of fewer than five.
 * Not promised: that its bounds are wide, nor that a larger cell hidden along with it cannot be worked out.
 * A cell of nothing hides nobody and helps nobody here, as if it were told. What is shown does not tell it:
 * a hidden cell and one of nothing have no row (report.c, durations.c), so a reader knows less than this. */
#ifndef REPORTING_SUPPRESSION_H
#define REPORTING_SUPPRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/arena.h"

/* Whether it tells of fewer than may be shown: by its amount, in hundredths, or by the `parts` that rests on
 * if those are fewer (hours; else 0). */
bool cell_is_small(int64_t amount_e2, int64_t parts);

struct network;

struct network_cell {
    int64_t amount_e2, parts;
    bool total;   /* hidden only where hiding parts is not enough */
    bool told;    /* elsewhere: hiding it here is of no use */
    bool guarded; /* as a small one is, however large it is */
    bool *hidden; /* the answer; true at first: hidden whatever it is. Borrowed */
};

struct network *network_new(struct bus_arena *arena);
/* A sum that nothing is in yet. */
size_t network_sum(struct network *self);
/* What comes out of one sum and goes into another: of a total and its parts, the total goes in and the parts
 * come out, or the other way round. */
void network_add(struct network *self, size_t from, size_t to, const struct network_cell *cell);
/* Hides the small cells and as many others as the promise takes, small ones first. */
void network_suppress(struct network *self);

#endif
