/* A cluster for the whole program, and a small service in it: one table, a few statements. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bus/arena.h"
#include "store/store.h"
#include "tests/store/proxy.h"
#include "tests/support/pgcluster.h"

extern struct pgcluster *cluster;
extern const struct bus_sql item_put, item_bulk, item_names;
extern const struct bus_migration item_migrations[];

/* Group setup and teardown. */
int fixture_open(void **state);
int fixture_close(void **state);
/* The same with a proxy, by which `through_proxy` reaches the cluster as alpha. */
extern struct proxy *proxy;
extern char through_proxy[160];
int fixture_open_proxied(void **state);
int fixture_close_proxied(void **state);

/* A service made again from nothing. `instance` tells processes apart. */
struct store_config fixture_config(const char *name, const char *conninfo, uint8_t instance);
/* Opens or fails the test. */
struct store *fixture_store(const struct store_config *config);
struct store_reader *fixture_reader(const struct store_config *config);

void must_begin(struct store *store);
void must_commit(struct store *store);
/* Puts an item and appends the event seq `seq` that says so, within a turn. */
void must_put(struct store *store, const char *name, int64_t seq);
/* A run of one. */
void append(struct store *store, int64_t seq, const char *event_id, size_t data_size);
/* A run of "e1", "e2", … */
void append_run(struct store *store, int64_t from, int64_t to, size_t data_size);
/* In SQL: the id of the first event in a row that was appended so. */
#define EVENT_ID "convert_from(substring(events FROM 7 FOR get_byte(events, 5) - 160), 'UTF8')"
/* Fills `text` with letters that nothing makes shorter. */
void fixture_noise(char *text, size_t size);
void advance(struct store *store, const char *stream, int64_t seq, const char *event_id);

#define assert_ok(call) fixture_ok((call), &err, __FILE__, __LINE__)
void fixture_ok(enum bus_status status, const struct bus_error *err, const char *file, int line);

#endif
