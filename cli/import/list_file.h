/* A file with a list of people, as spreadsheets save it: told what it is when it is no such text. */
#ifndef CLI_IMPORT_LIST_FILE_H
#define CLI_IMPORT_LIST_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "bus/status.h"

#define LIST_BYTES_MAX 60000 /* of one import; see schemas/registry/import-people.v1.json */

struct list_file {
    json_t *text;      /* UTF-8, without the mark in front */
    bool windows_1252; /* it was, and was made UTF-8 */
};

/* BUS_NOT_FOUND, or BUS_INVALID with what to do. */
BUS_CHECKED enum bus_status list_file_read(const char *path, struct list_file *ret, struct bus_error *err);
/* The same of the file's bytes, at most LIST_BYTES_MAX; `path` is its name in what is told. Pure. */
BUS_CHECKED enum bus_status list_text_read(const char *path, char *text, size_t n, struct list_file *ret,
                                           struct bus_error *err);

#endif
