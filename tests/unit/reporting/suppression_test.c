/* What may be published: small cells, and cells that would tell of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bus/status.h"

#include "../../../services/reporting/suppression.h"

#define CELLS 100

/* A table with its totals, which come last in each row and column. */
struct grid {
    size_t rows, columns;
    int amounts[CELLS];
    bool hidden[CELLS];
};

static size_t all_of(const struct grid *grid)
{
    return (grid->rows + 1) * (grid->columns + 1);
}

static void add(struct network *network, struct grid *grid, size_t at, size_t from, size_t to, bool total)
{
    network_add(network, from, to,
                &(struct network_cell){
                    .amount_e2 = grid->amounts[at] * 100, .total = total, .hidden = &grid->hidden[at]});
}

static void suppress(struct grid *grid, const int *cells)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct network *network = network_new(arena);
    size_t width = grid->columns + 1, sums[2][CELLS];
    memset(grid->amounts, 0, sizeof grid->amounts);
    memset(grid->hidden, 0, sizeof grid->hidden);
    for (size_t i = 0; i < grid->rows * grid->columns; i++) {
        size_t row = i / grid->columns, column = i % grid->columns;
        grid->amounts[row * width + column] = cells[i];
        grid->amounts[row * width + grid->columns] += cells[i];
        grid->amounts[grid->rows * width + column] += cells[i];
        grid->amounts[grid->rows * width + grid->columns] += cells[i];
    }
    for (size_t i = 0; i <= grid->rows || i <= grid->columns; i++)
        sums[0][i] = network_sum(network), sums[1][i] = network_sum(network);
    /* Rows come out of the last of the first, columns go into the last of the others. */
    for (size_t at = 0; at < all_of(grid); at++) {
        size_t row = at / width, column = at % width;
        bool row_total = column == grid->columns, column_total = row == grid->rows;
        size_t of_row = sums[0][row], of_column = sums[1][column];
        if (row_total && column_total)
            add(network, grid, at, of_column, of_row, true);
        else if (row_total)
            add(network, grid, at, sums[0][grid->rows], of_row, true);
        else if (column_total)
            add(network, grid, at, of_column, sums[1][grid->columns], true);
        else
            add(network, grid, at, of_row, of_column, false);
    }
    network_suppress(network);
}

/* A list as it is shown, its total last: x is hidden. */
static const char *list(size_t n, const int *cells)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    static char shown[CELLS];
    bool hidden[CELLS] = {false};
    struct network *network = network_new(arena);
    size_t parts = network_sum(network), total = network_sum(network);
    int sum = 0;
    for (size_t i = 0; i <= n; i++) {
        struct network_cell cell = {
            .amount_e2 = (i < n ? cells[i] : sum) * 100, .total = i == n, .hidden = &hidden[i]};
        network_add(network, i < n ? parts : total, i < n ? total : parts, &cell);
        sum += i < n ? cells[i] : 0;
    }
    network_suppress(network);
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

static void test_a_cell_below_nothing_is_guarded_too(void **state)
{
    (void)state;
    assert_string_equal(LIST(-3, 20, 9), "x.x.");
}

/* Many hours of few are as small as few hours. */
static void test_hours_of_few_take_others_along(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct network *network = network_new(arena);
    size_t parts = network_sum(network), total = network_sum(network);
    bool hidden[3] = {false};
    network_add(network, parts, total,
                &(struct network_cell){.amount_e2 = 9000, .parts = 3, .hidden = &hidden[0]});
    network_add(network, parts, total,
                &(struct network_cell){.amount_e2 = 4000, .parts = 20, .hidden = &hidden[1]});
    network_add(network, total, parts,
                &(struct network_cell){.amount_e2 = 13000, .parts = 23, .total = true, .hidden = &hidden[2]});
    network_suppress(network);
    assert_true(hidden[0] && hidden[1] && !hidden[2]);
}

/* What is told elsewhere does not hide anything: the total has to. */
static void test_what_is_told_elsewhere_is_no_help(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct network *network = network_new(arena);
    size_t parts = network_sum(network), total = network_sum(network);
    bool hidden[3] = {false};
    network_add(network, parts, total, &(struct network_cell){.amount_e2 = 300, .hidden = &hidden[0]});
    network_add(network, parts, total,
                &(struct network_cell){.amount_e2 = 2000, .told = true, .hidden = &hidden[1]});
    network_add(network, total, parts,
                &(struct network_cell){.amount_e2 = 2300, .total = true, .hidden = &hidden[2]});
    network_suppress(network);
    assert_true(hidden[0] && !hidden[1] && hidden[2]);
}

static bool is_small(const struct grid *grid, size_t at)
{
    return grid->amounts[at] > 0 && grid->amounts[at] < 5;
}

/* Whether the lines of a grid, added and subtracted, leave the cell alone: they do when no other hidden cells
 * lead from its row to its column. */
