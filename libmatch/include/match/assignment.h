/* Maximum-weight bipartite b-matching, kept exactly optimal while people and edges come and go.
 * Owns its graph, its matching and its duals; borrows nothing; knows no clock, no I/O, no domain. */
#ifndef MATCH_ASSIGNMENT_H
#define MATCH_ASSIGNMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The model
 *
 * Left and right nodes each have a capacity: how many partners they may have at once. An edge joins a
 * left and a right node and may be used once. The matching is the set of edges of the largest total
 * weight that respects the capacities. An edge whose weight is zero or negative is kept and can be
 * reweighted, but is never matched: leaving two nodes apart is worth exactly zero.
 *
 * Each change repairs the optimum by shortest augmenting (or alternating) path searches on reduced costs,
 * mostly one, run from both ends; it never solves anew. Each node carries a dual value ("price") and after
 * each call: price >= 0;  price == 0 for a node with room left; price(left) + price(right) >= weight for an
 * unmatched edge of positive weight, <= weight for a matched one. These conditions prove the optimum without
 * trust in the search: match_assignment_check() tests them.
 *
 * Ties
 *
 * Of several matchings with the same total any may be kept, and which one depends on the order of the
 * calls. A caller who wants the pairs to depend on the nodes and edges alone makes a tie unlikely:
 * match/weight.h mixes a hash of the pair's own keys into the low bits of the weight.
 *
 * Cost: n nodes, E edges, d edges at a node. A search visits only the part of the graph that is nearer
 * than the answer: O(k log k) for the k edges it looks at, in practice a small part of E. Memory: 80
 * bytes a node and 24 bytes an edge, plus slack for growth. Out of memory ends the process.
 *
 * Handles are small non-negative integers, one number space for both sides; that of a removed node is
 * given out again. An assignment is used by one thread at a time. */

/* The largest weight, in either direction. Totals are 128 bits wide and cannot overflow. */
#define MATCH_WEIGHT_MAX   ((int64_t)1 << 53)
#define MATCH_CAPACITY_MAX 1000000

enum match_status {
    MATCH_OK = 0,
    MATCH_NO_NODE,        /* no node with this handle, or it stands on the other side */
    MATCH_NO_EDGE,        /* the two nodes exist but no edge joins them */
    MATCH_NOT_PAIRED,     /* the edge exists but is not in the matching */
    MATCH_DUPLICATE_EDGE, /* the two nodes are joined already, or twice in one call */
    MATCH_BAD_WEIGHT,     /* beyond MATCH_WEIGHT_MAX */
    MATCH_BAD_CAPACITY,   /* negative or beyond MATCH_CAPACITY_MAX */
    MATCH_NOT_EMPTY,      /* loading wants an assignment without edges */
};

enum match_side { MATCH_LEFT = 0, MATCH_RIGHT = 1 };

#define MATCH_MUST_CHECK __attribute__((warn_unused_result))

struct match_assignment;

/* One end of an edge, as seen from the node it is added with. */
struct match_link {
    int node;
    int64_t weight;
};

struct match_edge {
    int left;
    int right;
    int64_t weight;
};

struct match_assignment *match_assignment_new(void);
void match_assignment_free(struct match_assignment *a);

/* Words for a status, for a log line or an error; never NULL. */
const char *match_status_text(enum match_status status);

/* Adds a node with its edges to nodes of the other side (link_count may be 0) and repairs the optimum.
 * On failure nothing has changed and *ret_node is untouched. */
MATCH_MUST_CHECK
enum match_status match_assignment_add_node(struct match_assignment *a, enum match_side side, int capacity,
                                            const struct match_link *links, size_t link_count, int *ret_node);

/* Removes a node with all its edges; whoever was paired with it is matched anew where that is best. */
MATCH_MUST_CHECK
enum match_status match_assignment_remove_node(struct match_assignment *a, int node);

/* Zero pauses a node: it keeps its edges and loses its partners. */
MATCH_MUST_CHECK
enum match_status match_assignment_set_capacity(struct match_assignment *a, int node, int capacity);

/* A pair of the matching leaves it for good: each end gives up the place it had for the other, and the edge
 * goes. What remains is optimal as it stands, so nothing is searched: O(d). */
MATCH_MUST_CHECK
enum match_status match_assignment_take_pair(struct match_assignment *a, int left, int right);

