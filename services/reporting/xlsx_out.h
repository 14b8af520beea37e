/* Sheets as a workbook. The same sheets and time give the same bytes. */
#ifndef REPORTING_XLSX_OUT_H
#define REPORTING_XLSX_OUT_H

#include "bus/bytes.h"
#include "bus/status.h"
#include "sheet.h"

/* `created_us` stands in the file as the time it was made. BUS_RETRY when there is no room for temporary
 * files. */
BUS_CHECKED enum bus_status xlsx_write(const struct sheet *sheets, size_t n, const char *title,
                                       int64_t created_us, struct bus_buffer *out, struct bus_error *err);

#endif
