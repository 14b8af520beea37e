/* See readers.h. */
#include "readers.h"

#include <stdio.h>

#include "sql/notifications.h"

enum common_channel channel_used(enum common_channel chosen)
{
    bool without = chosen == COMMON_CHANNEL_SMS && bus_setting("SMS_URL")[0] == '\0';
    return without ? COMMON_CHANNEL_MAIL : chosen;
}

enum bus_status readers_find(struct bus_context *ctx, const struct bus_id *people, size_t n,
                             struct reader *readers)
{
    struct bus_id *missing = bus_alloc_array(ctx->arena, n, sizeof *missing);
    size_t *places = bus_alloc_array(ctx->arena, n, sizeof *places), missing_n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct reader *kept = state_reader(ctx->state, people[i]);
        readers[i] = kept != NULL ? *kept : (struct reader){0};
        if (kept != NULL)
            continue;
        missing[missing_n] = people[i];
        places[missing_n++] = i;
    }
    if (missing_n == 0)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_readers_find, BUS_IDS(missing, missing_n));
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        size_t place = places[bus_row_int(&rows, row, 0) - 1];
        struct reader *reader = &readers[place];
        *reader = (struct reader){.asked_id = people[place],
                                  .person_id = bus_row_id(&rows, row, 1),
                                  .channel = channel_used(bus_row_word(&rows, row, 3, common_channel_words)),
                                  .may_be_told = bus_row_bool(&rows, row, 4)};
        snprintf(reader->language, sizeof reader->language, "%s", bus_row_text(&rows, row, 2, ctx->arena));
        state_reader_keep(ctx->state, reader);
    }
    return status;
}
