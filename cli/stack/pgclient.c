/* See pgclient.h. */
#include "pgclient.h"

#include "secrets.h"

#define OWN_ARGUMENTS 4

enum bus_status pgclient_run(const struct postgres *postgres, const char *name, const char *const *arguments,
                             void (*on_line)(void *arg, const char *line), void *arg, struct bus_error *err)
{
    const struct stack *stack = postgres->stack;
    const char *password = NULL;
    size_t n = 0;
    while (arguments[n])
        n++;
    char **argv = bus_alloc_array(stack->arena, OWN_ARGUMENTS + n + 1, sizeof *argv);
    argv[0] = (char *)name;
    argv[1] = bus_printf(stack->arena, "--host=%s", stack->socket_dir);
    argv[2] = "--port=5432";
    argv[3] = "--username=" POSTGRES_ADMIN;
    for (size_t i = 0; i <= n; i++)
        argv[OWN_ARGUMENTS + i] = (char *)arguments[i];
    enum bus_status status =
        secret_read(postgres_password_file(stack, POSTGRES_ADMIN), stack->arena, &password, err);
    if (status != BUS_OK)
        return status;
    struct program plan = {.path = bus_printf(stack->arena, "%s/%s", postgres->bin, name),
                           .argv = argv,
                           .password = password,
                           .in_fd = -1,
                           .out_fd = -1,
                           .on_line = on_line,
                           .arg = arg};
    return program_run(&plan, err);
}
