/* See params.h. */
#include "simulate/params.h"

#include <string.h>

#include "bus/clock.h"

enum bus_status params_read(const char *path, json_t **ret_params, struct bus_error *err)
{
    json_error_t where;
    json_t *params = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (params == NULL && where.line < 0)
        return bus_fail(err, BUS_NOT_FOUND, "cannot read %s", path);
    if (params == NULL)
        return bus_fail(err, BUS_INVALID, "%s, line %d: %s", path, where.line, where.text);
    if (!json_is_object(params)) {
        json_decref(params);
        return bus_fail(err, BUS_INVALID, "%s: the file holds one JSON object", path);
    }
    *ret_params = params;
    return BUS_OK;
}

const char *param_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL)
        bus_die("the parameter \"%s\" is missing or no text", name);
    return text;
}

double param_number(const json_t *object, const char *name, double fallback)
{
    const json_t *value = json_object_get(object, name);
    if (value == NULL)
        return fallback;
    if (!json_is_number(value))
        bus_die("the parameter \"%s\" is no number", name);
    return json_number_value(value);
}

int64_t param_int(const json_t *object, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(object, name);
    if (value == NULL)
        return fallback;
    if (!json_is_integer(value))
        bus_die("the parameter \"%s\" is no whole number", name);
    return json_integer_value(value);
}

bool param_bool(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_boolean(value))
        bus_die("the parameter \"%s\" is neither true nor false", name);
    return json_is_true(value);
}

int32_t param_day(const json_t *object, const char *name)
{
    const char *text = param_text(object, name);
    int32_t day = 0;
    if (!bus_date_parse(text, strlen(text), &day))
        bus_die("the parameter \"%s\" is no date like 2012-01-09", name);
    return day;
}

void param_range(const json_t *object, const char *name, int64_t *ret_low, int64_t *ret_high)
{
    const json_t *range = json_object_get(object, name);
    if (json_array_size(range) != 2 || !json_is_integer(json_array_get(range, 0)) ||
        !json_is_integer(json_array_get(range, 1)) ||
        json_integer_value(json_array_get(range, 0)) > json_integer_value(json_array_get(range, 1)))
        bus_die("the parameter \"%s\" is no range like [6, 14]", name);
    *ret_low = json_integer_value(json_array_get(range, 0));
    *ret_high = json_integer_value(json_array_get(range, 1));
}

const json_t *param_object(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_object(value))
        bus_die("the parameter \"%s\" is no object", name);
    return value;
}

const json_t *param_array(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_array(value))
        bus_die("the parameter \"%s\" is no list", name);
    return value;
}
