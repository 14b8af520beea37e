/* Encodes the values of one statement. */
#include "store/params.h"

#include <stdio.h>
#include <string.h>

#include "bus/clock.h"
#include "store/array.h"

static void encode_array(const struct bus_value *value, struct bus_buffer *out)
{
    Oid element = value->kind == BUS_VALUE_TEXTS ? OID_TEXT
                  : value->kind == BUS_VALUE_IDS ? OID_UUID
                                                 : OID_INT8;
    size_t start = array_begin(out, element);
    for (size_t i = 0; i < value->n; i++) {
        if (value->kind == BUS_VALUE_INTS)
            array_add_int8(out, value->as.ints[i]);
        else if (value->kind == BUS_VALUE_IDS)
            array_add_bytes(out, value->as.ids[i].bytes, sizeof(value->as.ids[i].bytes));
        else if (value->as.texts[i])
            array_add_bytes(out, value->as.texts[i], strlen(value->as.texts[i]));
        else
            array_add_null(out);
    }
    array_end(out, start, value->n);
}

/* The text of a value without one of its own. */
static const char *small_text(const struct bus_value *value, char text[40])
{
    switch (value->kind) {
    case BUS_VALUE_INT:
        snprintf(text, 40, "%lld", (long long)value->as.integer);
        break;
    case BUS_VALUE_BOOL:
        strcpy(text, value->as.boolean ? "t" : "f");
        break;
    case BUS_VALUE_NUMBER:
        snprintf(text, 40, "%.17g", value->as.number);
        break;
    case BUS_VALUE_TIME:
        bus_time_format(value->as.integer, text);
        break;
    default:
        bus_id_format(value->as.id, text);
    }
    return text;
}

enum bus_status params_encode(struct params *self, const struct bus_sql *sql, const struct bus_value *values,
                              size_t n, struct bus_buffer *scratch, struct bus_error *err)
{
    if (n > DB_PARAMS_MAX)
        return bus_fail(err, BUS_BUG, "statement %s takes %zu values; the most is %d", sql->name, n,
                        DB_PARAMS_MAX);
    size_t starts[DB_PARAMS_MAX];
    bus_buffer_clear(scratch);
    self->n = (int)n;
    for (size_t i = 0; i < n; i++) {
        const struct bus_value *value = &values[i];
        self->values[i] = NULL;
        self->lengths[i] = 0;
        self->formats[i] = 0;
        switch (value->kind) {
        case BUS_VALUE_NULL:
            break;
        case BUS_VALUE_TEXT:
            self->values[i] = value->as.text;
            break;
        case BUS_VALUE_BYTES:
            self->values[i] = (const char *)value->as.bytes.data;
            self->lengths[i] = (int)value->as.bytes.size;
            self->formats[i] = 1;
            break;
        case BUS_VALUE_TEXTS:
        case BUS_VALUE_IDS:
        case BUS_VALUE_INTS:
            starts[i] = scratch->size;
            encode_array(value, scratch);
            self->lengths[i] = (int)(scratch->size - starts[i]);
            self->formats[i] = 1;
            break;
        default:
            self->values[i] = small_text(value, self->texts[i]);
        }
    }
    for (size_t i = 0; i < n; i++) /* only now does the buffer stay where it is */
        if (values[i].kind >= BUS_VALUE_TEXTS)
            self->values[i] = (const char *)scratch->data + starts[i];
    return BUS_OK;
}
