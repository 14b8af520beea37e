/* A message: why, for whom, and what became of it. No text, no address. */
#ifndef NOTIFICATIONS_MESSAGE_H
#define NOTIFICATIONS_MESSAGE_H

#include "bus/id.h"
#include "schema/notifications.h"

#define LANGUAGE_TEXT 4

struct message {
    struct bus_id message_id, person_id;
    const char *partnership, *template;
    char language[LANGUAGE_TEXT];
    enum common_channel channel;
    const char *programme; /* NULL: none */
    const char *cause_id, *cause_type;
    const char *correlation; /* what its letter, and what becomes of it, belong to; kept while it waits */
    struct bus_id
        about; /* the story it is part of: a proposal with its talk and duo, a session, a series, a request */
    struct bus_id series_id;
    int64_t at_us;
    const char *place_kind, *help_topic; /* words; NULL: none */
    struct bus_id resend_of;
    int64_t queued_us, due_us;
    struct bus_id carrier; /* the letter it travels in at this moment */
    bool undone; /* it is no longer so, and travels: if it comes back it is dropped. In memory alone */
    int64_t attempts;
    enum notifications_message_state state;
    int64_t ended_us;
    enum notifications_fail_reason fail_reason;
    struct bus_id merged_into;
};

/* Several, oldest first. */
struct messages {
    struct message **items;
    size_t n;
};

#endif
