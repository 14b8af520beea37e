/* koppel trim: what a service does with its log every hour, at once: old partitions that every reader has go.
 */
#include <stdio.h>

#include "cli.h"
#include "each.h"

static json_int_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void print_row(const char *service, const json_t *answer)
{
    const json_t *slowest = NULL;
    json_t *reader;
    size_t i;
    json_array_foreach(json_object_get(answer, "readers"), i,
                       reader) if (slowest == NULL || number(reader, "seq") < number(slowest, "seq"))
        slowest = reader;
    printf("%-14s keeps %lld to %lld", service, (long long)number(answer, "first"),
           (long long)number(answer, "head"));
    if (number(answer, "keep_days") == 0)
        printf(", all of it: BUS_LOG_KEEP_DAYS is not set");
    else if (slowest != NULL)
        printf(", %lld days; %s has read to %lld", (long long)number(answer, "keep_days"),
               json_string_value(json_object_get(slowest, "reader")), (long long)number(slowest, "seq"));
    else
        printf(", %lld days; no reader is known", (long long)number(answer, "keep_days"));
    printf("\n");
}

int trim_run(int argc, char **argv)
{
    return each_run(argc, argv, "log-trim", print_row);
}