static bool can_be_worked_out(const struct grid *grid, size_t cell)
{
    size_t width = grid->columns + 1;
    bool row_seen[CELLS] = {false}, column_seen[CELLS] = {false};
    row_seen[cell / width] = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t at = 0; at < all_of(grid); at++) {
            bool *row = &row_seen[at / width], *column = &column_seen[at % width];
            if (!grid->hidden[at] || at == cell || *row == *column)
                continue;
            *row = *column = more = true;
        }
    }
    return !column_seen[cell % width];
}

/* Of what is hidden in a line with a total that is shown, there are five at least. */
static void assert_lines_hide_enough(const struct grid *grid)
{
    size_t width = grid->columns + 1;
    for (size_t row = 0; row <= grid->rows; row++) {
        int sum = 0;
        for (size_t column = 0; column < grid->columns; column++)
            sum += grid->hidden[row * width + column] ? grid->amounts[row * width + column] : 0;
        assert_true(sum == 0 || sum >= 5 || grid->hidden[row * width + grid->columns]);
    }
    for (size_t column = 0; column <= grid->columns; column++) {
        int sum = 0;
        for (size_t row = 0; row < grid->rows; row++)
            sum += grid->hidden[row * width + column] ? grid->amounts[row * width + column] : 0;
        assert_true(sum == 0 || sum >= 5 || grid->hidden[grid->rows * width + column]);
    }
}

static unsigned seed = 20241;

static int random_below(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)n);
}

static struct grid random_grid(int rows, int columns, int most)
{
    int cells[CELLS], empty = random_below(80);
    struct grid grid = {.rows = (size_t)rows, .columns = (size_t)columns};
    for (int i = 0; i < rows * columns; i++)
        cells[i] = random_below(100) < empty ? 0 : 1 + random_below(most);
    suppress(&grid, cells);
    return grid;
}

static void test_no_small_cell_of_a_table_can_be_worked_out(void **state)
{
    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct grid grid = random_grid(1 + random_below(7), 1 + random_below(8), 25);
        for (size_t at = 0; at < all_of(&grid); at++)
            if (is_small(&grid, at)) {
                assert_true(grid.hidden[at]);
                assert_false(can_be_worked_out(&grid, at));
            }
        assert_lines_hide_enough(&grid);
    }
}

/* Every table that someone could think of who sees only what is shown: all in which hidden cells are 1 at
 * least, and so many that all of the shown ones are right. */
struct guess {
    const struct grid *grid;
    int cells[4], least[CELLS], most[CELLS];
};

static void note_guess(struct guess *guess)
{
    const int *c = guess->cells;
    const int all[9] = {c[0],        c[1],        c[0] + c[1],
                        c[2],        c[3],        c[2] + c[3],
                        c[0] + c[2], c[1] + c[3], c[0] + c[1] + c[2] + c[3]};
    for (int at = 0; at < 9; at++)
        if (guess->grid->hidden[at] ? all[at] < 1 : all[at] != guess->grid->amounts[at])
            return;
    for (int at = 0; at < 9; at++) {
        guess->least[at] = guess->least[at] == 0 || all[at] < guess->least[at] ? all[at] : guess->least[at];
        guess->most[at] = all[at] > guess->most[at] ? all[at] : guess->most[at];
    }
}

static void guess_all(struct guess *guess, int cell)
{
    static const int places[4] = {0, 1, 3, 4};
    if (cell == 4) {
        note_guess(guess);
        return;
    }
    bool hidden = guess->grid->hidden[places[cell]];
    int amount = guess->grid->amounts[places[cell]];
    for (int value = hidden ? 1 : amount; value <= (hidden ? 14 : amount); value++) {
        guess->cells[cell] = value;
        guess_all(guess, cell + 1);
    }
}

static void test_no_small_cell_of_a_small_table_can_be_guessed(void **state)
{
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct grid grid = random_grid(2, 2, 1 + random_below(9));
        struct guess guess = {.grid = &grid};
        guess_all(&guess, 0);
        for (size_t at = 0; at < all_of(&grid); at++)
            assert_true(!is_small(&grid, at) || guess.least[at] < guess.most[at]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_cells),
        cmocka_unit_test(test_a_lone_hidden_cell_takes_the_smallest_other_along),
        cmocka_unit_test(test_hidden_cells_that_leave_no_room_take_another_along),
        cmocka_unit_test(test_a_small_total_is_hidden_with_all_under_it),
        cmocka_unit_test(test_a_cell_below_nothing_is_guarded_too),
        cmocka_unit_test(test_hours_of_few_take_others_along),
        cmocka_unit_test(test_what_is_told_elsewhere_is_no_help),
        cmocka_unit_test(test_no_small_cell_of_a_table_can_be_worked_out),
        cmocka_unit_test(test_no_small_cell_of_a_small_table_can_be_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
