/* Lines of text: quotes, separators, line ends, and what is wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/registry/csv.h"

/* All rows as "line:[field|field]", a fault as "line!". */
static char *read_all(const char *text)
{
    static char out[4096];
    struct bus_arena *arena = bus_arena_new();
    struct csv csv;
    struct csv_row row;
    char *at = out;
    *at = '\0';
    csv_open(&csv, text);
    while (csv_next(&csv, arena, &row)) {
        if (row.fault != NULL) {
            at += sprintf(at, "%lld!", (long long)row.line);
            continue;
        }
        at += sprintf(at, "%lld:[", (long long)row.line);
        for (size_t i = 0; i < row.fields_n; i++)
            at += sprintf(at, "%s%s", i ? "|" : "", row.fields[i]);
        at += sprintf(at, "]");
    }
    bus_arena_free(&arena);
    return out;
}

static void test_plain(void **state)
{
    (void)state;
    assert_string_equal(read_all("a,b\n1,2\n"), "1:[a|b]2:[1|2]");
    assert_string_equal(read_all("a,b\r\n1,2"), "1:[a|b]2:[1|2]");
    assert_string_equal(read_all("a,b\r1,\r"), "1:[a|b]2:[1|]");
    assert_string_equal(read_all("\xEF\xBB\xBFnaam;x\n1;2\n"), "1:[naam|x]2:[1|2]");
    assert_string_equal(read_all(""), "");
    assert_string_equal(read_all("\n \n;\n"), "");
    assert_string_equal(read_all("a\n\n\nb\n"), "1:[a]4:[b]");
}

static void test_separator(void **state)
{
    (void)state;
    assert_string_equal(read_all("a;b;c,d\n1,5;2;3"), "1:[a|b|c,d]2:[1,5|2|3]");
    assert_string_equal(read_all("\"x;y;z\",b\n1,2"), "1:[x;y;z|b]2:[1|2]");
}

static void test_quotes(void **state)
{
    (void)state;
    assert_string_equal(read_all("\"a,b\",c\n"), "1:[a,b|c]");
    assert_string_equal(read_all("x,\"say \"\"hi\"\"\"\n"), "1:[x|say \"hi\"]");
    assert_string_equal(read_all("\"\",\"\"\"\"\nx,y"), "1:[|\"]2:[x|y]");
    assert_string_equal(read_all("\"two\nlines\",b\nc,d"), "1:[two\nlines|b]3:[c|d]");
    assert_string_equal(read_all("\"two\r\nlines\",b\r\nc,d"), "1:[two\r\nlines|b]3:[c|d]");
    assert_string_equal(read_all("5\" pipe,b\n"), "1:[5\" pipe|b]");
}

static void test_faults(void **state)
{
    (void)state;
    assert_string_equal(read_all("a,b\n\"x\"y,1\n2,3\n"), "1:[a|b]2!3:[2|3]");
    assert_string_equal(read_all("a,b\n\"never closed,1\n2,3\n"), "1:[a|b]2!");
    char many[2 * CSV_FIELDS_MAX + 8];
    memset(many, ',', sizeof many);
    memcpy(many + sizeof many - 5, "\nx,y", 5);
    many[0] = 'z';
    assert_string_equal(read_all(many), "1!2:[x|y]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain), cmocka_unit_test(test_separator),
                                       cmocka_unit_test(test_quotes), cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
