/* See csv.h. */
#include "csv.h"

#include <string.h>

static bool ends_line(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

void csv_open(struct csv *self, const char *text)
{
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    size_t commas = 0, semicolons = 0;
    bool quoted = false;
    for (const char *c = text + strspn(text, " \t\r\n"); *c != '\0' && (quoted || !ends_line(*c)); c++) {
        quoted = quoted != (*c == '"');
        commas += !quoted && *c == ',';
        semicolons += !quoted && *c == ';';
    }
    *self = (struct csv){.at = text, .separator = semicolons > commas ? ';' : ',', .line = 1};
}

static void skip_line_end(struct csv *self)
{
    if (*self->at == '\r')
        self->at += self->at[1] == '\n' ? 2 : 1;
    else if (*self->at == '\n')
        self->at++;
    else
        return;
    self->line++;
}

static const char *plain_field(struct csv *self, struct bus_arena *arena)
{
    const char *start = self->at;
    while (!ends_line(*self->at) && *self->at != self->separator)
        self->at++;
    return bus_strndup(arena, start, (size_t)(self->at - start));
}

/* Begins at the opening quote. */
static const char *quoted_field(struct csv *self, struct bus_arena *arena, const char **ret_fault)
{
    const char *start = ++self->at;
    const char *end = start;
    while (*end != '\0' && (*end != '"' || end[1] == '"'))
        end += *end == '"' ? 2 : 1;
    char *field = bus_alloc(arena, (size_t)(end - start) + 1), *out = field;
    for (; self->at < end; self->at++) {
        if (*self->at == '"')
            self->at++;
        bool breaks = *self->at == '\n' || (*self->at == '\r' && self->at[1] != '\n');
        self->line += breaks;
        *out++ = *self->at;
    }
    if (*end == '\0') {
        *ret_fault = "a quote is opened and never closed";
        return field;
    }
    self->at++;
    if (!ends_line(*self->at) && *self->at != self->separator)
        *ret_fault = "text follows a closing quote: write a quote within a field twice";
    return field;
}

static void skip_rest(struct csv *self)
{
    while (!ends_line(*self->at))
        self->at++;
}

static void read_row(struct csv *self, struct bus_arena *arena, struct csv_row *ret)
{
    const char *fields[CSV_FIELDS_MAX];
    size_t n = 0;
    *ret = (struct csv_row){.line = self->line, .separator = self->separator};
    for (;;) {
        if (n == CSV_FIELDS_MAX) {
            ret->fault = "the line has too many fields";
            break;
        }
        fields[n++] = *self->at == '"' ? quoted_field(self, arena, &ret->fault) : plain_field(self, arena);
        if (ret->fault != NULL || *self->at != self->separator)
            break;
        self->at++;
    }
    skip_rest(self);
    skip_line_end(self);
    ret->fields = bus_copy(arena, fields, n * sizeof fields[0]);
    ret->fields_n = n;
}

static bool is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->fields_n; i++)
        if (row->fields[i][strspn(row->fields[i], " \t")] != '\0')
            return false;
    return row->fault == NULL;
}

bool csv_next(struct csv *self, struct bus_arena *arena, struct csv_row *ret)
{
    while (*self->at != '\0') {
        read_row(self, arena, ret);
        if (!is_blank(ret))
            return true;
    }
    return false;
}
