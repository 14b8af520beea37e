/* What a stack gives its services: secrets, environment, a socket folder that fits; and the table of koppel
 * status. */
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

#include "stack/postgres.h"
#include "stack/secrets.h"
#include "stack/services.h"
#include "status.h"

static void test_secret(void **state)
{
    (void)state;
    struct bus_error err;
    struct bus_arena *arena = bus_arena_new();
    char folder[] = "/tmp/secret-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = bus_printf(arena, "%s/token", folder);
    const char *first, *second;
    assert_int_equal(secret_make(path, 32, &err), BUS_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(secret_read(path, arena, &first, &err), BUS_OK);
    assert_int_equal(strlen(first), 64);
    assert_int_equal(strspn(first, "0123456789abcdef"), 64);
    assert_int_equal(secret_make(path, 32, &err), BUS_OK); /* stays as it is */
    assert_int_equal(secret_read(path, arena, &second, &err), BUS_OK);
    assert_string_equal(first, second);
    unlink(path);
    assert_int_equal(secret_read(path, arena, &second, &err), BUS_DENIED);
    assert_int_equal(secret_make(path, 32, &err), BUS_OK);
    assert_int_equal(secret_read(path, arena, &second, &err), BUS_OK);
    assert_string_not_equal(first, second);
    FILE *f = fopen(path, "w");
    fputs("\n", f);
    fclose(f);
    assert_int_equal(secret_read(path, arena, &second, &err), BUS_INVALID);
    unlink(path);
    assert_int_equal(secret_make(path, 0, &err), BUS_BUG);
    assert_int_equal(secret_make(path, 65, &err), BUS_BUG);
    assert_int_equal(secret_make("/nowhere/at/all", 32, &err), BUS_RETRY);
    rmdir(folder);
    bus_arena_free(&arena);
}

static const char *value_of(char **environment, const char *name)
{
    const char *value = NULL;
    size_t size = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, size) == 0 && (*environment)[size] == '=') {
            assert_null(value); /* once */
            value = *environment + size + 1;
        }
    return value;
}

static void test_environment(void **state)
{
    (void)state;
    struct stack stack = {.arena = bus_arena_new(), .dir = "/d", .socket_dir = "/d/run", .port = 9000};
    setenv("PGHOST", "elsewhere", 1);
    setenv("BUS_CLOCK", "something", 1);
    setenv("KEPT", "kept", 1);
    char **gateway = services_environment(&stack, 0);
    assert_null(value_of(gateway, "PGHOST"));
    assert_string_equal(value_of(gateway, "KEPT"), "kept");
    assert_string_equal(value_of(gateway, "BUS_CLOCK"), "wall");
    assert_string_equal(value_of(gateway, "HTTP_LISTEN"), "127.0.0.1:9000");
    assert_string_equal(value_of(gateway, "ADAPTER_BIND"), "tcp://127.0.0.1:9001");
    assert_string_equal(value_of(gateway, "DEV_TOKEN_FILE"), "/d/secrets/token");
    assert_null(value_of(gateway, "MAIL_URL"));
    stack.conducted = true;
    char **notifications = services_environment(&stack, 4);
    assert_string_equal(value_of(notifications, "BUS_CLOCK"), "conducted");
    assert_string_equal(value_of(notifications, "MAIL_URL"), "file:///d/mail");
    assert_string_equal(value_of(notifications, "BUS_BIND_EVENTS"), "tcp://127.0.0.1:9018");
    assert_string_equal(value_of(notifications, "BUS_BIND_REQUESTS"), "tcp://127.0.0.1:9019");
    assert_string_equal(value_of(notifications, "BUS_HEALTH"), "127.0.0.1:9034");
    assert_string_equal(value_of(notifications, "BUS_KEYS_DIR"), "/d/keys");
    assert_string_equal(value_of(notifications, "BUS_DATABASE"),
                        "host=/d/run port=5432 dbname=koppel user=notifications");
    assert_string_equal(value_of(notifications, "BUS_DATABASE_PASSWORD_FILE"), "/d/secrets/db-notifications");
    assert_null(value_of(notifications, "DEV_TOKEN_FILE"));
    assert_string_equal(value_of(services_environment(&stack, 1), "INSZ_KEY_FILE"), "/d/secrets/insz.key");
    const char *peers = value_of(notifications, "BUS_PEERS");
    assert_non_null(strstr(peers, "gateway=tcp://127.0.0.1:9010,tcp://127.0.0.1:9011;registry="));
    assert_non_null(strstr(peers, ";reporting=tcp://127.0.0.1:9020,tcp://127.0.0.1:9021"));
    bus_arena_free(&stack.arena);
}

