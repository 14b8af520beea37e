/* The inside of an instance, shared by its reader and its writer.
 * Names lie end to end in one text; a node's handle indexes `nodes`, in order of first mention. */
#ifndef MATCH_INSTANCE_INTERNAL_H
#define MATCH_INSTANCE_INTERNAL_H

#include "assignment_internal.h"
#include "match/instance.h"
#include "table.h"

struct named_node {
    size_t name; /* offset into the text */
    enum match_side side;
    bool has_capacity;
};

struct match_instance {
    struct match_assignment *assignment;
    char *text;
    size_t text_used, text_room;
    struct named_node *nodes;
    int32_t node_room;
    struct match_table node_table;
    struct match_edge *edges; /* waits here until solved */
    int32_t edge_count, edge_room;
    struct match_table edge_table;
};

#endif
