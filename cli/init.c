/* koppel init: keys, secrets and roles for a stack that other tools start, such as containers. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "stack/credentials.h"
#include "stack/roles.h"

#define POSTGRES_PORT "5432"

struct init_options {
    const char *keys;
    const char *secrets;
    const char *database;
};

static bool options_read(int argc, char **argv, struct init_options *ret)
{
    static const struct option options[] = {{"keys", required_argument, NULL, 'k'},
                                            {"secrets", required_argument, NULL, 's'},
                                            {"database", required_argument, NULL, 'd'},
                                            {0}};
    *ret = (struct init_options){0};
    for (int found; (found = cli_option(argc, argv, options, 0)) != -1;) {
        if (found == '?')
            return false;
        *(found == 'k' ? &ret->keys : found == 's' ? &ret->secrets : &ret->database) = optarg;
    }
    if (!ret->keys && !ret->secrets)
        (void)cli_wrong("name a folder with --keys or --secrets");
    else if (ret->database && !ret->secrets)
        (void)cli_wrong("--database needs --secrets: the folder of the passwords");
    return (ret->keys || ret->secrets) && (!ret->database || ret->secrets);
}

static enum bus_status secrets_init(const char *dir, struct bus_arena *arena, struct bus_error *err)
{
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return bus_fail(err, BUS_RETRY, "%s cannot be made: %s", dir, strerror(errno));
    return credentials_secrets(dir, arena, err);
}

static enum bus_status database_init(const struct init_options *options, struct bus_arena *arena,
                                     struct bus_error *err)
{
    const char *colon = options->database[0] == '/' ? NULL : strrchr(options->database, ':');
    size_t size = colon ? (size_t)(colon - options->database) : strlen(options->database);
    struct roles_place place = {.arena = arena,
                                .host = bus_strndup(arena, options->database, size),
                                .port = colon ? colon + 1 : POSTGRES_PORT,
                                .secrets_dir = options->secrets};
    return roles_make(&place, err);
}

int init_run(int argc, char **argv)
{
    struct init_options options;
    struct bus_error err = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    if (!options_read(argc, argv, &options))
        return CLI_WRONG;
    enum bus_status status = options.secrets ? secrets_init(options.secrets, arena, &err) : BUS_OK;
    if (status == BUS_OK && options.database)
        status = database_init(&options, arena, &err);
    if (status == BUS_OK && options.keys)
        status = credentials_keys(options.keys, &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
