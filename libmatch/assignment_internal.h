/* The inside of an assignment, shared by its source files and by no one else.
 * Every edge is two halves, one in the chunk of each end; a chunk's first `used` halves are the matched
 * ones. */
#ifndef MATCH_ASSIGNMENT_INTERNAL_H
#define MATCH_ASSIGNMENT_INTERNAL_H

#include "match/assignment.h"

#define MATCH_NONE          (-1)
#define MATCH_HUB           (-2)
#define MATCH_CHUNK_CLASSES 64
#define MATCH_HUB_LEVELS    9
#define MATCH_QUEUE_LEVELS  64
#define MATCH_QUEUE_BATCH   8

/* Of a node without capacity: no edge to it is ever worth its price, so no search comes near it. */
#define MATCH_PAUSED_PRICE ((int64_t)1 << 61)

/* Packed: sixteen edges lie in three cache lines, and fetching them is most of what a search costs. */
struct half {
    int64_t weight;
    int32_t node; /* the other end */
} __attribute__((packed));

/* What one wave of the current search knows of a node; void when the stamp is an older one's. */
struct mark {
    int64_t dist;
    uint32_t stamp;
    int32_t parent; /* the node from which the wave came, or NONE, or HUB */
};

/* All that a search wants of a node it comes to, in one cache line. */
struct node {
    struct mark marks[2]; /* by the side of the wave */
    int32_t used;         /* partners now */
    int32_t capacity;
    int32_t first; /* chunk: halves[first .. first + count); the next one of a free node */
    int32_t count;
    int32_t partner;       /* of a node that has just one */
    int32_t partner_first; /* this one's chunk, so that it can be fetched without a look at the partner */
    int32_t last_found;    /* see find_unpaired() */
    uint8_t side, class;   /* of the chunk's room */
    bool live, coupled;    /* see couple.c */
} __attribute__((aligned(64)));

struct queue_item {
    int64_t key;
    int32_t node;
};

struct queue_level {
    struct queue_item *items;
    int32_t count, room;
};

/* See queue.c. */
struct queue {
    struct queue_level levels[MATCH_QUEUE_LEVELS];
    uint64_t filled; /* a bit for each level with items */
    int64_t floor;   /* no key is less */
    int32_t count;
};

/* One of the two directions of a search; see search.c. */
struct wave {
    int32_t start; /* a node, or MATCH_HUB */
    int64_t radius;
    int64_t hub_dist; /* of the way to the hub, and the node before it */
    int32_t hub_parent;
    int64_t scanned; /* edges */
    struct queue queue;
    int32_t *touched;
    int32_t touched_count, touched_room;
};

struct join {
    int32_t node;
    int32_t half; /* in the chunk of this node */
};

/* See hub.c. */
struct hub {
    int64_t *cells;
    int32_t *raised; /* blocks of nodes, by the current search */
    int32_t raised_count, raised_room;
    int32_t start[MATCH_HUB_LEVELS + 1]; /* of each level's cells */
    int top;
};

struct match_assignment {
    struct node *nodes;
    /* Apart from the nodes, because a scan reads the price of every neighbour and little else. A price is
     * max(0, prices[node] + lift[side]): lifting moves all of one side up and all of the other side down. */
    int64_t *prices;
    int64_t lift[2];
    int32_t node_end, node_room, price_room, free_node;
    size_t live_count[2];

    struct half *halves;
    int32_t half_end, half_room;
    int32_t free_chunk[MATCH_CHUNK_CLASSES];
    size_t edge_count;

    __int128 total;
    size_t pair_count;

    uint32_t stamp;
    struct wave waves[2];
    struct hub hubs[2];
    int32_t hub_room; /* in nodes */
    struct match_effort effort;
    int32_t *broken; /* nodes that wait for match_mend_all() */
    int32_t broken_count, broken_room;
    int holds;
    struct join *joins; /* scratch: edges of a way that are to be matched */
    int32_t join_count, join_room;

    match_progress_fn *on_progress;
    void *progress_context;

    bool watched;
    int32_t *rematched; /* left nodes whose partners changed since they were last asked for */
    int32_t rematched_count, rematched_room;
};

/* memory.c: never NULL, abort when there is no memory. */
void *match_grow(void *old, int32_t *room, int32_t wanted, size_t item_bytes);

/* queue.c: nearly the least keys first. */
void match_queue_clear(struct queue *queue);
void match_queue_push(struct queue *queue, int64_t key, int32_t node);
int64_t match_queue_bound(const struct queue *queue);
int match_queue_take(struct queue *queue, int64_t below, struct queue_item items[MATCH_QUEUE_BATCH]);

/* graph.c: the structure, without any notion of an optimum. */
int32_t match_graph_room(const struct node *n);
int32_t match_graph_node_new(struct match_assignment *a, enum match_side side, int capacity);
void match_graph_node_free(struct match_assignment *a, int32_t node);
void match_graph_reserve(struct match_assignment *a, int32_t node, int32_t room);
int32_t match_graph_link(struct match_assignment *a, int32_t left, int32_t right, int64_t weight);
void match_graph_unlink(struct match_assignment *a, int32_t node, int32_t half);
int32_t match_graph_find(const struct match_assignment *a, int32_t left, int32_t right);
/* The hub is to be told by whoever calls these. */
void match_graph_pair(struct match_assignment *a, int32_t node, int32_t half);
void match_graph_unpair(struct match_assignment *a, int32_t node, int32_t half);
uint32_t match_graph_next_stamp(struct match_assignment *a);

/* couple.c */
void match_couple_note(struct match_assignment *a, int32_t node);
void match_couple_part(struct match_assignment *a, int32_t node);

/* price.c */
int64_t match_price_least(const struct match_assignment *a, int32_t node);
void match_price_set(struct match_assignment *a, int32_t node, int64_t price);
void match_price_lift(struct match_assignment *a, int side, int64_t by);

/* hub.c: see the top of the file. */
#define MATCH_HUB_FREE  INT64_MIN
#define MATCH_HUB_NEVER INT64_MAX
void match_hub_note(struct match_assignment *a, int32_t node);
void match_hub_note_fall(struct match_assignment *a, int32_t node);
int64_t match_hub_bound(const struct match_assignment *a, int side);
int32_t match_hub_first(struct match_assignment *a, int side, int64_t *ret_dist);
void match_hub_restore(struct match_assignment *a);
void match_hub_build(struct match_assignment *a);

/* way.c */
void match_way_flip(struct match_assignment *a, int32_t meeting);

/* From a left node, or MATCH_HUB, to a right node, or MATCH_HUB. */
void match_search(struct match_assignment *a, int32_t left, int32_t right);

/* mend.c */
void match_mend_surplus(struct match_assignment *a, int32_t node);
void match_mend_later(struct match_assignment *a, int32_t node);
void match_mend_fill(struct match_assignment *a, int32_t node);
void match_mend_all(struct match_assignment *a);

static inline bool node_is_paired(const struct node *node, int32_t half)
{
    return half < node->first + node->used;
}

static inline int64_t price_on(const struct match_assignment *a, int side, int32_t node)
{
    int64_t price = a->prices[node] + a->lift[side];
    return price > 0 ? price : 0;
}

static inline int64_t price_of(const struct match_assignment *a, int32_t node)
{
    return price_on(a, a->nodes[node].side, node);
}

#endif
