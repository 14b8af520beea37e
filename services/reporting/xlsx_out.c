/* See xlsx_out.h. The library writes to a file by name, so it gets one in memory; its parts are short-lived
 * files in TMPDIR or /tmp. */
#include "xlsx_out.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "bus/clock.h"

static void close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static void write_cell(lxw_worksheet *page, lxw_row_t row, lxw_col_t column, const struct cell *cell)
{
    if (cell->kind == CELL_TEXT)
        worksheet_write_string(page, row, column, cell->text, NULL);
    else if (cell->kind == CELL_NUMBER)
        worksheet_write_number(page, row, column, cell->number, NULL);
}

static bool write_sheet(lxw_workbook *book, const struct sheet *sheet, lxw_format *header)
{
    lxw_worksheet *page = workbook_add_worksheet(book, sheet->title);
    if (!page)
        return false;
    for (size_t i = 0; i < sheet->columns; i++) {
        lxw_col_t column = (lxw_col_t)i;
        worksheet_set_column(page, column, column, sheet->widths[i], NULL);
        worksheet_write_string(page, 0, column, sheet->headers[i], header);
    }
    for (size_t row = 0; row < sheet->rows_n; row++)
        for (size_t i = 0; i < sheet->columns; i++)
            write_cell(page, (lxw_row_t)(row + 1), (lxw_col_t)i, &sheet->rows[row][i]);
    worksheet_freeze_panes(page, 1, 0);
    worksheet_autofilter(page, 0, 0, (lxw_row_t)sheet->rows_n, (lxw_col_t)(sheet->columns - 1));
    return true;
}

static bool write_book(const char *path, const struct sheet *sheets, size_t n, const char *title,
                       int64_t created_us)
{
    lxw_workbook *book = workbook_new(path);
    if (!book)
        return false;
    lxw_doc_properties properties = {.title = (char *)title, .created = (time_t)(created_us / BUS_SECOND_US)};
    workbook_set_properties(book, &properties);
    lxw_format *header = workbook_add_format(book);
    format_set_bold(header);
    format_set_bottom(header, LXW_BORDER_THIN);
    format_set_bg_color(header, 0xE8EEF7);
    bool done = true;
    for (size_t i = 0; i < n; i++)
        done &= write_sheet(book, &sheets[i], header);
    return workbook_close(book) == LXW_NO_ERROR && done;
}

enum bus_status xlsx_write(const struct sheet *sheets, size_t n, const char *title, int64_t created_us,
                           struct bus_buffer *out, struct bus_error *err)
{
    AUTO(close_file) int fd = memfd_create("report.xlsx", MFD_CLOEXEC);
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct stat about;
    if (fd < 0 || !write_book(path, sheets, n, title, created_us) || fstat(fd, &about) != 0)
        return bus_fail(err, BUS_RETRY,
                        "the workbook could not be written: there must be room for temporary files");
    size_t size = (size_t)about.st_size, before = out->size;
    ssize_t got = pread(fd, bus_buffer_grow(out, size), size, 0);
    if (got == (ssize_t)size)
        return BUS_OK;
    out->size = before;
    return bus_fail(err, BUS_RETRY, "the workbook could not be read back");
}
