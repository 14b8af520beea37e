/* A letter: what is sent to one person at one time, as it travels to the thread that sends. No name, no
 * address. */
#ifndef NOTIFICATIONS_LETTER_H
#define NOTIFICATIONS_LETTER_H

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/id.h"
#include "bus/status.h"

/* One thing it tells; text is NULL when there is none. */
struct letter_part {
    struct bus_id message_id;
    const char *template;
    int64_t at_us;
    const char *programme, *place_kind, *help_topic, *title, *venue;
};

struct letter {
    struct bus_id letter_id;  /* the id of the first of its messages */
    struct bus_id content_id; /* equal for equal content: what makes a repetition harmless */
    struct bus_id person_id;
    const char *language; /* beside Dutch */
    const char *channel;  /* "mail" or "sms" */
    const char *sender;   /* the partnership's name */
    int64_t time_us;      /* when it was put together */
    const struct letter_part *parts;
    size_t parts_n;
};

#define LETTER_PARTS_MAX 40

void letter_pack(const struct letter *letter, struct bus_buffer *out);
BUS_CHECKED enum bus_status letter_unpack(struct bus_bytes bytes, struct bus_arena *arena,
                                          struct letter *ret_letter, struct bus_error *err);

#endif
