/* What queries have read of a programme, kept from one to the next.
 * A query has no state of its own, and building a large pool anew for each would cost seconds. */
#ifndef MATCHING_KEPT_H
#define MATCHING_KEPT_H

#include "bus/service.h"
#include "state.h"

struct kept {
    char programme[41];
    struct bus_version version; /* of the rows it was read from */
    struct state *state;
    struct matching_current_matching_reply_pairs *pairs; /* the best first; NULL until asked for */
    size_t pairs_n;
};

/* The programme as its rows are now; state_programme() finds none in it when there is no such programme.
 * Stays the keeper's, and is gone by the next query. */
BUS_CHECKED enum bus_status kept_read(struct bus_context *ctx, const char *programme, struct kept **ret_kept);

#endif
