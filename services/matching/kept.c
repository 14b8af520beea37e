/* See kept.h. One thread answers all queries of a service, so this needs no lock. */
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "sql/matching.h"

#define KEPT_MAX 4

static struct kept slots[KEPT_MAX];
static size_t next_slot;

static void drop(struct kept *kept)
{
    state_free(kept->state);
    free(kept->pairs);
    *kept = (struct kept){0};
}

/* The rows change in turns alone, each of which has a number. */
static enum bus_status read_turn(struct bus_context *ctx, int64_t *ret_epoch, int64_t *ret_turn)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_turn_get, BUS_NONE);
    if (status == BUS_OK && rows.n != 1)
        return bus_fail(ctx->err, BUS_BUG, "matching has no stream of its own");
    if (status == BUS_OK) {
        *ret_epoch = bus_row_int(&rows, 0, 0);
        *ret_turn = bus_row_int(&rows, 0, 1);
    }
    return status;
}

enum bus_status kept_read(struct bus_context *ctx, const char *programme, struct kept **ret_kept)
{
    struct kept fresh = {0};
    enum bus_status status = read_turn(ctx, &fresh.epoch, &fresh.turn);
    if (status != BUS_OK)
        return status;
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct kept *kept = &slots[i];
        if (kept->epoch != fresh.epoch || kept->turn != fresh.turn)
            drop(kept);
        else if (strcmp(kept->programme, programme) == 0) {
            *ret_kept = kept;
            return BUS_OK;
        }
    }
    status = state_load(ctx, programme, &fresh.state);
    if (status != BUS_OK)
        return status;
    snprintf(fresh.programme, sizeof fresh.programme, "%s", programme);
    struct kept *kept = &slots[next_slot++ % KEPT_MAX];
    drop(kept);
    *kept = fresh;
    *ret_kept = kept;
    return BUS_OK;
}
