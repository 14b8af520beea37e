/* See query_string.h. */
#include "query_string.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bus/pack.h"
#include "bus/scan.h"

static bool write_int(const char *text, struct bus_buffer *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || strspn(text, "-0123456789") != strlen(text))
        return false;
    bus_pack_int(out, value);
    return true;
}

static bool write_number(const char *text, struct bus_buffer *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value) || strspn(text, "-+.eE0123456789") != strlen(text))
        return false;
    bus_pack_number(out, value);
    return true;
}

/* "+02:00" has become " 02:00" in a query string. */
static void write_time(const char *text, struct bus_arena *arena, struct bus_buffer *out)
{
    char *copy = bus_strdup(arena, text);
    char *space = strchr(copy, ' ');
    if (space != NULL)
        *space = '+';
    bus_pack_text(out, copy);
}

/* What is not as it must be, or NULL. */
static const char *write_value(const struct bus_field *field, const char *text, struct bus_arena *arena,
                               struct bus_buffer *out)
{
    switch (field->kind) {
    case BUS_KIND_BOOL:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return "must be true or false";
        bus_pack_bool(out, text[0] == 't');
        return NULL;
    case BUS_KIND_INT:
        return write_int(text, out) ? NULL : "must be an integer";
    case BUS_KIND_NUMBER:
        return write_number(text, out) ? NULL : "must be a number";
    case BUS_KIND_TIME:
        write_time(text, arena, out);
        return NULL;
    case BUS_KIND_TEXT:
    case BUS_KIND_ID:
    case BUS_KIND_DATE:
    case BUS_KIND_ENUM:
        bus_pack_text(out, text);
        return NULL;
    case BUS_KIND_OBJECT:
    case BUS_KIND_ANY:
        break;
    }
    return "cannot be given in a query string";
}

static const char *names(const struct bus_shape *shape, struct bus_arena *arena)
{
    const char *list = NULL;
    for (size_t i = 0; i < shape->fields_n; i++)
        if (!shape->fields[i].array && !shape->fields[i].personal)
            list = list == NULL ? shape->fields[i].name
                                : bus_printf(arena, "%s, %s", list, shape->fields[i].name);
    return list != NULL ? list : "none";
}

static bool given_before(const struct parameter *parameters, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(parameters[k].name, parameters[i].name) == 0)
            return true;
    return false;
}

void query_string_write(const struct bus_shape *shape, const struct parameter *parameters, size_t n,
                        struct bus_arena *arena, struct bus_buffer *out, struct bus_faults *faults)
{
    AUTO(bus_buffer_done) struct bus_buffer pairs = {0};
    struct bus_error err;
    uint32_t pairs_n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct bus_field *field = input_field_find(shape, parameters[i].name);
        if (field == NULL || field->array) {
            input_fault(faults, arena, input_place(arena, "", parameters[i].name),
                        "is not known here; there are %s", names(shape, arena));
            continue;
        }
        const char *pointer = bus_printf(arena, "/%s", field->name);
        if (given_before(parameters, i)) {
            input_fault(faults, arena, pointer, "is given twice");
            continue;
        }
        if (field->personal) {
            input_fault(faults, arena, pointer,
                        "is personal data, and addresses are logged on their way: POST the fields to this "
                        "path, as JSON");
            continue;
        }
        size_t before = pairs.size;
        bus_pack_text(&pairs, field->name);
        size_t value_at = pairs.size;
        const char *fault = write_value(field, parameters[i].value, arena, &pairs);
        if (fault == NULL &&
            bus_scan(bus_bytes(pairs.data + value_at, pairs.size - value_at), &bus_scan_data, &err) != BUS_OK)
            fault = bus_strdup(arena, err.text);
        if (fault == NULL) {
            pairs_n++;
            continue;
        }
        pairs.size = before;
        input_fault(faults, arena, pointer, "%s", fault);
    }
    bus_pack_map(out, pairs_n);
    bus_buffer_add(out, pairs.data, pairs.size);
}
