/* A cell as it stands in the result. Private to this folder. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <libpq-fe.h>

#include "bus/bytes.h"
#include "bus/db.h"

/* Borrowed from the rows; data NULL for SQL NULL. */
struct bus_bytes rows_cell(const struct bus_rows *rows, int row, int column, Oid *ret_type);

#endif
