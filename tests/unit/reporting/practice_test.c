/* Persons, attendances, guests and hours in one published report: whoever reads all four, knows how long the
 * sessions took and tries every table there could be finds several numbers for each cell that is small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/reporting/publish.h"
#include "../../../services/reporting/suppression.h"

#define PLACES 3
#define CELLS  (PLACES + 1) /* the last is the total */

enum { ATTENDANCES, GUESTS, PERSONS, HOURS, FIGURES };

static unsigned seed = 20251;

static int random_below(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)n);
}

/* A year as it was, and what is seen of it. */
struct year {
    int amounts[FIGURES][CELLS], results[CELLS]; /* of hours */
    int takes[PLACES];                           /* a session, in half hours, as `amounts` of hours are */
    bool hidden[FIGURES][CELLS];
    struct table tables[FIGURES];
    const char *places[PLACES];
    int64_t amounts_e2[FIGURES][CELLS], parts[FIGURES][CELLS];
};

static void add_up(int amounts[CELLS])
{
    amounts[PLACES] = 0;
    for (int place = 0; place < PLACES; place++)
        amounts[PLACES] += amounts[place];
}

/* From how many came and how many guests were brought, in how many sessions. */
static void complete(struct year *year, const int sessions[PLACES])
{
    for (int place = 0; place < PLACES; place++) {
        int came = year->amounts[ATTENDANCES][place], guests = year->amounts[GUESTS][place];
        year->amounts[HOURS][place] = (came + guests) * year->takes[place];
        year->results[place] = came + (guests < sessions[place] ? guests : sessions[place]);
    }
    add_up(year->results);
    for (int figure = 0; figure < FIGURES; figure++)
        add_up(year->amounts[figure]);
}

static void publish_year(struct year *year)
{
    static const enum reporting_figure figures[FIGURES] = {
        REPORTING_FIGURE_PRACTICE_ATTENDANCES, REPORTING_FIGURE_PRACTICE_GUESTS,
        REPORTING_FIGURE_PRACTICE_PERSONS, REPORTING_FIGURE_HOURS};
    static const char *places[PLACES] = {"13011", "13029", "13019"};
    for (int figure = 0; figure < FIGURES; figure++) {
        for (int cell = 0; cell < CELLS; cell++) {
            year->amounts_e2[figure][cell] = year->amounts[figure][cell] * (figure == HOURS ? 50 : 100);
            year->parts[figure][cell] = figure == HOURS ? year->results[cell] : year->amounts[figure][cell];
        }
        year->tables[figure] = (struct table){.programme = "p",
                                              .action = 5,
                                              .figure = figures[figure],
                                              .places = places,
                                              .columns = PLACES,
                                              .amounts_e2 = year->amounts_e2[figure],
                                              .parts = year->parts[figure],
                                              .hidden = year->hidden[figure]};
    }
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    publish(arena, &(struct tables){year->tables, FIGURES}, &(struct day_groups){0});
}

/* What a reader tries: a number for each cell, figure by figure. */
struct guess {
    const struct year *year;
    int amounts[FIGURES][CELLS];
    bool several[FIGURES][CELLS];
};

/* What is nothing is known to be nothing, and what is hidden to be something. */
static bool looks_right(const struct guess *guess, int figure, int cell)
{
    int is = guess->year->amounts[figure][cell], guessed = guess->amounts[figure][cell];
    return guess->year->hidden[figure][cell] ? guessed > 0 : guessed == is;
}

static bool hours_look_right(struct guess *guess)
{
    bool right = true;
    for (int place = 0; place < PLACES; place++)
        guess->amounts[HOURS][place] =
            (guess->amounts[ATTENDANCES][place] + guess->amounts[GUESTS][place]) * guess->year->takes[place];
    add_up(guess->amounts[HOURS]);
    for (int cell = 0; cell < CELLS; cell++)
        right &= looks_right(guess, HOURS, cell);
    return right;
}

static void note(struct guess *guess)
{
    for (int figure = 0; figure < FIGURES; figure++)
        for (int cell = 0; cell < CELLS; cell++)
            guess->several[figure][cell] |=
                guess->amounts[figure][cell] != guess->year->amounts[figure][cell];
}

static bool is_small(const struct year *year, int figure, int cell)
{
    return cell_is_small(year->amounts_e2[figure][cell], figure == HOURS ? year->results[cell] : 0);
}

static bool all_several(const struct guess *guess)
{
    for (int figure = 0; figure < FIGURES; figure++)
        for (int cell = 0; cell < CELLS; cell++)
            if (is_small(guess->year, figure, cell) && !guess->several[figure][cell])
                return false;
    return true;
}

