/* What an operator may ask of a running service: dead letters and the state hash. */
#ifndef APP_ADMIN_H
#define APP_ADMIN_H

#include "app/loop.h"

/* ADMIN {op: "state-hash"}                          → {hash, tables: {table: hash}}
 *       {op: "dead-list"}                           → {dead: [{source, seq, event_id, subject, type, state, error, …}]}
 *       {op: "dead-show", source, seq, event_id}    → the same, with header and data
 *       {op: "dead-retry", source, seq, event_id}   → {} tried again at once, what waits behind it after it
 *       {op: "dead-drop", source, seq, event_id, note} → {} given up, with the reason kept */
void admin_request(struct loop *loop, const struct net_request *request);

#endif
