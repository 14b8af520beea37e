/* See csv_out.h. */
#include "csv_out.h"

#include <string.h>

#define MARK "\xEF\xBB\xBF"

/* A text that a spreadsheet would take for a formula gets an apostrophe in front. */
static void add_text(struct bus_buffer *out, const char *text)
{
    bool disarm = text[0] && strchr("=+-@\t\r", text[0]);
    bool quote = disarm || strpbrk(text, ";\"\r\n") != NULL;
    if (!quote) {
        bus_buffer_text(out, text);
        return;
    }
    bus_buffer_text(out, disarm ? "\"'" : "\"");
    for (; *text; text++) {
        bus_buffer_add(out, text, 1);
        if (*text == '"')
            bus_buffer_add(out, "\"", 1);
    }
    bus_buffer_add(out, "\"", 1);
}

/* At most two decimals, none where they are zero. */
static void add_number(struct bus_buffer *out, double number)
{
    size_t before = out->size;
    bus_buffer_printf(out, "%.2f", number);
    while (out->data[out->size - 1] == '0')
        out->size--;
    if (out->data[out->size - 1] == '.')
        out->size--;
    char *point = memchr(out->data + before, '.', out->size - before);
    if (point)
        *point = ',';
}

static void add_cell(struct bus_buffer *out, const struct cell *cell)
{
    if (cell->kind == CELL_TEXT)
        add_text(out, cell->text);
    else if (cell->kind == CELL_NUMBER)
        add_number(out, cell->number);
}

static void end_line(struct bus_buffer *out, size_t fields)
{
    for (size_t i = fields > 0 ? fields : 1; i < SHEET_COLUMNS; i++)
        bus_buffer_add(out, ";", 1);
    bus_buffer_text(out, "\r\n");
}

static void write_sheet(const struct sheet *sheet, struct bus_buffer *out)
{
    add_text(out, sheet->title);
    end_line(out, 1);
    for (size_t i = 0; i < sheet->columns; i++) {
        if (i > 0)
            bus_buffer_add(out, ";", 1);
        add_text(out, sheet->headers[i]);
    }
    end_line(out, sheet->columns);
    for (size_t row = 0; row < sheet->rows_n; row++) {
        for (size_t i = 0; i < sheet->columns; i++) {
            if (i > 0)
                bus_buffer_add(out, ";", 1);
            add_cell(out, &sheet->rows[row][i]);
        }
        end_line(out, sheet->columns);
    }
}

void csv_write(const struct sheet *sheets, size_t n, struct bus_buffer *out)
{
    bus_buffer_text(out, MARK);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            end_line(out, 0);
        write_sheet(&sheets[i], out);
    }
}
