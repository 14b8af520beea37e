/* The inside of an assignment, shared by its source files and by no one else.
 * Every edge is two halves, one in the chunk of each end; a chunk's first `used` halves are the matched
 * ones. */
#ifndef MATCH_ASSIGNMENT_INTERNAL_H
#define MATCH_ASSIGNMENT_INTERNAL_H

#include "match/assignment.h"

#define MATCH_NONE          (-1)
#define MATCH_CHUNK_CLASSES 64

struct half {
    int64_t weight;
    int32_t node; /* the other end */
    int32_t twin; /* the same edge in the chunk of the other end */
};

struct node {
    int32_t used; /* partners now */
    int32_t capacity;
    int32_t first; /* chunk: halves[first .. first + count), with room for `room` */
    int32_t count;
    int32_t room;
    int32_t next_free;
    uint8_t side;
    bool live;
} __attribute__((aligned(32)));

/* What the current search knows of a node; void when the stamp is an older one's. */
struct mark {
    int64_t dist;
    uint32_t stamp;
    int32_t parent; /* the half in this node's own chunk through which the search came */
};

struct heap_item {
    int64_t key;
    int32_t node;
};

struct match_assignment {
    struct node *nodes;
    /* Apart from the nodes, because a scan reads the price of every neighbour and little else. */
    int64_t *prices;
    struct mark *marks;
    int32_t node_end, node_room, price_room, mark_room, free_node;
    size_t live_count[2];

    struct half *halves;
    int32_t half_end, half_room;
    int32_t free_chunk[MATCH_CHUNK_CLASSES];
    size_t edge_count;

    __int128 total;
    size_t pair_count;

    uint32_t stamp;
    struct heap_item *heap;
    int32_t heap_count, heap_room;
    int32_t *touched;
    int32_t touched_count, touched_room;
    int32_t *orphans; /* scratch: nodes that lost a partner and wait for repair */
    int32_t orphan_room;

    bool watched;
    int32_t *rematched; /* left nodes whose partners changed since they were last asked for */
    int32_t rematched_count, rematched_room;
};

/* memory.c: never NULL, abort when there is no memory. */
void *match_grow(void *old, int32_t *room, int32_t wanted, size_t item_bytes);

/* graph.c: the structure, without any notion of an optimum. */
int32_t match_graph_node_new(struct match_assignment *a, enum match_side side, int capacity);
void match_graph_node_free(struct match_assignment *a, int32_t node);
void match_graph_reserve(struct match_assignment *a, int32_t node, int32_t room);
int32_t match_graph_link(struct match_assignment *a, int32_t left, int32_t right, int64_t weight);
void match_graph_unlink(struct match_assignment *a, int32_t node, int32_t half);
int32_t match_graph_find(const struct match_assignment *a, int32_t left, int32_t right);
void match_graph_pair(struct match_assignment *a, int32_t node, int32_t half);
void match_graph_unpair(struct match_assignment *a, int32_t node, int32_t half);
uint32_t match_graph_next_stamp(struct match_assignment *a);

/* search.c: see the top of the file for what may be broken on entry. */
void match_search_fill(struct match_assignment *a, int32_t node);
void match_search_shed(struct match_assignment *a, int32_t node);

static inline bool node_is_paired(const struct node *node, int32_t half)
{
    return half < node->first + node->used;
}

#endif
