/* Sheets as CSV and as a workbook. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/reporting/csv_out.h"
#include "../../../services/reporting/words_nl.h"
#include "../../../services/reporting/xlsx_out.h"

static struct cell text(const char *value)
{
    return (struct cell){.kind = CELL_TEXT, .text = value};
}

static struct cell number(double value)
{
    return (struct cell){.kind = CELL_NUMBER, .number = value};
}

static struct sheet two_columns(struct cell (*rows)[SHEET_COLUMNS], size_t n)
{
    return (struct sheet){
        .title = "Blad", .headers = {"A", "B"}, .widths = {10, 10}, .columns = 2, .rows = rows, .rows_n = n};
}

static char *csv_of(const struct sheet *sheets, size_t n)
{
    struct bus_buffer out = {0};
    csv_write(sheets, n, &out);
    bus_buffer_add(&out, "", 1);
    return (char *)out.data;
}

static void test_lines_are_equally_wide(void **state)
{
    (void)state;
    struct cell rows[1][SHEET_COLUMNS] = {{text("x"), number(2.5)}};
    struct sheet sheets[] = {two_columns(rows, 1), two_columns(rows, 0)};
    char *csv = csv_of(sheets, 2);
    assert_string_equal(csv, "\xEF\xBB\xBF"
                             "Blad;;;;;;;;;\r\nA;B;;;;;;;;\r\nx;2,5;;;;;;;;\r\n;;;;;;;;;\r\n"
                             "Blad;;;;;;;;;\r\nA;B;;;;;;;;\r\n");
    free(csv);
}

static void test_formulas_are_disarmed_and_numbers_are_not(void **state)
{
    (void)state;
    struct cell rows[5][SHEET_COLUMNS] = {{text("=1+1"), number(-3)},
                                          {text("-x"), number(1000)},
                                          {text("@a;b"), number(0)},
                                          {text("say \"hi\""), number(0.25)},
                                          {text("a;b"), {0}}};
    struct sheet sheet = two_columns(rows, 5);
    char *csv = csv_of(&sheet, 1);
    assert_non_null(strstr(csv, "\r\n\"'=1+1\";-3;"));
    assert_non_null(strstr(csv, "\r\n\"'-x\";1000;"));
    assert_non_null(strstr(csv, "\r\n\"'@a;b\";0;"));
    assert_non_null(strstr(csv, "\r\n\"say \"\"hi\"\"\";0,25;"));
    assert_non_null(strstr(csv, "\r\n\"a;b\";;"));
    free(csv);
}

static void test_a_workbook_is_the_same_every_time(void **state)
{
    (void)state;
    struct cell rows[1][SHEET_COLUMNS] = {{text("=1+1"), number(2.5)}};
    struct sheet sheet = two_columns(rows, 1);
    struct bus_error err = {0};
    struct bus_buffer first = {0}, second = {0}, other = {0};
    assert_int_equal(xlsx_write(&sheet, 1, "Test", 1700000000000000, &first, &err), BUS_OK);
    assert_int_equal(xlsx_write(&sheet, 1, "Test", 1700000000000000, &second, &err), BUS_OK);
    assert_true(first.size > 1000);
    assert_memory_equal(first.data, "PK\x03\x04", 4);
    assert_true(bus_bytes_equal(bus_buffer_bytes(&first), bus_buffer_bytes(&second)));
    rows[0][1].number = 3;
    assert_int_equal(xlsx_write(&sheet, 1, "Test", 1700000000000000, &other, &err), BUS_OK);
    assert_false(bus_bytes_equal(bus_buffer_bytes(&first), bus_buffer_bytes(&other)));
    bus_buffer_done(&first);
    bus_buffer_done(&second);
    bus_buffer_done(&other);
}

static void test_every_word_has_a_dutch_one(void **state)
{
    (void)state;
    for (int i = 0; reporting_figure_words[i]; i++)
        assert_string_not_equal(figure_nl((enum reporting_figure)(i + 1)), figure_nl(REPORTING_FIGURE_NONE));
    for (int i = 0; reporting_unit_words[i]; i++)
        assert_string_not_equal(unit_nl((enum reporting_unit)(i + 1)), unit_nl(REPORTING_UNIT_NONE));
    for (int i = 0; reporting_distance_band_words[i]; i++)
        assert_string_not_equal(distance_band_nl((enum reporting_distance_band)(i + 1)),
                                distance_band_nl(REPORTING_DISTANCE_BAND_NONE));
    assert_string_equal(stop_reason_nl(COMMON_STOP_REASON_MOVED), "Verhuisd");
    assert_string_equal(stop_reason_nl(COMMON_STOP_REASON_OTHER), "Andere reden");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_equally_wide),
        cmocka_unit_test(test_formulas_are_disarmed_and_numbers_are_not),
        cmocka_unit_test(test_a_workbook_is_the_same_every_time),
        cmocka_unit_test(test_every_word_has_a_dutch_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
