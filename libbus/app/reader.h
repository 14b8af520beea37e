/* What only reads is answered in threads of their own, so that it does not hold up the loop: queries in one,
 * and who catches up on the log in another, so that a slow query does not hold those up either. Each has a
 * read-only session from its first question on. */
#ifndef APP_READER_H
#define APP_READER_H

#include "app/loop.h"

void reader_open(struct loop *loop);
void reader_close(struct loop *loop);
/* Takes a QUERY, HOLD, or an ADMIN that only reads. A QUERY whose header names, in `after`, what was not read
 * here yet waits for that, for a second at most: then it is answered from what there is. */
void reader_request(struct loop *loop, const struct net_request *request);
/* Whether a query waits for what it was asked after, and until when (monotonic; INT64_MAX: none does). */
bool reader_waits(const struct loop *loop);
int64_t reader_due_us(const struct loop *loop);
/* Has those answered that need not wait any more. */
void reader_go_on(struct loop *loop);
/* Takes a HELLO or FETCH. */
void reader_request_log(struct loop *loop, const struct net_request *request);
/* Ends a HOLD, whoever asked for it. */
void reader_let_go(struct loop *loop);
/* Sends the answers that are finished. */
void reader_answer(struct loop *loop);
/* Readable when there are some. */
int reader_fd(const struct loop *loop);
int reader_log_fd(const struct loop *loop);

#endif
