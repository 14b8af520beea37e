/* Stands between a store and the server, and loses what it is told to lose. */
#ifndef TESTS_STORE_PROXY_H
#define TESTS_STORE_PROXY_H

#include <stdbool.h>

struct proxy;

/* Forwards to the server's socket in `folder`. */
struct proxy *proxy_open(const char *folder);
void proxy_close(struct proxy **self_p);
/* The folder of its own socket. */
const char *proxy_folder(const struct proxy *self);

/* Each holds for the connection at hand and happens once; `away` afterwards refuses new connections. */
void proxy_lose_request(struct proxy *self,
                        bool away); /* cuts when the client next speaks: the server never hears */
void proxy_lose_reply(struct proxy *self,
                      bool away); /* cuts when the server next speaks: the client never hears */
/* Hangs when the client next says `word`: takes what comes, and passes nothing on. NULL: not any more. */
void proxy_hang_at(struct proxy *self, const char *word);
bool proxy_hangs(const struct proxy *self);
void proxy_cut(struct proxy *self);  /* now */
void proxy_back(struct proxy *self); /* accepts connections again */

#endif
