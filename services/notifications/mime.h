/* A mail as bytes: headers and multipart/alternative, the same bytes for the same mail. Pure. */
#ifndef NOTIFICATIONS_MIME_H
#define NOTIFICATIONS_MIME_H

#include <stdbool.h>

#include "bus/bytes.h"
#include "bus/id.h"
#include "render.h"

struct envelope {
    const char *from;      /* address */
    const char *from_name; /* NULL: none */
    const char *reply_to;  /* address; NULL: none */
    const char *to;        /* address */
    struct bus_id content_id;
    int64_t time_us;
};

/* Whether it can stand in a header and in a command of SMTP: one address, no spaces, nothing that ends a
 * line. */
bool mime_address_ok(const char *address);
/* Appends the mail. `envelope`'s addresses have passed mime_address_ok. */
void mime_write(struct bus_buffer *out, const struct envelope *envelope, const struct rendered *mail);

#endif
