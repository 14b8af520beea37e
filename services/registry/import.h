/* People in a table of text: every line checked, every fault told, and the same table without what is
 * personal. Pure: whether a postcode exists and who is known already is for the caller to find out. */
#ifndef REGISTRY_IMPORT_H
#define REGISTRY_IMPORT_H

#include "person_store.h"

#define IMPORT_PEOPLE_MAX 1000
#define IMPORT_FAULTS_MAX 1000
#define IMPORT_COARSE_MAX 60000

struct import {
    struct person *people; /* with what the line told; no id, no place */
    const int64_t *lines;  /* where each stands */
    size_t people_n;
    int64_t lines_n; /* read, the first not counted */
    struct registry_import_people_reply_faults *faults;
    size_t faults_n;
};

/* Reads all of it. With faults the people are those whose lines are good. */
void import_read(const char *text, const uint8_t key[INSZ_HASH_BYTES], struct bus_arena *arena,
                 struct import *ret);
/* `column` may be NULL; over IMPORT_FAULTS_MAX they are dropped. The texts are kept as they are. */
void import_fault(struct import *self, int64_t line, const char *column, const char *text);
/* The people again, without their personal columns. */
const char *import_coarse(const struct import *self, struct bus_arena *arena);

#endif
