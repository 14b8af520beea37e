/* The inside of a pool, shared by its source files and by no one else.
 * People stand in an array by their node's handle in the assignment. */
#ifndef MATCH_POOL_INTERNAL_H
#define MATCH_POOL_INTERNAL_H

#include "grid.h"
#include "match/pool.h"

/* Score in the high bits of a weight. Below it what breaks ties: of each pair a hash, and above that what a
 * proposed one has, which outweighs the hashes of MATCH_POOL_KEPT_PAIRS others. Of all pairs together it
 * stays below one point. */
#define POOL_LOW_BITS    34
#define POOL_SPREAD_BITS 14
#define POOL_KEEP        ((int64_t)MATCH_POOL_KEPT_PAIRS << POOL_SPREAD_BITS)
_Static_assert(((int64_t)MATCH_SCORE_MAX + 1) << POOL_LOW_BITS <= MATCH_WEIGHT_MAX, "a score does not fit");
_Static_assert(MATCH_POOL_PAIRS_MAX *POOL_KEEP * 2 <= (int64_t)1 << POOL_LOW_BITS,
               "what breaks ties adds up to a point");

struct pool_person {
    struct match_entrant entrant;
    bool here;
    int proposed; /* newcomer: the volunteer of the proposal the world knows of, or -1 */
    int wanted;   /* newcomer: scratch of match_pool_take_changes */
    bool listed;  /* newcomer: stands in the pool's list below */
    int proposer; /* volunteer: one who names it as `proposed`, or -1; newcomer: the next who does */
    int before;   /* newcomer: who has this one as `proposer` */
};

struct match_pool {
    struct match_pool_settings settings;
    struct match_assignment *assignment;
    struct match_grid grids[2]; /* by side */
    struct pool_person *people;
    int32_t people_end, people_room;
    struct match_link *links; /* scratch */
    int32_t links_room;
    struct match_edge *edges; /* scratch */
    int32_t edges_room;
    bool scan_all;   /* everyone may have changed: after a load */
    int32_t *listed; /* newcomers whose proposal may have changed, to look at */
    int32_t listed_n, listed_room;
    struct match_change *changes; /* not taken yet */
    int32_t changes_n, changes_room;
};

/* pool.c: after the pair's mark has moved. */
void match_pool_reweigh(struct match_pool *pool, int newcomer, int volunteer);

/* pool_proposals.c: this one's proposals are no more, and are to be reported. */
void match_pool_vanish_all(struct match_pool *pool, int handle);

#endif
