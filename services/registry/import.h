/* People in a table of text: every line checked, every bad line told, and the same table without what is
 * personal. Pure: whether a postcode exists and who is known already is for the caller to find out. */
#ifndef REGISTRY_IMPORT_H
#define REGISTRY_IMPORT_H

#include "person_store.h"

#define IMPORT_PEOPLE_MAX 1000
#define IMPORT_FAULTS_MAX 2000 /* a fault of each line, and more of them where there is room */
#define IMPORT_COARSE_MAX 60000

struct import {
    struct bus_arena *arena;
    struct person *people; /* with what the line told; no id, no place */
    const int64_t *lines;  /* where each stands */
    size_t people_n;
    int64_t lines_n; /* read, the first not counted */
    struct registry_import_people_reply_faults *faults;
    size_t faults_n, faults_capacity;
};

/* Reads all of it. The people of bad lines are there too, for what else may be wrong with them: without what
 * could not be read, so that a postcode is one of four digits or NULL. */
void import_read(const char *text, const uint8_t key[INSZ_HASH_BYTES], struct bus_arena *arena,
                 struct import *ret);
/* `column` may be NULL. The texts are kept as they are. */
void import_fault(struct import *self, int64_t line, const char *column, const char *text);
/* When no more faults come: in the order of the lines, and no more than IMPORT_FAULTS_MAX, with one at least
 * of each bad line. */
void import_settle(struct import *self);
/* The people again, without their personal columns. */
const char *import_coarse(const struct import *self, struct bus_arena *arena);

#endif
