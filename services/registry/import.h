/* People in a table of text: every line checked, every bad line told, and the same table without what is
 * personal. Pure: whether a postcode exists and who is known already is for the caller to find out. */
#ifndef REGISTRY_IMPORT_H
#define REGISTRY_IMPORT_H

#include "csv.h"
#include "person_store.h"

#define IMPORT_PEOPLE_MAX 1000
#define IMPORT_FAULTS_MAX 2000 /* a fault of each line, and more of them where there is room */
#define IMPORT_ALIKE_MAX  1000
#define IMPORT_COARSE_MAX 60000

/* Two lines that may be one person: their places among the people, the earlier one last. */
struct import_alike {
    size_t n, other;
    int64_t grounds;
};

struct import {
    struct bus_arena *arena;
    bool recorded;         /* by ourselves: its words are taken as they stand */
    bool dutch;            /* so are the names of its columns, and so is what is said of it */
    struct person *people; /* with what the line told; no id, no place */
    struct csv_row *rows;  /* where each stands */
    size_t people_n;
    int64_t lines_n;    /* read, the first not counted */
    const char *coarse; /* what may be recorded of it; NULL when it has faults */
    struct import_alike *alike;
    size_t alike_n;
    struct registry_import_people_reply_faults *faults;
    size_t faults_n, faults_capacity;
    struct registry_import_people_reply_remarks *remarks; /* two of a line at most */
    size_t remarks_n;
};

/* Reads all of it. The people of bad lines are there too, for what else may be wrong with them: without what
 * could not be read, so that a postcode is one of four digits or NULL. `recorded`: the text is one that
 * import_coarse() made, now or long ago, and means what it meant then. */
void import_read(const char *text, bool recorded, const uint8_t key[INSZ_HASH_BYTES], struct bus_arena *arena,
                 struct import *ret);
/* `column` is one of import_columns.h. The text is of import_texts.c. */
void import_fault(struct import *self, int64_t line, int column, const char *text, ...);
/* What to look at in a line that may well be good. */
void import_remark(struct import *self, int64_t line, const char *text, ...);
/* When no more faults come: in the order of the lines, and no more than IMPORT_FAULTS_MAX, with one at least
 * of each bad line. */
void import_settle(struct import *self);
/* The people again, without their personal columns. */
const char *import_coarse(const struct import *self, struct bus_arena *arena);

#endif
