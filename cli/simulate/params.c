/* See params.h. */
#include "simulate/params.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "cli.h"

static char file[200]; /* for people */

void params_wrong(const char *fmt, ...)
{
    char text[600];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    exit(cli_fail("%s: %s", file, text));
}

enum bus_status params_read(const char *path, json_t **ret_params, struct bus_error *err)
{
    snprintf(file, sizeof file, "%s", path);
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
        params_wrong("the parameter \"%s\" is missing or no text", name);
    return text;
}

double param_number(const json_t *object, const char *name, double fallback)
{
    const json_t *value = json_object_get(object, name);
    if (value == NULL)
        return fallback;
    if (!json_is_number(value))
        params_wrong("the parameter \"%s\" is no number", name);
    return json_number_value(value);
}

int64_t param_int(const json_t *object, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(object, name);
    if (value == NULL)
        return fallback;
    if (!json_is_integer(value))
        params_wrong("the parameter \"%s\" is no whole number", name);
    return json_integer_value(value);
}

bool param_bool(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_boolean(value))
        params_wrong("the parameter \"%s\" is neither true nor false", name);
    return json_is_true(value);
}

int32_t param_day(const json_t *object, const char *name)
{
    const char *text = param_text(object, name);
    int32_t day = 0;
    if (!bus_date_parse(text, strlen(text), &day))
        params_wrong("the parameter \"%s\" is no date like 2012-01-09", name);
    return day;
}

int64_t param_count(const json_t *object, const char *name)
{
    int64_t n = param_int(object, name, 0);
    if (n < 0 || n > PEOPLE_MAX)
        params_wrong("the parameter \"%s\" must be 0 to %d", name, PEOPLE_MAX);
    return n;
}

void param_range(const json_t *object, const char *name, int64_t least, int64_t most, int64_t *ret_low,
                 int64_t *ret_high)
{
    const json_t *range = json_object_get(object, name), *low = json_array_get(range, 0),
                 *high = json_array_get(range, 1);
    *ret_low = json_integer_value(low);
    *ret_high = json_integer_value(high);
    if (json_array_size(range) != 2 || !json_is_integer(low) || !json_is_integer(high) || *ret_low < least ||
        *ret_high > most || *ret_low > *ret_high)
        params_wrong("the parameter \"%s\" must be a range like [6, 14], within %lld and %lld", name,
                     (long long)least, (long long)most);
}

const json_t *param_object(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_object(value))
        params_wrong("the parameter \"%s\" is no object", name);
    return value;
}

const json_t *param_array(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_array(value))
        params_wrong("the parameter \"%s\" is no list", name);
    return value;
}
