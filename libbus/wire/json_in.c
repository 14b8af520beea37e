/* JSON text to msgpack: bounded by a walk over its brackets first, because jansson builds a tree, then
 * scanned as any other msgpack, so that there is one set of rules. */
#include <jansson.h>
#include <string.h>

#include "bus/codec.h"
#include "bus/pack.h"

#define JSON_BYTES_PER_BYTE 4 /* escapes and white space make JSON longer than the msgpack it becomes */

struct place {
    size_t line, column;
};

static struct place place_of(struct bus_bytes json, size_t offset)
{
    struct place place = {.line = 1, .column = 1};
    for (size_t i = 0; i < offset; i++) {
        if (json.data[i] == '\n')
            place = (struct place){.line = place.line + 1, .column = 1};
        else if ((json.data[i] & 0xc0) != 0x80)
            place.column++;
    }
    return place;
}

static enum bus_status refuse_at(struct bus_bytes json, size_t offset, const char *why, struct bus_error *err)
{
    struct place place = place_of(json, offset);
    return bus_fail(err, BUS_INVALID, "JSON line %zu, column %zu: %s", place.line, place.column, why);
}

/* The offset behind the text that begins at `at`. */
static size_t pass_text(struct bus_bytes json, size_t at)
{
    for (at++; at < json.size && json.data[at] != '"'; at++)
        if (json.data[at] == '\\')
            at++;
    return at;
}

/* Depth and number of values, counted by brackets, commas and colons outside of texts. */
static enum bus_status check_bounds(struct bus_bytes json, const struct bus_scan_limits *limits,
                                    struct bus_error *err)
{
    size_t depth = 0, items = 1;
    uint8_t last = 0;
    for (size_t at = 0; at < json.size; at++) {
        uint8_t c = json.data[at];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            continue;
        bool first = (last == '[' || last == '{') && c != ']' && c != '}';
        items += first || c == ',' || c == ':';
        if (items > limits->max_items)
            return refuse_at(json, at, "too many values", err);
        if ((c == '[' || c == '{') && ++depth > limits->max_depth)
            return refuse_at(json, at, "nested too deeply", err);
        if ((c == ']' || c == '}') && depth > 0)
            depth--;
        if (c == '"')
            at = pass_text(json, at);
        last = c;
    }
    return BUS_OK;
}

