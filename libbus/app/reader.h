/* The reader's thread: queries, greetings and catch-up, on a read-only connection of its own, so that none of
 * them holds up the loop. */
#ifndef APP_READER_H
#define APP_READER_H

#include "app/loop.h"

void reader_open(struct loop *loop);
/* Takes a QUERY, HELLO, FETCH, HOLD, or an ADMIN that only reads. */
void reader_request(struct loop *loop, const struct net_request *request);
/* Ends a HOLD, whoever asked for it. */
void reader_let_go(struct loop *loop);
/* Sends the answers that are finished. */
void reader_answer(struct loop *loop);
/* Readable when there are some. */
int reader_fd(const struct loop *loop);
void reader_close(struct loop *loop);

#endif
