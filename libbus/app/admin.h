/* What an operator may ask of a running service: dead letters, the state hash, the log and its readers. */
#ifndef APP_ADMIN_H
#define APP_ADMIN_H

#include "app/loop.h"

/* A letter is named by source, seq and event_id; a choice of letters so, or by a fingerprint, or by all:
 * true. ADMIN {op: "state-hash"}                          → {hash, tables: {table: hash}} {op: "dead-list",
 * source?, seq?, event_id?} → {dead: [{source, seq, event_id, subject, type, state, …}]}: a page of those
 * after the one named; an empty one ends the list {op: "dead-groups"}                         → {groups:
 * [{fingerprint, n, behind, first, last, example}]} {op: "dead-show", letter}                   → one of the
 * list, with header, data and note {op: "dead-retry", choice}                  → {n} tried again at once,
 * what waits behind them after them {op: "dead-drop", choice, note}             → {n} given up, with the
 * reason kept {op: "log-trim"}                            → {first, head, keep_days, readers}: trimmed now,
 * as it is hourly {op: "reader-forget", reader}               → {} the log is not kept for it until it tells
 * its position again */
void admin_request(struct loop *loop, const struct net_request *request);

/* admin_dead.c */
void admin_dead_list(struct loop *loop, const struct net_request *request);
void admin_dead_groups(struct loop *loop, const struct net_request *request);
void admin_dead_show(struct loop *loop, const struct net_request *request);
void admin_dead_retry(struct loop *loop, const struct net_request *request);
void admin_dead_drop(struct loop *loop, const struct net_request *request);

#endif
