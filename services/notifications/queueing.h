/* From something that happened to messages that wait for the people it concerns. */
#ifndef NOTIFICATIONS_QUEUEING_H
#define NOTIFICATIONS_QUEUEING_H

#include "bus/service.h"
#include "message.h"

/* What there is to tell; the rest of a message follows from the event at hand and the person. */
struct news {
    const char *template;
    const char *partnership, *programme;
    struct bus_id about;     /* the story: what else is said of it can make it untrue (merging.h) */
    struct bus_id series_id; /* nil: none */
    int64_t at_us;           /* 0: none */
    const char *place_kind, *help_topic;
};

/* Queues it for those of the people who can be told, and says message-queued for each. */
BUS_CHECKED enum bus_status queue_news(struct bus_context *ctx, const struct news *news,
                                       const struct bus_id *people, size_t n);
/* Queues what a message told once more, as *ret_message_id. BUS_CONFLICT when the person may not be written
 * to. */
BUS_CHECKED enum bus_status queue_again(struct bus_context *ctx, const struct message *old,
                                        struct bus_id *ret_message_id);
/* What waits of a story and is no longer so after `fact` (merging.h) is not sent. Says message-dropped. */
BUS_CHECKED enum bus_status drop_news(struct bus_context *ctx, struct bus_id about, const char *fact);
/* The same of a series and its sessions, for one person. */
BUS_CHECKED enum bus_status drop_series_news(struct bus_context *ctx, struct bus_id series_id,
                                             struct bus_id person_id, const char *fact);
/* The person left the waiting list of a programme: what waits and tells of a search is told without it. */
BUS_CHECKED enum bus_status queue_without_search(struct bus_context *ctx, struct bus_id person_id,
                                                 const char *programme);

#endif
