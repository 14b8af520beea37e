/* What an operator may ask of a running service: dead letters, the state hash, the log and its readers. */
#ifndef APP_ADMIN_H
#define APP_ADMIN_H

#include "app/loop.h"

/* ADMIN: its operations stand in docs/protocol.md. */
void admin_request(struct loop *loop, const struct net_request *request);

/* admin_dead.c */
void admin_dead_list(struct loop *loop, const struct net_request *request);
void admin_dead_groups(struct loop *loop, const struct net_request *request);
void admin_dead_show(struct loop *loop, const struct net_request *request);
void admin_dead_retry(struct loop *loop, const struct net_request *request);
void admin_dead_drop(struct loop *loop, const struct net_request *request);

#endif
