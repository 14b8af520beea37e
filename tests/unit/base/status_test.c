/* Raising errors: the words, the code, the status, and what survives a missing error struct. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/status.h"

static void test_fail_fills(void **state)
{
    (void)state;
    struct bus_error err;
    memset(&err, 0x5a, sizeof(err));
    assert_int_equal(bus_fail(&err, BUS_INVALID, "session %d is full", 7), BUS_INVALID);
    assert_int_equal(err.status, BUS_INVALID);
    assert_string_equal(err.text, "session 7 is full");
    assert_string_equal(err.code, "");
    assert_int_equal(bus_fail_code(&err, BUS_BUG, "BUS-FENCED", "moved"), BUS_BUG);
    assert_string_equal(err.code, "BUS-FENCED");
    assert_string_equal(err.text, "moved");
    bus_fail(&err, BUS_RETRY, "again");
    assert_string_equal(err.code, "");
    assert_int_equal(bus_fail_at(&err, BUS_INVALID, "/until", "%s is past", "until"), BUS_INVALID);
    assert_string_equal(err.pointer, "/until");
    assert_string_equal(err.text, "until is past");
    bus_fail(&err, BUS_RETRY, "again");
    assert_string_equal(err.pointer, "");
}

static void test_fail_without_error(void **state)
{
    (void)state;
    assert_int_equal(bus_fail(NULL, BUS_DENIED, "no"), BUS_DENIED);
    assert_int_equal(bus_fail_code(NULL, BUS_RETRY, "X", "no"), BUS_RETRY);
}

static void test_one_line_and_cut(void **state)
{
    (void)state;
    struct bus_error err;
    bus_fail(&err, BUS_RETRY, "first\nsecond\tthird\r\n");
    assert_string_equal(err.text, "first second third");
    char longer[2000];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    bus_fail_code(&err, BUS_RETRY, longer, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    assert_int_equal(strlen(err.code), sizeof(err.code) - 1);
    bus_fail_in(&err, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void test_cut_between_characters(void **state)
{
    (void)state;
    char longer[1001];
    for (size_t i = 0; i < 1000; i += 2)
        memcpy(longer + i, "\xc3\xa9", 2);
    longer[1000] = '\0';
    struct bus_error err;
    for (int shift = 0; shift < 2; shift++) {
        bus_fail(&err, BUS_INVALID, "%s%s", shift ? "x" : "", longer);
        assert_int_equal(err.text[strlen(err.text) - 1], '\xa9');
        bus_fail_in(&err, "y");
        assert_int_equal(err.text[strlen(err.text) - 1], '\xa9');
    }
}

static void test_fail_in(void **state)
{
    (void)state;
    struct bus_error err;
    bus_fail_code(&err, BUS_CONFLICT, "BUS-X", "is taken");
    assert_int_equal(bus_fail_in(&err, "row %d", 3), BUS_CONFLICT);
    assert_string_equal(err.text, "row 3: is taken");
    assert_string_equal(err.code, "BUS-X");
    bus_fail(&err, BUS_INVALID, "again, %s", err.text); /* an argument inside the error itself */
    assert_string_equal(err.text, "again, row 3: is taken");
}

static void test_names(void **state)
{
    (void)state;
    static const char *const words[] = {"ok", "not-found", "conflict", "invalid", "denied", "retry", "bug"};
    for (int i = BUS_OK; i <= BUS_BUG; i++) {
        assert_string_equal(bus_status_name((enum bus_status)i), words[i]);
        assert_int_equal(bus_status_from_name(words[i]), i);
    }
    assert_string_equal(bus_status_name((enum bus_status)99), "bug");
    assert_int_equal(bus_status_from_name("OK"), BUS_BUG);
    assert_int_equal(bus_status_from_name(""), BUS_BUG);
    assert_int_equal(bus_status_from_name(NULL), BUS_BUG);
}

static void test_die(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        bus_die("no room for %d", 5);
    }
    close(ends[1]);
    char line[100] = "";
    assert_true(read(ends[0], line, sizeof(line) - 1) > 0);
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(line, "no room for 5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_fills),
        cmocka_unit_test(test_fail_without_error),
        cmocka_unit_test(test_one_line_and_cut),
        cmocka_unit_test(test_fail_in),
        cmocka_unit_test(test_cut_between_characters),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
