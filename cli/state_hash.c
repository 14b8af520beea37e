/* koppel state-hash: one hash per service over its tables. */
#include <stdio.h>

#include "cli.h"
#include "each.h"

static void print_row(const char *service, const json_t *answer)
{
    printf("%-14s %s\n", service, json_string_value(json_object_get(answer, "hash")));
}

int state_hash_run(int argc, char **argv)
{
    return each_run(argc, argv, "state-hash", print_row);
}
