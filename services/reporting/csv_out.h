/* Sheets as CSV (RFC 4180, CRLF) for the spreadsheets of the region: UTF-8 with a mark, semicolons, decimal
 * commas. Every line has as many fields as the widest sheet; a sheet begins with its title, an empty line
 * parts two. */
#ifndef REPORTING_CSV_OUT_H
#define REPORTING_CSV_OUT_H

#include "bus/bytes.h"
#include "sheet.h"

void csv_write(const struct sheet *sheets, size_t n, struct bus_buffer *out);

#endif
