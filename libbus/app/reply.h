/* What goes back to who asked by the ROUTER. */
#ifndef APP_REPLY_H
#define APP_REPLY_H

#include "app/loop.h"

/* One body under a verb of ours. */
void reply_send(struct loop *loop, struct bus_bytes route, const char *verb, struct bus_bytes body);
/* ERR: what the protocol refuses; `code` is a word of it. */
void reply_error(struct loop *loop, struct bus_bytes route, const char *code, const char *text);
/* `asked`: "req" or "seq", and its number in the question that is refused; NULL: it is not told. */
void reply_error_pack(struct bus_buffer *out, const char *asked, int64_t number, const char *code,
                      int64_t retry_ms, const char *text);
/* REPLY: a command or query that is refused. */
void reply_refuse(struct loop *loop, struct bus_bytes route, const struct bus_error *err);

/* The reply to a request, as frames: a status map, then the data. In `arena`. */
void reply_frames(struct bus_arena *arena, enum bus_status status, const struct bus_error *err,
                  const struct bus_faults *faults, int64_t seq, struct bus_bytes data,
                  struct bus_bytes ret_body[2]);

#endif