/* What is usually sent where JSON was meant; NULL: none of these. */
static const char *mistaken(struct bus_bytes json)
{
    static const struct {
        const char *begin;
        size_t size;
        const char *why;
    } kinds[] = {
        {"\xef\xbb\xbf", 3, "begins with a byte order mark (BOM): leave it out"},
        {"\xff\xfe", 2, "in UTF-16: send UTF-8"},
        {"\xfe\xff", 2, "in UTF-16: send UTF-8"},
        {"{\0", 2, "in UTF-16: send UTF-8"},
        {"[\0", 2, "in UTF-16: send UTF-8"},
        {"\0{", 2, "in UTF-16: send UTF-8"},
        {"\0[", 2, "in UTF-16: send UTF-8"},
        {"\x1f\x8b", 2, "compressed with gzip: send it as it was before"},
        {"\x28\xb5\x2f\xfd", 4, "compressed with zstd: send it as it was before"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json.size >= kinds[i].size && memcmp(json.data, kinds[i].begin, kinds[i].size) == 0)
            return kinds[i].why;
    for (size_t i = 0; i < json.size; i++)
        if (memchr(" \t\n\r", json.data[i], 4) == NULL)
            return NULL;
    return "empty: give a value, such as an object {}";
}

/* What was expected where the reading stopped, behind the token that did not fit. Of jansson's words only how
 * they begin is looked at: then they quote the text, which may be personal. */
static const char *syntax(struct bus_bytes json, const json_error_t *error)
{
    static const struct {
        const char *begin, *why;
    } kinds[] = {
        {"string or '}' expected", "not JSON: a name in double quotes is expected"},
        {"':' expected", "not JSON: a colon is expected behind the name"},
        {"'}' expected", "not JSON: a comma or } is expected behind the value"},
        {"']' expected", "not JSON: a comma or ] is expected behind the value"},
        {"unexpected newline", "not JSON: a line ends within a text; write \\n"},
        {"invalid escape", "not JSON: a text holds a \\ that JSON does not know; write \\\\"},
        {"unexpected token", "not JSON: a value is expected"},
        {"invalid token", "not JSON: a text in double quotes, a number, true, false or null is expected"},
    };
    size_t at = error->position > 0 ? (size_t)error->position - 1 : 0;
    if (at < json.size && json.data[at] == '\'')
        return "not JSON: texts and names stand in double quotes, not in single ones";
    size_t before = at;
    while (before > 0 && before < json.size && memchr(" \t\n\r", json.data[before - 1], 4) != NULL)
        before--;
    if (before > 0 && at < json.size && json.data[before - 1] == ',' &&
        memchr("]}", json.data[at], 2) != NULL)
        return "not JSON: a comma stands before the bracket that closes; take it out";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(error->text, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return kinds[i].why;
    return "not JSON";
}

/* Not jansson's own words: those quote the text, which may be personal. */
static const char *reason(struct bus_bytes json, const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
        return "not UTF-8";
    case json_error_premature_end_of_input:
        return "ends too early";
    case json_error_end_of_input_expected:
        return "something follows the value";
    case json_error_duplicate_key:
        return "a name stands twice in one object";
    case json_error_numeric_overflow:
        return "a number is too large";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a text holds U+0000";
    case json_error_stack_overflow:
        return "nested too deeply";
    case json_error_out_of_memory:
        bus_die("out of memory: reading JSON");
    default:
        return syntax(json, error);
    }
}

static void pack_value(json_t *value, struct bus_buffer *out)
{
    const char *name;
    json_t *item;
    size_t i;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        bus_pack_map(out, (uint32_t)json_object_size(value));
        json_object_foreach(value, name, item)
        {
            bus_pack_text(out, name);
            pack_value(item, out);
        }
        break;
    case JSON_ARRAY:
        bus_pack_array(out, (uint32_t)json_array_size(value));
        json_array_foreach(value, i, item)
        {
            pack_value(item, out);
        }
        break;
    case JSON_STRING:
        bus_pack_text_n(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        bus_pack_int(out, json_integer_value(value));
        break;
    case JSON_REAL:
        bus_pack_number(out, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        bus_pack_bool(out, json_is_true(value));
        break;
    case JSON_NULL:
        bus_pack_nil(out);
        break;
    }
}

static void release(json_t **value)
{
    json_decref(*value);
}

enum bus_status bus_json_to_msgpack(struct bus_bytes json, const struct bus_scan_limits *limits,
                                    struct bus_buffer *out, struct bus_error *err)
{
    if (json.size / JSON_BYTES_PER_BYTE > limits->max_bytes)
        return bus_fail(err, BUS_INVALID, "JSON: %zu bytes are over the limit of %zu", json.size,
                        limits->max_bytes * JSON_BYTES_PER_BYTE);
    const char *why = mistaken(json);
    if (why != NULL)
        return bus_fail(err, BUS_INVALID, "JSON: %s", why);
    enum bus_status status = check_bounds(json, limits, err);
    if (status != BUS_OK)
        return status;
    json_error_t error;
    AUTO(release)
    json_t *value =
        json_loadb((const char *)json.data, json.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value)
        return bus_fail(err, BUS_INVALID, "JSON line %d, column %d: %s", error.line, error.column,
                        reason(json, &error));
    size_t before = out->size;
    pack_value(value, out);
    status = bus_scan(bus_bytes(out->data + before, out->size - before), limits, err);
    if (status != BUS_OK) {
        out->size = before;
        if (err)
            bus_fail_in(err, "JSON, as msgpack");
    }
    return status;
}
