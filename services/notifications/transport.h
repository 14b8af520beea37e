/* The last step: a mail or a text message to a server, or to a folder. */
#ifndef NOTIFICATIONS_TRANSPORT_H
#define NOTIFICATIONS_TRANSPORT_H

#include <stdbool.h>

#include "bus/arena.h"
#include "bus/bytes.h"
#include "bus/service.h"
#include "bus/status.h"

/* Writes `name` into a folder ("file:///dir"). `durable`: whole or not at all, and on the disk when this
 * returns; what is there already stays as it is. Otherwise what is there, perhaps torn by an end in the
 * middle, is written again. BUS_RETRY when the folder cannot take it now. */
BUS_CHECKED enum bus_status transport_file(const char *url, const char *name, struct bus_bytes content,
                                           bool durable, struct bus_error *err);

/* Removes `name` from a folder, and what an end in the middle left of it; it need not be there. */
BUS_CHECKED enum bus_status transport_file_remove(const char *url, const char *name, struct bus_error *err);

struct smtp {
    const char *url;  /* smtp://host:port or smtps://host:port */
    const char *user; /* NULL or "": without login */
    const char *password;
    bool without_tls; /* only for a server on the same machine */
    struct bus_peers *peers;
};
/* BUS_INVALID (BUS-SETTING): not such a URL, and no folder. */
BUS_CHECKED enum bus_status transport_smtp_check(const char *url, struct bus_error *err);

/* BUS_RETRY when the server is away or says "later", or this process stops and the server takes its time;
 * BUS_INVALID ("refused") when it refuses for good. The text of BUS_RETRY is TRANSPORT_UNANSWERED when the
 * server got the whole mail and did not say what becomes of it: perhaps it is on its way. */
#define TRANSPORT_UNANSWERED "the mail server got the mail and gave no answer"
BUS_CHECKED enum bus_status transport_smtp(const struct smtp *smtp, const char *from, const char *to,
                                           struct bus_bytes mail, struct bus_error *err);

struct sms {
    const char *url;   /* https://host/path, or http:// to this machine */
    const char *token; /* for `Authorization: Bearer`; "": without */
    struct bus_peers *peers;
};
/* BUS_INVALID (BUS-SETTING): not such a URL, a folder or empty. */
BUS_CHECKED enum bus_status transport_sms_check(const char *url, struct bus_error *err);

/* POSTs {"id", "to", "text"}, with the id as Idempotency-Key too, so that the service can pass over what it
 * was given twice. BUS_RETRY when it is away, or answers anything but 2xx, 400 or 422; these two are
 * BUS_INVALID ("refused"). */
BUS_CHECKED enum bus_status transport_sms(const struct sms *sms, const char *id, const char *to,
                                          const char *text, struct bus_arena *arena, struct bus_error *err);

#endif
