/* Reading a matching problem from text and writing its solution: what is taken, what is refused, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/instance.h"

static struct match_instance *read_bytes(const char *bytes, size_t length, struct match_faults *faults)
{
    FILE *in = tmpfile();
    assert_non_null(in);
    assert_int_equal(fwrite(bytes, 1, length, in), length);
    rewind(in);
    struct match_instance *instance = match_instance_read(in, faults);
    fclose(in);
    return instance;
}

static struct match_instance *read_text(const char *text, struct match_faults *faults)
{
    return read_bytes(text, strlen(text), faults);
}

static void assert_solution(const char *text, const char *expected)
{
    struct match_faults faults;
    struct match_instance *instance = read_text(text, &faults);
    assert_non_null(instance);
    assert_int_equal(faults.count, 0);
    match_instance_solve(instance);
    assert_null(match_assignment_check(match_instance_assignment(instance)));
    char *written = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&written, &length);
    assert_int_equal(match_instance_write(instance, out), 0);
    fclose(out);
    assert_string_equal(written, expected);
    free(written);
    match_instance_free(instance);
}

static void assert_fault(const char *text, long line, const char *words)
{
    struct match_faults faults;
    assert_null(read_text(text, &faults));
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.kept[0].line, line);
    if (strstr(faults.kept[0].text, words) == NULL)
        fail_msg("expected '%s' in '%s'", words, faults.kept[0].text);
}

static void test_solves_and_writes_in_order_of_mention(void **state)
{
    (void)state;
    assert_solution("zoe bart 10\nann bart 9\nzoe carl 8\nann carl 1\n",
                    "zoe carl 8\nann bart 9\ntotal 17\n");
    assert_solution("# towns\n\n  a\tx  5 \r\n#b x 9\nb y -3\nc y 0", "a x 5\ntotal 5\n");
    assert_solution("", "total 0\n");
    assert_solution("same same 3\n", "same same 3\ntotal 3\n");
    assert_solution("capacity left 4\n", "capacity left 4\ntotal 4\n");
}

static void test_capacities_apply_before_or_after_the_edges(void **state)
{
    (void)state;
    assert_solution("capacity right x 2\na x 5\nb x 4\nc x 3\n", "a x 5\nb x 4\ntotal 9\n");
    assert_solution("a x 5\na y 4\na z 1\ncapacity left a 2\n", "a x 5\na y 4\ntotal 9\n");
    assert_solution("a x 5\ncapacity right x 0\n", "total 0\n");
    assert_solution("capacity left alone 3\ncapacity right alone 0\n", "total 0\n");
}

static void test_large_weights_and_totals_are_exact(void **state)
{
    (void)state;
    assert_solution("a x 9007199254740992\nb y -9007199254740992\n",
                    "a x 9007199254740992\ntotal 9007199254740992\n");
}

static void test_solving_twice_gives_the_same(void **state)
{
    (void)state;
    struct match_faults faults;
    struct match_instance *instance = read_text("a x 2\na y 3\nb y 4\n", &faults);
    assert_non_null(instance);
    match_instance_solve(instance);
    match_instance_solve(instance);
    assert_int_equal((int64_t)match_assignment_total(match_instance_assignment(instance)), 6);
    assert_string_equal(match_instance_name(instance, 0), "a");
    match_instance_free(instance);
}

static void test_each_faulty_line_is_named(void **state)
{
    (void)state;
    assert_fault("a x\n", 1, "LEFT RIGHT WEIGHT");
    assert_fault("a x 1\nword\n", 2, "LEFT RIGHT WEIGHT");
    assert_fault("a x 1 2 3\n", 1, "LEFT RIGHT WEIGHT");
    assert_fault("\n# c\na x 1.5\n", 3, "whole number");
    assert_fault("a x 12e3\n", 1, "whole number");
    assert_fault("a x nan\n", 1, "whole number");
    assert_fault("a x 5\r\na y -inf\r\n", 2, "whole number");
    assert_fault("a x 9007199254740993\n", 1, "2^53");
    assert_fault("a x 99999999999999999999\n", 1, "2^53");
    assert_fault("a x 1\nb x 1\na x 2\n", 3, "earlier line");
    assert_fault("capacity middle x 1\n", 1, "capacity left|right NAME N");
    assert_fault("edge left x 1\n", 1, "capacity left|right NAME N");
    assert_fault("capacity left x -1\n", 1, "0 to 1000000");
    assert_fault("capacity left x 1000001\n", 1, "0 to 1000000");
    assert_fault("capacity left x 1\ncapacity right x 1\ncapacity left x 1\n", 3, "earlier line");
}

static void test_long_names_and_zero_bytes_are_refused(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'n', sizeof text);
    memcpy(text + MATCH_NAME_MAX, " x 1\n", 6);
    struct match_faults faults;
    struct match_instance *instance = read_text(text, &faults);
    assert_non_null(instance);
    match_instance_free(instance);
    memset(text, 'n', sizeof text);
    memcpy(text + MATCH_NAME_MAX + 1, " x 1\n", 6);
    assert_fault(text, 1, "255 bytes");
    assert_null(read_bytes("a x 1\0\nb y 2\n", 14, &faults));
    assert_int_equal(faults.kept[0].line, 1);
    assert_non_null(strstr(faults.kept[0].text, "zero byte"));
}

static void test_all_faults_are_counted_and_twenty_kept(void **state)
{
    (void)state;
    char text[400] = "a x 1\n";
    for (int i = 0; i < 30; i++)
        strcat(text, "bad\n");
    struct match_faults faults;
    assert_null(read_text(text, &faults));
    assert_int_equal(faults.count, 30);
    assert_int_equal(faults.kept[0].line, 2);
    assert_int_equal(faults.kept[MATCH_FAULTS_MAX - 1].line, 21);
}

static void test_prices_prove_the_total(void **state)
{
    (void)state;
    struct match_faults faults;
    struct match_instance *instance = read_text("a x 5\nb x 3\n", &faults);
    assert_non_null(instance);
    match_instance_solve(instance);
    char *written = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&written, &length);
    assert_int_equal(match_instance_write_prices(instance, out), 0);
    fclose(out);
    int64_t a = -1, x = -1, b = -1;
    assert_int_equal(sscanf(written, "price left a %ld price right x %ld price left b %ld", &a, &x, &b), 3);
    assert_int_equal(a + x + b, 5);
    assert_true(b == 0 && x >= 3);
    free(written);
    match_instance_free(instance);
}

/* Nobody is paired here, and still the prices must be worth every edge: of nodes without capacity too. */
static void test_prices_cover_nodes_without_capacity(void **state)
{
    (void)state;
    struct match_faults faults;
    struct match_instance *instance = read_text("capacity left a 0\ncapacity right x 0\n"
                                                "a x 9\na y 3\nb x 2\n",
                                                &faults);
    assert_non_null(instance);
    match_instance_solve(instance);
    const struct match_assignment *matching = match_instance_assignment(instance);
    assert_null(match_assignment_check(matching));
    assert_int_equal((int64_t)match_assignment_total(matching), 0);
    int64_t a = match_assignment_price(matching, 0), x = match_assignment_price(matching, 1);
    int64_t y = match_assignment_price(matching, 2), b = match_assignment_price(matching, 3);
    assert_true(a + x >= 9 && a + y >= 3 && b + x >= 2);
    assert_true(y == 0 && b == 0);
    assert_true(a <= 9 && x <= 2);
    match_instance_free(instance);
}

