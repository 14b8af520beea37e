/* See forgetting.h. */
#include "forgetting.h"

#include <string.h>

#include "sql/notifications.h"
#include "transport.h"

/* Where letters of this kind stand; NULL: in no folder. */
static const char *folder(const char *setting)
{
    const char *url = bus_setting(setting);
    return strncmp(url, "file:", 5) == 0 ? url : NULL;
}

/* One that travels now has left or failed by the time this is done: effects run one after another. */
enum bus_status letters_forget(struct bus_context *ctx, struct bus_id person_id)
{
    if (folder("MAIL_URL") == NULL && folder("SMS_URL") == NULL)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &notifications_letters_of, BUS_ID(person_id));
    if (status != BUS_OK || rows.n == 0)
        return status;
    struct bus_id *ids = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *ids);
    for (int i = 0; i < rows.n; i++)
        ids[i] = bus_row_id(&rows, i, 0);
    return bus_effect(ctx, FORGET_EFFECT, bus_id_text(ctx, person_id),
                      bus_bytes(ids, (size_t)rows.n * sizeof *ids));
}

static enum bus_status remove_from(const char *url, struct bus_id id, const char *ending,
                                   struct bus_arena *arena, struct bus_error *err)
{
    char text[BUS_ID_TEXT];
    bus_id_format(id, text);
    return url != NULL ? transport_file_remove(url, bus_printf(arena, "%s.%s", text, ending), err) : BUS_OK;
}

enum bus_status letters_remove(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                               const void *gathered, struct bus_arena *arena, const char **ret_text,
                               struct bus_error *err)
{
    (void)peers, (void)key, (void)gathered;
    enum bus_status status = BUS_OK;
    struct bus_id id;
    for (size_t at = 0; at + sizeof id <= payload.size && status == BUS_OK; at += sizeof id) {
        memcpy(&id, payload.data + at, sizeof id);
        status = remove_from(folder("MAIL_URL"), id, "eml", arena, err);
        if (status == BUS_OK)
            status = remove_from(folder("SMS_URL"), id, "sms", arena, err);
    }
    if (status == BUS_OK)
        *ret_text = "";
    return status;
}

enum bus_status on_letters_removed(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    if (outcome->status == BUS_OK)
        return BUS_OK;
    bus_log_warn(
        "BUS-ERASURE: letters of person %s, who was erased, are still there, and it is tried again: %s",
        outcome->key, outcome->text);
    return bus_timer_set(ctx, FORGET_TIMER, outcome->key, ctx->now_us + BUS_MINUTE_US);
}

enum bus_status on_forget_letters(struct bus_context *ctx, const char *key)
{
    struct bus_id person_id;
    if (!bus_id_parse(key, strlen(key), &person_id))
        return bus_fail(ctx->err, BUS_BUG, "the key of this timer is no id");
    return letters_forget(ctx, person_id);
}