static void try_all(struct guess *guess, int figure, int place)
{
    if (all_several(guess))
        return;
    if (place == PLACES) {
        add_up(guess->amounts[figure]);
        if (!looks_right(guess, figure, PLACES) || (figure == GUESTS && !hours_look_right(guess)))
            return;
        if (figure == PERSONS)
            note(guess);
        else
            try_all(guess, figure + 1, 0);
        return;
    }
    int is = guess->year->amounts[figure][place], most = is + 4;
    if (!guess->year->hidden[figure][place]) {
        guess->amounts[figure][place] = is;
        if (figure != PERSONS || is <= guess->amounts[ATTENDANCES][place])
            try_all(guess, figure, place + 1);
        return;
    }
    if (figure == PERSONS && most > guess->amounts[ATTENDANCES][place])
        most = guess->amounts[ATTENDANCES][place];
    for (int amount = 1; amount <= most; amount++) {
        guess->amounts[figure][place] = amount;
        try_all(guess, figure, place + 1);
    }
}

static void assert_nothing_small_is_told(const struct year *year)
{
    struct guess guess = {.year = year};
    try_all(&guess, ATTENDANCES, 0);
    for (int figure = 0; figure < FIGURES; figure++)
        for (int cell = 0; cell < CELLS; cell++)
            if (is_small(year, figure, cell)) {
                assert_true(year->hidden[figure][cell]);
                assert_true(guess.several[figure][cell]);
            }
}

static int few(int most)
{
    return random_below(3) == 0 ? 0 : random_below(most);
}

static struct year random_year(void)
{
    struct year year = {0};
    int sessions[PLACES], takes = 1 + random_below(3), most = 3 + random_below(12);
    bool once = random_below(3) == 0, alike = random_below(3) > 0;
    for (int place = 0; place < PLACES; place++) {
        int came = few(most);
        year.amounts[ATTENDANCES][place] = came;
        year.amounts[GUESTS][place] = few(most);
        year.amounts[PERSONS][place] = came == 0 || once ? came : 1 + random_below(came);
        year.takes[place] = alike ? takes : 1 + random_below(3);
        sessions[place] = 1 + random_below(6);
    }
    complete(&year, sessions);
    publish_year(&year);
    return year;
}

static void test_nothing_small_can_be_guessed(void **state)
{
    (void)state;
    for (int round = 0; round < 12000; round++) {
        struct year year = random_year();
        assert_nothing_small_is_told(&year);
    }
}

static struct year year_of(const int came[PLACES], const int guests[PLACES], const int sessions[PLACES])
{
    struct year year = {.takes = {2, 2, 2}};
    memcpy(year.amounts[ATTENDANCES], came, PLACES * sizeof *came);
    memcpy(year.amounts[PERSONS], came, PLACES * sizeof *came);
    memcpy(year.amounts[GUESTS], guests, PLACES * sizeof *guests);
    complete(&year, sessions);
    publish_year(&year);
    return year;
}

static const char *shown(const struct year *year, int figure)
{
    static char text[CELLS + 1];
    for (int cell = 0; cell < CELLS; cell++)
        text[cell] = year->hidden[figure][cell] ? 'x' : '.';
    return text;
}

static void test_large_numbers_are_all_shown(void **state)
{
    (void)state;
    struct year year = year_of((int[]){20, 8, 6}, (int[]){0, 10, 0}, (int[]){5, 5, 5});
    for (int figure = 0; figure < FIGURES; figure++)
        assert_string_equal(shown(&year, figure), "....");
}

/* The hours of few who came, less the guests who are shown, would be those who came. */
static void test_hours_follow_who_came(void **state)
{
    (void)state;
    struct year year = year_of((int[]){20, 3, 6}, (int[]){0, 0, 40}, (int[]){0, 0, 4});
    assert_string_equal(shown(&year, ATTENDANCES), ".xx.");
    assert_string_equal(shown(&year, PERSONS), ".xx.");
    assert_string_equal(shown(&year, HOURS), ".xx.");
    assert_string_equal(shown(&year, GUESTS), "....");
}

/* Few guests hide nobody who came: the hours go with them, and their total too. */
static void test_few_guests_hide_no_attendances(void **state)
{
    (void)state;
    struct year year = year_of((int[]){20, 30, 60}, (int[]){0, 3, 0}, (int[]){0, 2, 0});
    assert_string_equal(shown(&year, ATTENDANCES), "....");
    assert_string_equal(shown(&year, GUESTS), ".x.x");
    assert_string_equal(shown(&year, HOURS), ".x.x");
}

/* Forty guests in four sessions: hours of four results. */
static void test_hours_of_few_results_are_hidden(void **state)
{
    (void)state;
    struct year year = year_of((int[]){20, 0, 6}, (int[]){0, 40, 0}, (int[]){0, 4, 0});
    assert_true(year.hidden[HOURS][1] && year.hidden[GUESTS][1]);
    assert_nothing_small_is_told(&year);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_small_can_be_guessed),
        cmocka_unit_test(test_large_numbers_are_all_shown),
        cmocka_unit_test(test_hours_follow_who_came),
        cmocka_unit_test(test_few_guests_hide_no_attendances),
        cmocka_unit_test(test_hours_of_few_results_are_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
