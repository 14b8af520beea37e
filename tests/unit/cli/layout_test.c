/* A stack's paths and ports, stack.json both ways, and the files that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stack/layout.h"

static char folder[32];

static int folder_make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/layout-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof(path), "%s/stack.json", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/some.log", folder);
    unlink(path);
    return rmdir(folder);
}

static void file_put(const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void test_services(void **state)
{
    (void)state;
    assert_int_equal(stack_service_index("gateway"), 0);
    assert_int_equal(stack_service_index("reporting"), 5);
    assert_int_equal(stack_service_index("postgres"), -1);
    assert_null(stack_services[STACK_SERVICES]);
}

static void test_ports(void **state)
{
    (void)state;
    assert_int_equal(stack_port_http(8080), 8080);
    assert_int_equal(stack_port_adapters(8080), 8081);
    assert_int_equal(stack_port_events(8080, 2), 8094);
    assert_int_equal(stack_port_requests(8080, 2), 8095);
    assert_int_equal(stack_port_health(8080, 5), 8115);
    int ports[STACK_PORTS_MAX];
    assert_int_equal(stack_ports(8080, ports), STACK_PORTS_MAX);
    for (size_t i = 0; i < STACK_PORTS_MAX; i++) {
        assert_in_range(ports[i], 8080, 8080 + STACK_PORT_STEP - 2); /* blocks do not overlap */
        assert_int_not_equal(ports[i], stack_port_guard(8080));
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(ports[i], ports[j]);
    }
    assert_true(stack_port_guard(STACK_PORT_MAX) <= 65535);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct bus_error err;
    AUTO(stack_close) struct stack *stack = NULL;
    assert_int_equal(stack_open(folder, &stack, &err), BUS_OK);
    assert_string_equal(stack->dir, folder);
    assert_int_equal(stack->port, 0);
    assert_null(stack->socket_dir);
    assert_string_equal(stack_path(stack, "log/%s.log", "x"),
                        bus_printf(stack->arena, "%s/log/x.log", folder));
    stack->port = 8180;
    stack->socket_dir = "/tmp/a \"quoted\" one";
    stack->conducted = true;
    stack->mails = true;
    assert_int_equal(stack_save(stack, &err), BUS_OK);

    AUTO(stack_close) struct stack *back = NULL;
    assert_int_equal(stack_open(folder, &back, &err), BUS_OK);
    assert_int_equal(back->port, 8180);
    assert_string_equal(back->socket_dir, "/tmp/a \"quoted\" one");
    assert_true(back->conducted);
    assert_true(back->mails);
    struct stat st;
    assert_int_equal(stat(stack_path(back, "stack.json"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_refused_json(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "[]",
        "{\"version\": 1,",
        "{\"port\": 8080}",
        "{\"version\": 2, \"port\": 8080}",
        "{\"version\": 1, \"port\": \"8080\"}",
        "{\"version\": 1, \"port\": 80}",
        "{\"version\": 1, \"port\": 65500}",
        "{\"version\": 1, \"port\": 4294975376}",
        "{\"version\": 1, \"port\": 8080, \"port\": 8180}",
        "{\"version\": 1, \"conducted\": 1}",
        "{\"version\": 1, \"mails\": 1}",
        "{\"version\": 1, \"socket_dir\": \"run\"}",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct bus_error err;
        struct stack *stack = NULL;
        file_put("stack.json", wrong[i]);
        assert_int_equal(stack_open(folder, &stack, &err), BUS_INVALID);
        assert_null(stack);
        assert_non_null(strstr(err.text, "stack.json"));
    }
}

static void test_refused_folders(void **state)
{
    (void)state;
    struct bus_error err;
    struct stack *stack = NULL;
    char path[64];
    snprintf(path, sizeof(path), "%s/absent", folder);
    assert_int_equal(stack_open(path, &stack, &err), BUS_NOT_FOUND);
    file_put("some.log", "x");
    snprintf(path, sizeof(path), "%s/some.log", folder);
    assert_int_equal(stack_open(path, &stack, &err), BUS_INVALID);
    assert_null(stack);
}

static void test_last_line(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    char path[64];
    snprintf(path, sizeof(path), "%s/some.log", folder);
    assert_string_equal(stack_last_line("/nowhere/at/all", arena), "");
    file_put("some.log", "\n\n");
    assert_string_equal(stack_last_line(path, arena), "");
    file_put("some.log", "only");
    assert_string_equal(stack_last_line(path, arena), "only");
    file_put("some.log", "first\nsecond line\r\n\n");
    assert_string_equal(stack_last_line(path, arena), "second line");
    char many[10001];
    memset(many, 'x', 10000);
    many[10000] = '\0';
    file_put("some.log", many);
    assert_int_equal(strlen(stack_last_line(path, arena)), 200);
    bus_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_services),
        cmocka_unit_test(test_ports),
        cmocka_unit_test_setup_teardown(test_round_trip, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_refused_json, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_refused_folders, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_last_line, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
