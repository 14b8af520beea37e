/* The table of messages: what waits, what travels, what became of it. */
#ifndef NOTIFICATIONS_MESSAGE_STORE_H
#define NOTIFICATIONS_MESSAGE_STORE_H

#include "bus/service.h"
#include "schema/notifications.h"
#include "timing.h"

struct message {
    struct bus_id message_id, person_id;
    const char *partnership, *template, *language;
    enum common_channel channel;
    const char *programme; /* NULL: none */
    const char *cause_id, *cause_type;
    struct bus_id about, series_id;
    int64_t at_us;
    const char *place_kind, *help_topic; /* words; NULL: none */
    struct bus_id resend_of;
    int64_t queued_us, due_us;
    struct bus_id carrier; /* the letter it travels in at this moment */
    int64_t attempts;
    enum notifications_message_state state;
    int64_t ended_us;
    enum notifications_fail_reason fail_reason;
    struct bus_id merged_into;
};

/* With the names that its text needs. */
struct message_full {
    struct message message;
    const char *programme_name, *title, *venue, *sender;
    struct quiet_hours quiet;
};

struct messages {
    struct message *items;
    size_t n;
};

BUS_CHECKED enum bus_status message_put(struct bus_context *ctx, const struct message *message);
/* BUS_NOT_FOUND when there is none. */
BUS_CHECKED enum bus_status message_get(struct bus_context *ctx, struct bus_id message_id,
                                        struct message *ret_message);
/* Everything queued for a person, also what travels, oldest first. */
BUS_CHECKED enum bus_status messages_of_person(struct bus_context *ctx, struct bus_id person_id,
                                               struct message_full **ret_items, size_t *ret_n);
/* What travels in a letter; *ret_next_us is when the next that waits for the person is due, 0: nothing waits.
 */
BUS_CHECKED enum bus_status messages_of_letter(struct bus_context *ctx, struct bus_id carrier,
                                               struct messages *ret_messages, struct quiet_hours *ret_quiet,
                                               int64_t *ret_next_us);
/* What waits about something; `template` NULL and `person_id` nil: all. */
BUS_CHECKED enum bus_status messages_about(struct bus_context *ctx, struct bus_id about, const char *template,
                                           struct bus_id person_id, struct messages *ret_messages);
/* They leave in the letter `carrier`: one try more for each. */
BUS_CHECKED enum bus_status messages_fly(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                                         struct bus_id carrier);
/* They wait again, until `due_us`. */
BUS_CHECKED enum bus_status messages_land(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                                          int64_t due_us);
/* Records and says how it ended: */
BUS_CHECKED enum bus_status message_sent(struct bus_context *ctx, const struct message *message,
                                         int64_t merged);
BUS_CHECKED enum bus_status message_failed(struct bus_context *ctx, const struct message *message,
                                           int64_t attempts, enum notifications_fail_reason reason);
BUS_CHECKED enum bus_status message_dropped(struct bus_context *ctx, const struct message *message,
                                            enum notifications_drop_reason reason, struct bus_id merged_into);
/* Reads the columns of a message from a row of the table's queries; the next column is MESSAGE_COLUMNS. */
struct message message_row(struct bus_context *ctx, const struct bus_rows *rows, int row);
#define MESSAGE_COLUMNS 23

#endif
