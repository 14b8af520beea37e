/* The log: one line an entry, whatever is in the text, and nothing below the level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/log.h"

/* What log_everything() wrote with this level. */
static void capture(const char *level, char *out, size_t out_size)
{
    char longer[4000];
    memset(longer, 'z', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    bus_log_open("matching", level);
    bus_log_error("one %d\nforged line\x1b[0m", 1);
    bus_log_warn("two");
    bus_log_info("three");
    bus_log_debug("four");
    bus_log_error("%s", longer);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    size_t size = fread(out, 1, out_size - 1, file);
    out[size] = '\0';
    fclose(file);
}

static int lines(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void test_line(void **state)
{
    (void)state;
    char out[8000];
    capture("error", out, sizeof(out));
    assert_int_equal(lines(out), 2);
    char *space = strchr(out, ' ');
    assert_non_null(space);
    int64_t time_us;
    assert_true(bus_time_parse(out, (size_t)(space - out), &time_us));
    static const char rest[] = " error matching one 1 forged line [0m\n";
    assert_memory_equal(space, rest, sizeof(rest) - 1);
    assert_int_equal(out[strlen(out) - 1], '\n');
}

static void test_levels(void **state)
{
    (void)state;
    char out[8000];
    capture("debug", out, sizeof(out));
    assert_int_equal(lines(out), 5);
    assert_non_null(strstr(out, " debug matching four\n"));
    capture("warn", out, sizeof(out));
    assert_int_equal(lines(out), 3);
    assert_null(strstr(out, "three"));
    capture(NULL, out, sizeof(out));
    assert_int_equal(lines(out), 4);
    capture("nonsense", out, sizeof(out));
    assert_int_equal(lines(out), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_line), cmocka_unit_test(test_levels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
