/* The first line of a list: which column is which, and in what language it speaks. Pure. */
#ifndef REGISTRY_IMPORT_HEADER_H
#define REGISTRY_IMPORT_HEADER_H

#include "csv.h"
#include "import.h"
#include "import_columns.h"

struct import_header {
    int place[COLUMNS]; /* among the fields, or -1 */
    size_t fields_n;
};

/* Faults go to the import, whose language is found out here. False when no line can be read by it. */
bool import_header_read(const struct csv_row *row, struct import *import, struct import_header *ret);

#endif
