/* Which stack a command talks to, and what koppel init leaves behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "connect.h"
#include "stack/credentials.h"
#include "stack/secrets.h"

static int init(char *a, char *b, char *c, char *d)
{
    char *argv[] = {"init", a, b, c, d, NULL};
    int argc = 1;
    while (argv[argc])
        argc++;
    optind = 0;
    return init_run(argc, argv);
}

static void test_environment_names_the_services(void **state)
{
    (void)state;
    AUTO(stack_close) struct stack *stack = NULL;
    AUTO(bus_client_close) struct bus_client *client = NULL;
    struct bus_error err;
    setenv(CONNECT_PEERS, "gateway=tcp://gateway:1,tcp://gateway:2", 1);
    unsetenv(CONNECT_KEYS);
    assert_int_equal(connect_find(CLI_DEFAULT_DIR, &stack, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, CONNECT_KEYS));
    setenv(CONNECT_KEYS, "/nowhere", 1);
    assert_int_equal(connect_find("/nowhere/else", &stack, &err),
                     BUS_NOT_FOUND); /* a folder named is meant */
    assert_null(stack);
    assert_int_equal(connect_find(CLI_DEFAULT_DIR, &stack, &err), BUS_OK);
    assert_string_equal(stack->peers, "gateway=tcp://gateway:1,tcp://gateway:2");
    assert_string_equal(stack->keys_dir, "/nowhere");
    assert_int_not_equal(connect_stack(stack, &client, &err), BUS_OK);
    assert_non_null(strstr(err.text, "/nowhere/koppel.key"));
    stack_close(&stack);
    setenv(CONNECT_PEERS, "gateway", 1);
    assert_int_equal(connect_find(CLI_DEFAULT_DIR, &stack, &err), BUS_OK);
    assert_int_equal(connect_stack(stack, &client, &err), BUS_INVALID);
    assert_non_null(strstr(err.text, CONNECT_PEERS));
    unsetenv(CONNECT_PEERS);
    unsetenv(CONNECT_KEYS);
}

static void test_init_makes_what_is_missing(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err;
    char folder[] = "/tmp/init-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *keys = bus_printf(arena, "%s/keys", folder), *secrets = bus_printf(arena, "%s/secrets", folder);
    assert_int_equal(init("--keys", keys, "--secrets", secrets), CLI_DONE);
    static const char *const files[] = {
        "keys/koppel.key",          "keys/adapter.key",        "keys/reporting.key",
        "keys/allowed/gateway.pub", "secrets/token",           "secrets/insz.key",
        "secrets/calendar.key",     "secrets/db-koppel_admin", "secrets/db-matching"};
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        struct stat st;
        assert_int_equal(stat(bus_printf(arena, "%s/%s", folder, files[i]), &st), 0);
        assert_int_equal(st.st_mode & 0777, strstr(files[i], ".pub") ? 0644 : 0600);
    }
    const char *before, *after, *token = bus_printf(arena, "%s/token", secrets);
    const char *password = credentials_password_file(secrets, "matching", arena);
    assert_int_equal(secret_read(token, arena, &before, &err), BUS_OK);
    assert_int_equal(unlink(password), 0);
    assert_int_equal(init("--secrets", secrets, NULL, NULL), CLI_DONE);
    assert_int_equal(secret_read(token, arena, &after, &err), BUS_OK);
    assert_string_equal(before, after);
    assert_int_equal(access(password, R_OK), 0);
    assert_int_equal(system(bus_printf(arena, "rm -r %s", folder)), 0);
}

static void test_init_says_what_it_needs(void **state)
{
    (void)state;
    assert_int_equal(init(NULL, NULL, NULL, NULL), CLI_WRONG);
    assert_int_equal(init("--database", "postgres", NULL, NULL), CLI_WRONG);
    assert_int_equal(init("--keys", "/tmp", "--database", "postgres"), CLI_WRONG);
    assert_int_equal(init("--secrets", "/nowhere/at/all", NULL, NULL), CLI_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment_names_the_services),
        cmocka_unit_test(test_init_makes_what_is_missing),
        cmocka_unit_test(test_init_says_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