/* The edge is found in O(d) of the left node. */
MATCH_MUST_CHECK
enum match_status match_assignment_add_edge(struct match_assignment *a, int left, int right, int64_t weight);
MATCH_MUST_CHECK
enum match_status match_assignment_set_weight(struct match_assignment *a, int left, int right,
                                              int64_t weight);
MATCH_MUST_CHECK
enum match_status match_assignment_remove_edge(struct match_assignment *a, int left, int right);

/* Several changes that belong together are mended together at the release, mostly with fewer searches than
 * one after the other: two who come back at once, a node whose edges are all replaced. Until then the edges
 * meet their conditions, but nodes may have room for a partner worth having. Each hold wants its release; the
 * outermost counts. */
void match_assignment_hold(struct match_assignment *a);
void match_assignment_release(struct match_assignment *a);

/* Adds all edges of a fresh assignment at once and solves it: much faster than one by one. On failure
 * nothing has changed and *ret_bad (may be NULL) is the index of an edge at fault; of a duplicated pair
 * it is the later one. */
MATCH_MUST_CHECK
enum match_status match_assignment_load(struct match_assignment *a, const struct match_edge *edges,
                                        size_t edge_count, size_t *ret_bad);

/* Called by a load or a solve as it goes on, often; steps count evenly, but do not take equally long. It must
 * not touch the assignment. NULL for nobody. */
typedef void match_progress_fn(void *context, int64_t done, int64_t whole);
void match_assignment_on_progress(struct match_assignment *a, match_progress_fn *on_progress, void *context);

/* Forgets the matching and solves from nothing. Never needed for correctness; a yardstick for the rest. */
void match_assignment_solve(struct match_assignment *a);

/* Queries. All are O(1) unless said otherwise. */
__int128 match_assignment_total(const struct match_assignment *a);

/* A total in decimal, written into the buffer and returned; printf has no format for 128 bits. */
#define MATCH_TOTAL_TEXT 48
const char *match_total_text(__int128 total, char buffer[MATCH_TOTAL_TEXT]);

size_t match_assignment_pair_count(const struct match_assignment *a);
size_t match_assignment_node_count(const struct match_assignment *a, enum match_side side);
size_t match_assignment_edge_count(const struct match_assignment *a);
bool match_assignment_has_node(const struct match_assignment *a, enum match_side side, int node);

/* What all searches together have looked at so far: a measure of work that no other load on the machine
 * blurs. */
struct match_effort {
    int64_t nodes;
    int64_t edges;
};
struct match_effort match_assignment_effort(const struct match_assignment *a);

/* These want a handle that exists (asserted). */
int match_assignment_capacity(const struct match_assignment *a, int node);
int match_assignment_degree(const struct match_assignment *a, int node);
int match_assignment_partner_count(const struct match_assignment *a, int node);
int match_assignment_partner(const struct match_assignment *a, int node,
                             int index);                                    /* 0 <= index < partner count */
int64_t match_assignment_price(const struct match_assignment *a, int node); /* O(d) without capacity */

/* *ret_weight and *ret_matched may be NULL. O(d) of the left node. */
MATCH_MUST_CHECK
enum match_status match_assignment_find_edge(const struct match_assignment *a, int left, int right,
                                             int64_t *ret_weight, bool *ret_matched);

/* Walks the matched pairs by left handle: start with a zeroed cursor, call until false. The assignment
 * must not change meanwhile. O(n + pairs) for the whole walk. */
struct match_cursor {
    int left;
    int index;
};
bool match_assignment_next_pair(const struct match_assignment *a, struct match_cursor *cursor,
                                struct match_edge *ret_pair);

/* For a caller who follows single changes: which left nodes had a partner taken or given since the last call,
 * in the order of the search, with repetitions, some of them removed since. Nothing is noted unless watched:
 * do not watch a load or a solve, which changes everything. The list is the assignment's, valid until the
 * next change. */
void match_assignment_watch(struct match_assignment *a, bool watched);
const int *match_assignment_take_rematched(struct match_assignment *a, size_t *ret_count);

/* Verifies structure, capacities and the optimality conditions above in O(n + E). Returns NULL when all
 * hold, else a constant text that names the first one broken. */
const char *match_assignment_check(const struct match_assignment *a);

#endif
