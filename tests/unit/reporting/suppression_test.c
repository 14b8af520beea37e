/* What may be published: small cells, and cells that would tell of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/reporting/suppression.h"

#define CELLS 64

/* A table from its cells, with totals, as it is hidden: "3x 10" is a hidden 3 and a shown 10. */
static void suppress(size_t rows, size_t columns, const int *cells, bool hidden[CELLS])
{
    int64_t amounts_e2[CELLS] = {0};
    size_t width = columns + 1;
    for (size_t i = 0; i < rows * columns; i++) {
        size_t row = i / columns, column = i % columns;
        int64_t amount_e2 = cells[i] * 100;
        amounts_e2[row * width + column] += amount_e2;
        amounts_e2[row * width + columns] += amount_e2;
        amounts_e2[rows * width + column] += amount_e2;
        amounts_e2[rows * width + columns] += amount_e2;
    }
    for (size_t i = 0; i < (rows + 1) * width; i++)
        hidden[i] = cell_is_small(amounts_e2[i], 0);
    grid_suppress(&(struct grid){rows, columns, amounts_e2, hidden});
}

static const char *list(size_t n, const int *cells)
{
    static char shown[CELLS];
    bool hidden[CELLS];
    suppress(1, n, cells, hidden);
    for (size_t i = 0; i <= n; i++)
        shown[i] = hidden[i] ? 'x' : '.';
    shown[n + 1] = '\0';
    return shown;
}
#define LIST(...) list(sizeof((int[]){__VA_ARGS__}) / sizeof(int), (int[]){__VA_ARGS__})

static void test_small_cells(void **state)
{
    (void)state;
    assert_false(cell_is_small(0, 0));
    assert_true(cell_is_small(100, 0));
    assert_true(cell_is_small(499, 0));
    assert_false(cell_is_small(500, 0));
    assert_true(cell_is_small(-100, 0));
    assert_true(cell_is_small(10000, 4));
    assert_false(cell_is_small(10000, 5));
}

static void test_a_lone_hidden_cell_takes_the_smallest_other_along(void **state)
{
    (void)state;
    assert_string_equal(LIST(10, 20), "...");
    assert_string_equal(LIST(3, 20, 9), "x.x.");
    assert_string_equal(LIST(3, 20, 0), "xx..");
    assert_string_equal(LIST(3, 4, 20), "xx..");
}

static void test_hidden_cells_that_leave_no_room_take_another_along(void **state)
{
    (void)state;
    assert_string_equal(LIST(1, 1, 20, 30), "xxx..");
    assert_string_equal(LIST(1, 3, 20, 30), "xxx..");
    assert_string_equal(LIST(1, 1, 1, 1, 1, 30), "xxxxxx.");
}

static void test_a_small_total_is_hidden_with_all_under_it(void **state)
{
    (void)state;
    assert_string_equal(LIST(3), "xx");
    assert_string_equal(LIST(1, 2), "xxx");
    assert_string_equal(LIST(4, 4), "xx.");
    assert_string_equal(LIST(1, 1, 1, 1, 1), "xxxxxx");
    assert_string_equal(LIST(7), "..");
}

/* Every row and column, that of the totals too, hides nothing or at least two. */
static void assert_guarded(size_t rows, size_t columns, const int *cells, const bool *hidden)
{
    size_t width = columns + 1;
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++)
            if (cells[row * columns + column] > 0 && cells[row * columns + column] < 5)
                assert_true(hidden[row * width + column]);
    }
    for (size_t row = 0; row <= rows; row++) {
        int n = 0;
        for (size_t column = 0; column <= columns; column++)
            n += hidden[row * width + column];
        assert_int_not_equal(n, 1);
    }
    for (size_t column = 0; column <= columns; column++) {
        int n = 0;
        for (size_t row = 0; row <= rows; row++)
            n += hidden[row * width + column];
        assert_int_not_equal(n, 1);
    }
}

static void test_a_table_is_guarded_in_both_directions(void **state)
{
    (void)state;
    const int cells[] = {2, 10, 12, 20, 11, 13, 14, 15, 16};
    bool hidden[CELLS];
    suppress(3, 3, cells, hidden);
    assert_guarded(3, 3, cells, hidden);
    assert_true(hidden[0]);
    assert_false(hidden[15]);
}

static void test_any_table_is_guarded(void **state)
{
    (void)state;
    unsigned seed = 20241;
    for (int round = 0; round < 2000; round++) {
        int cells[30];
        bool hidden[CELLS];
        size_t rows = 1 + (size_t)round % 5, columns = 1 + (size_t)(round / 5) % 6;
        for (size_t i = 0; i < rows * columns; i++) {
            seed = seed * 1103515245u + 12345u;
            cells[i] = (int)(seed >> 16) % 12;
        }
        suppress(rows, columns, cells, hidden);
        assert_guarded(rows, columns, cells, hidden);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_cells),
        cmocka_unit_test(test_a_lone_hidden_cell_takes_the_smallest_other_along),
        cmocka_unit_test(test_hidden_cells_that_leave_no_room_take_another_along),
        cmocka_unit_test(test_a_small_total_is_hidden_with_all_under_it),
        cmocka_unit_test(test_a_table_is_guarded_in_both_directions),
        cmocka_unit_test(test_any_table_is_guarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
