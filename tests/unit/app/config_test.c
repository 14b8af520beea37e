/* What a service refuses to start with, before it touches anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/config.h"

static struct bus_arena *arena;

static int set_needed(void **state)
{
    (void)state;
    static const char *const needed[] = {"BUS_DATABASE", "BUS_BIND_EVENTS", "BUS_BIND_REQUESTS",
                                         "BUS_KEYS_DIR"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        assert_int_equal(setenv(needed[i], "x", 1), 0);
    arena = bus_arena_new();
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    bus_arena_free(&arena);
    return 0;
}

/* The words of the refusal; "" when it starts. */
static const char *refusal(const struct bus_service *service)
{
    static struct bus_error err;
    struct config config;
    err = (struct bus_error){0};
    return config_read(service, arena, &config, &err) == BUS_OK ? "" : err.text;
}

static void test_more_streams_than_a_header_can_name(void **state)
{
    (void)state;
    const char *follows[BUS_FOLLOWS_MAX + 2] = {NULL};
    struct bus_service service = {.name = "hub", .follows = follows};
    for (size_t i = 0; i < BUS_FOLLOWS_MAX; i++)
        follows[i] = "other";
    assert_string_equal(refusal(&service), "");
    follows[BUS_FOLLOWS_MAX] = "other";
    assert_string_equal(refusal(&service),
                        "hub follows 17 streams; it can follow 16, as an event names no more "
                        "that its writer had read");
}

static void test_more_settings_than_there_is_room_for(void **state)
{
    (void)state;
    static char names[BUS_SETTINGS_MAX + 1][8];
    struct bus_setting settings[BUS_SETTINGS_MAX + 2] = {{0}};
    struct bus_service service = {.name = "hub", .settings = settings};
    for (size_t i = 0; i <= BUS_SETTINGS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "HUB_%zu", i);
        settings[i] = (struct bus_setting){names[i], "one of many", ""};
    }
    assert_string_equal(refusal(&service), "the service has a setting HUB_32 beyond the 32 it can have");
    settings[BUS_SETTINGS_MAX].name = NULL;
    assert_string_equal(refusal(&service), "");
    assert_string_equal(bus_setting("HUB_31"), "");
}

/* A file of `size` bytes 'k' and the newline that editors leave. */
static const char *secret_refusal(char *path, size_t size)
{
    static const struct bus_setting settings[] = {{"HUB_KEY", "a secret", NULL}, {NULL, NULL, NULL}};
    static const struct bus_service service = {.name = "hub", .settings = settings};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fputc('k', file);
    fputc('\n', file);
    assert_int_equal(fclose(file), 0);
    return refusal(&service);
}

static void test_a_secret_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    char path[] = "/tmp/bus-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(setenv("HUB_KEY_FILE", path, 1), 0);
    assert_string_equal(secret_refusal(path, BUS_SETTING_BYTES - 1), "");
    assert_int_equal(strlen(bus_setting("HUB_KEY")), BUS_SETTING_BYTES - 1);
    assert_non_null(strstr(secret_refusal(path, BUS_SETTING_BYTES), "which holds more than 4096 bytes"));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_streams_than_a_header_can_name),
        cmocka_unit_test(test_more_settings_than_there_is_room_for),
        cmocka_unit_test(test_a_secret_is_taken_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, set_needed, free_arena);
}