static void test_a_full_disk_is_reported(void **state)
{
    (void)state;
    struct match_faults faults;
    struct match_instance *instance = read_text("a x 5\n", &faults);
    assert_non_null(instance);
    match_instance_solve(instance);
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    assert_int_equal(match_instance_write(instance, out), -1);
    assert_int_equal(match_instance_write_prices(instance, out), -1);
    fclose(out);
    match_instance_free(instance);
}

static void test_a_directory_is_not_readable(void **state)
{
    (void)state;
    struct match_faults faults;
    FILE *in = fopen("/", "r");
    assert_non_null(in);
    assert_null(match_instance_read(in, &faults));
    assert_int_equal(faults.kept[0].line, 0);
    fclose(in);
    match_instance_free(NULL);
}

static void test_many_names_are_kept_apart(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    for (int i = 0; i < 5000; i++)
        fprintf(file, "l%d r%d %d\n", i, i, i + 1);
    fclose(file);
    struct match_faults faults;
    struct match_instance *instance = read_text(text, &faults);
    assert_non_null(instance);
    match_instance_solve(instance);
    assert_int_equal((int64_t)match_assignment_total(match_instance_assignment(instance)), 5000 * 5001 / 2);
    match_instance_free(instance);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_solves_and_writes_in_order_of_mention),
        cmocka_unit_test(test_capacities_apply_before_or_after_the_edges),
        cmocka_unit_test(test_large_weights_and_totals_are_exact),
        cmocka_unit_test(test_solving_twice_gives_the_same),
        cmocka_unit_test(test_each_faulty_line_is_named),
        cmocka_unit_test(test_long_names_and_zero_bytes_are_refused),
        cmocka_unit_test(test_all_faults_are_counted_and_twenty_kept),
        cmocka_unit_test(test_prices_prove_the_total),
        cmocka_unit_test(test_prices_cover_nodes_without_capacity),
        cmocka_unit_test(test_a_full_disk_is_reported),
        cmocka_unit_test(test_a_directory_is_not_readable),
        cmocka_unit_test(test_many_names_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
