/* The database is away or silent: since when, what is waited for, and whether another process, which it is
 * not away from, may own the stream by now. Whoever can ask that one must not be held up by us: then we beat
 * no more and give back every command. */
#ifndef APP_AWAY_H
#define APP_AWAY_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/status.h"

struct loop;

struct away {
    int64_t leased_us;  /* monotonic: when was sent what renewed our lease last */
    unsigned retries;   /* of what could not be done; 0: nothing waits for the next */
    int64_t retry_us;   /* monotonic: no turn before */
    int64_t unknown_us; /* monotonic: since when nobody knows whether the last commit stands; 0: it is known.
                         * Until then nothing is handled */
    int64_t silent_us;  /* monotonic: since when it is known that the database does not answer; 0: it does.
                         * Until then the loop stands still in the middle of what it does */
    const char *silent_on; /* the statement */
    struct bus_error why;
};

bool away_is(const struct loop *loop);
/* Since when the loop stands still for it, by either of both; 0: it does not. What came before may be in the
 * batch at hand. */
int64_t away_halted_us(const struct loop *loop);
/* How long that is, with what had passed before it was known; 0: it does not. */
int64_t away_lasts_us(const struct loop *loop);
bool away_may_be_replaced(const struct loop *loop);
/* It could not be reached: the next attempt is 50 ms to 1.6 s away. */
void away_back_off(struct loop *loop, const struct bus_error *err);
/* It was. */
void away_is_over(struct loop *loop);
/* What renews the lease was sent then, and stands. */
void away_leased(struct loop *loop, int64_t sent_us);
void away_unknown(struct loop *loop, const struct bus_error *err);
void away_known(struct loop *loop);
/* It was asked for something and does not answer, although the connection stands; or it does again. */
void away_silent(struct loop *loop, const char *what);
void away_answers(struct loop *loop);

#endif
