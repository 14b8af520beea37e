/* A private Postgres cluster for tests: made by initdb in a temporary folder, reached by a unix socket, gone
 * with the test, even when it crashes. Failures end the test program. */
#ifndef TESTS_SUPPORT_PGCLUSTER_H
#define TESTS_SUPPORT_PGCLUSTER_H

#include <stddef.h>

struct pgcluster;

/* As root it runs as `postgres` or `nobody`: the server refuses root. */
struct pgcluster *pgcluster_open(void);
void pgcluster_close(struct pgcluster **self_p);

/* A role and a schema of its own with this name (letters only), made again from nothing; the conninfo for it,
 * owned by the cluster. */
const char *pgcluster_service(struct pgcluster *self, const char *name);
/* The folder of the server's socket, ".s.PGSQL.5432". */
const char *pgcluster_folder(const struct pgcluster *self);

/* As superuser: runs statements; the second returns the first cell as a new text, NULL when there is none. */
void pgcluster_run(struct pgcluster *self, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *pgcluster_ask(struct pgcluster *self, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
long long pgcluster_number(struct pgcluster *self, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Asks again until the first cell is `wanted`; ends the program after ten seconds. */
void pgcluster_await(struct pgcluster *self, const char *wanted, const char *sql);

/* Stops at once, as a crash would; and starts again. */
void pgcluster_stop(struct pgcluster *self);
void pgcluster_start(struct pgcluster *self);

#endif
