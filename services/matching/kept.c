/* See kept.h. One thread answers all queries of a service, so this needs no lock. */
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

#define KEPT_MAX 4

static struct kept slots[KEPT_MAX];
static size_t next_slot;

static void drop(struct kept *kept)
{
    state_free(kept->state);
    free(kept->pairs);
    *kept = (struct kept){0};
}

enum bus_status kept_read(struct bus_context *ctx, const char *programme, struct kept **ret_kept)
{
    struct kept fresh = {0};
    enum bus_status status = bus_version_get(ctx->db, &fresh.version, ctx->err);
    if (status != BUS_OK)
        return status;
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct kept *kept = &slots[i];
        if (kept->version.epoch != fresh.version.epoch || kept->version.turn != fresh.version.turn)
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
