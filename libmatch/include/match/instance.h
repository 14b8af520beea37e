/* A matching problem in a plain text file, and its solution as text, so that anyone can check the total
 * with another solver. Owns its names and its assignment; borrows the streams it is given. */
#ifndef MATCH_INSTANCE_H
#define MATCH_INSTANCE_H

#include <stdio.h>

#include "match/assignment.h"

/* The file, one statement a line, fields parted by spaces or tabs:
 *
 *     LEFT RIGHT WEIGHT            an edge; the weight is a whole number from -2^53 to 2^53
 *     capacity left NAME N         how many partners NAME may have, 0 to 1000000; 1 when not said
 *     capacity right NAME N
 *     # a comment                  only as a whole line; blank lines are skipped too
 *
 * A name is 1 to 255 bytes without space; the same name on the left and on the right means two nodes.
 * A node exists from its first mention, so a capacity line may name one without edges. Order is free.
 * Edges of zero or negative weight are read but never matched. Faulty lines refuse the whole file: a
 * pair or a capacity given twice, a number out of range, another number of fields, a zero byte, more than
 * 4095 bytes. */

#define MATCH_NAME_MAX   255
#define MATCH_FAULTS_MAX 20

struct match_fault {
    long line; /* counted from 1; 0 when the fault is not in one line */
    char text[100];
};

struct match_faults {
    long count; /* all of them; the first MATCH_FAULTS_MAX are kept */
    struct match_fault kept[MATCH_FAULTS_MAX];
};

struct match_instance;

/* Reads to the end of `in`. O(length of the file). NULL when a line is faulty; *faults is always filled. */
MATCH_MUST_CHECK
struct match_instance *match_instance_read(FILE *in, struct match_faults *faults);
void match_instance_free(struct match_instance *instance);

/* Who is to be told how far a solve is; NULL for nobody. */
void match_instance_on_progress(struct match_instance *instance, match_progress_fn *on_progress,
                                void *context);

/* Solves it; must come before the assignment is looked at or the result written. */
void match_instance_solve(struct match_instance *instance);

/* Borrowed from the instance, for queries and the certificate. */
const struct match_assignment *match_instance_assignment(const struct match_instance *instance);
const char *match_instance_name(const struct match_instance *instance, int node);

/* One line `LEFT RIGHT WEIGHT` a pair, in the order in which the file first names them, then `total N`.
 * Returns 0, or -1 when the stream could not be written. */
MATCH_MUST_CHECK
int match_instance_write(const struct match_instance *instance, FILE *out);

/* One line `price left|right NAME N` a node: with the conditions in assignment.h they prove the optimum. */
MATCH_MUST_CHECK
int match_instance_write_prices(const struct match_instance *instance, FILE *out);

#endif
