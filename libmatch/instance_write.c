/* Solves an instance and writes what came out, as text.
 * Reading stands in instance.c. */
#include <inttypes.h>
#include <stdlib.h>

#include "instance_internal.h"

void match_instance_on_progress(struct match_instance *instance, match_progress_fn *on_progress,
                                void *context)
{
    match_assignment_on_progress(instance->assignment, on_progress, context);
}

void match_instance_solve(struct match_instance *instance)
{
    if (match_assignment_edge_count(instance->assignment) > 0) {
        match_assignment_solve(instance->assignment);
        return;
    }
    /* The reader has made each node and refused whatever load() would refuse. */
    if (match_assignment_load(instance->assignment, instance->edges, (size_t)instance->edge_count, NULL) !=
        MATCH_OK)
        abort();
}

const struct match_assignment *match_instance_assignment(const struct match_instance *instance)
{
    return instance->assignment;
}

const char *match_instance_name(const struct match_instance *instance, int node)
{
    return instance->text + instance->nodes[node].name;
}

static int compare_pairs(const void *x, const void *y)
{
    const struct match_edge *a = x, *b = y;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return (a->right > b->right) - (a->right < b->right);
}

int match_instance_write(const struct match_instance *instance, FILE *out)
{
    const struct match_assignment *a = instance->assignment;
    int32_t room = 0;
    size_t count = 0;
    struct match_edge *pairs =
        match_grow(NULL, &room, (int32_t)match_assignment_pair_count(a) + 1, sizeof *pairs);
    struct match_cursor cursor = {0};
    while (match_assignment_next_pair(a, &cursor, &pairs[count]))
        count++;
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s %s %" PRId64 "\n", match_instance_name(instance, pairs[i].left),
                match_instance_name(instance, pairs[i].right), pairs[i].weight);
    free(pairs);
    char total[MATCH_TOTAL_TEXT];
    fprintf(out, "total %s\n", match_total_text(match_assignment_total(a), total));
    return fflush(out) != 0 || ferror(out) ? -1 : 0;
}

int match_instance_write_prices(const struct match_instance *instance, FILE *out)
{
    const struct match_assignment *a = instance->assignment;
    int32_t count =
        (int32_t)(match_assignment_node_count(a, MATCH_LEFT) + match_assignment_node_count(a, MATCH_RIGHT));
    for (int32_t node = 0; node < count; node++)
        fprintf(out, "price %s %s %" PRId64 "\n", instance->nodes[node].side == MATCH_LEFT ? "left" : "right",
                match_instance_name(instance, node), match_assignment_price(a, node));
    return fflush(out) != 0 || ferror(out) ? -1 : 0;
}
