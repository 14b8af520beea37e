/* A report as sheets of cells, before it is a file: the same for CSV and XLSX. Titles are Dutch, as
 * coordinators read them. */
#ifndef REPORTING_SHEET_H
#define REPORTING_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/arena.h"
#include "report.h"

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER };

struct cell {
    enum cell_kind kind;
    const char *text;
    double number;
};

#define SHEET_COLUMNS 10

struct sheet {
    const char *title;
    const char *headers[SHEET_COLUMNS];
    int widths[SHEET_COLUMNS]; /* in characters */
    size_t columns;
    struct cell (*rows)[SHEET_COLUMNS];
    size_t rows_n;
};

#define SHEETS 4
void sheets_fill(struct bus_arena *arena, const struct report *report,
                 const struct reporting_durations_reply *durations, struct sheet sheets[SHEETS]);

#endif