/* A mail server that the shell names is used, but for what a replay tells again. */
static void test_letters(void **state)
{
    (void)state;
    struct stack stack = {.arena = bus_arena_new(), .dir = "/d", .socket_dir = "/d/run", .port = 9000};
    assert_false(services_mail(false));
    setenv("MAIL_URL_FILE", "/where/it/stands", 1);
    assert_true(services_mail(false));
    assert_false(services_mail(true));
    unsetenv("MAIL_URL_FILE");
    setenv("MAIL_URL", "smtp://127.0.0.1:25", 1);
    setenv("SMS_URL", "https://sms.example.be/", 1);
    stack.mails = services_mail(false);
    assert_string_equal(value_of(services_environment(&stack, 4), "MAIL_URL"), "smtp://127.0.0.1:25");
    assert_string_equal(value_of(services_environment(&stack, 4), "SMS_URL"), "https://sms.example.be/");
    stack.conducted = true;
    stack.mails = services_mail(true);
    assert_string_equal(value_of(services_environment(&stack, 4), "MAIL_URL"), "file:///d/mail");
    assert_string_equal(value_of(services_environment(&stack, 4), "SMS_URL"), "file:///d/mail");
    unsetenv("MAIL_URL");
    unsetenv("SMS_URL");
    bus_arena_free(&stack.arena);
}

static void test_socket_dir(void **state)
{
    (void)state;
    assert_true(postgres_socket_dir_fits("/var/stack/run"));
    assert_false(postgres_socket_dir_fits("/var/my stack/run"));
    assert_false(postgres_socket_dir_fits("/var/it's/run"));
    assert_false(postgres_socket_dir_fits("/var/a,b/run"));
    char path[120];
    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[89] = '\0'; /* with the socket's lock file 108 bytes: no room for the NUL */
    assert_false(postgres_socket_dir_fits(path));
    path[88] = '\0';
    assert_true(postgres_socket_dir_fits(path));

    struct bus_error err;
    struct stack stack = {.arena = bus_arena_new(), .dir = path, .port = 9000};
    const char *dir = NULL, *again = NULL;
    assert_int_equal(postgres_socket_dir(&stack, &dir, &err), BUS_OK);
    struct stat st;
    assert_int_equal(strncmp(dir, "/tmp/koppel-", 12), 0);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    stack.socket_dir = dir;
    assert_int_equal(postgres_socket_dir(&stack, &again, &err), BUS_OK);
    assert_string_equal(again, dir);
    chmod(dir, 0755); /* no longer ours alone: another one */
    assert_int_equal(postgres_socket_dir(&stack, &again, &err), BUS_OK);
    assert_string_not_equal(again, dir);
    rmdir(dir);
    rmdir(again);
    stack.dir = "/short";
    assert_int_equal(postgres_socket_dir(&stack, &again, &err), BUS_OK);
    assert_string_equal(again, "/short/run");
    bus_arena_free(&stack.arena);
}

static void test_status_table(void **state)
{
    (void)state;
    struct bus_arena *arena = bus_arena_new();
    assert_string_equal(status_age(0, arena), "0 s");
    assert_string_equal(status_age(59, arena), "59 s");
    assert_string_equal(status_age(60, arena), "1 min");
    assert_string_equal(status_age(3600 * 5 + 12 * 60 + 59, arena), "5 h 12 min");
    assert_string_equal(status_age(86400 * 9 + 3 * 3600, arena), "9 d 3 h");
    json_t *report = json_loads(
        "{\"services\": [{\"service\": \"matching\", \"state\": \"live\", \"head\": 1204, \"dead\": 2, "
        "\"uptime_s\": 61,"
        " \"follows\": [{\"stream\": \"gateway\", \"lag\": 0}, {\"stream\": \"registry\", \"lag\": 17}]},"
        " {\"service\": \"reporting\", \"state\": \"no answer\"}]}",
        0, NULL);
    assert_non_null(report);
    assert_string_equal(status_table(report, arena),
                        "service        state              head   dead uptime       lag\n"
                        "matching       live               1204      2 1 min        gateway 0, registry 17\n"
                        "reporting      no answer             -      - -            -\n"
                        "matching: dead letters, which could not be handled or wait behind one: 2; koppel "
                        "dead list --group says "
                        "why\n");
    json_decref(report);
    report = json_pack("{s:[{s:s, s:s}]}", "services", "service", "gateway", "state", "waits for the lease");
    assert_string_equal(status_table(report, arena),
                        "service        state                     head   dead uptime       lag\n"
                        "gateway        waits for the lease          -      - -            -\n");
    json_decref(report);
    bus_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret),       cmocka_unit_test(test_environment),
        cmocka_unit_test(test_letters),      cmocka_unit_test(test_socket_dir),
        cmocka_unit_test(test_status_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
