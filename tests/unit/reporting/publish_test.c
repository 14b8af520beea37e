/* Duos in all that is published of them: no small cell follows from the rest, whatever is added and
 * subtracted. */
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

#define PLACES  4
#define REASONS 3
#define BANDS   3
#define PRIME   INT64_C(1000003)

static unsigned seed = 7;

static int random_below(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)n);
}

/* The duos of a programme in a year, by municipality. */
struct year {
    size_t places, reasons;
    int before[PLACES], formed[PLACES], stopped[REASONS][PLACES], informal[PLACES], active[PLACES];
    int bands[BANDS + 1]; /* of those that ended; the first: not known */
};

enum { FORMED, ACTIVE, STOPPED, INFORMAL, TABLES };

struct publication {
    struct table of[TABLES];
    struct tables tables;
    struct day_group list[1 + REASONS + 1 + BANDS + 1];
    struct day_groups groups;
};

static int few(int most)
{
    return random_below(3) == 0 ? 0 : random_below(most);
}

static struct year random_year(void)
{
    struct year year = {.places = 1 + (size_t)random_below(PLACES),
                        .reasons = 1 + (size_t)random_below(REASONS)};
    int most = 2 + random_below(18);
    for (size_t place = 0; place < year.places; place++) {
        int ended = 0;
        year.before[place] = few(most);
        year.formed[place] = few(most);
        for (size_t reason = 0; reason < year.reasons; reason++)
            ended += year.stopped[reason][place] = few(most / 2 + 1);
        ended += year.informal[place] = few(most / 2 + 1);
        int lasts = year.before[place] + year.formed[place] - ended;
        year.before[place] += lasts < 0 ? -lasts : 0;
        year.active[place] = lasts < 0 ? 0 : lasts;
        for (int i = 0; i < ended; i++)
            year.bands[random_below(random_below(2) ? BANDS + 1 : 2)]++;
    }
    return year;
}

static void put(struct table *table, size_t row, size_t column, int n)
{
    table->amounts_e2[table_at(table, row, column)] += n * 100;
    table->parts[table_at(table, row, column)] += n;
}

static void fill_table(struct bus_arena *arena, struct table *table, enum reporting_figure figure,
                       size_t places, size_t reasons, int amounts[][PLACES])
{
    static const char *names[PLACES] = {"13011", "13029", "13019", "13004"};
    size_t all = (reasons + 1) * (places + 1);
    *table = (struct table){.programme = "p",
                            .action = 5,
                            .figure = figure,
                            .reasons = bus_alloc_array(arena, reasons, sizeof *table->reasons),
                            .places = names,
                            .rows = reasons,
                            .columns = places,
                            .amounts_e2 = bus_alloc_array(arena, all, sizeof *table->amounts_e2),
                            .parts = bus_alloc_array(arena, all, sizeof *table->parts),
                            .hidden = bus_alloc_array(arena, all, sizeof *table->hidden)};
    for (size_t row = 0; row < reasons || row == 0; row++) {
        for (size_t place = 0; place < places; place++) {
            int n = amounts[row][place];
            put(table, reasons, place, n);
            put(table, reasons, places, n);
            if (reasons > 0) {
                table->reasons[row] = (enum common_stop_reason)(row + 1);
                put(table, row, place, n);
                put(table, row, places, n);
            }
        }
    }
}

static void add_group(struct publication *publication, const char *reason, int64_t band, int64_t n)
{
    if (n > 0)
        publication->list[publication->groups.n++] =
            (struct day_group){.programme = "p", .reason = reason, .band = band, .days = {.n = n}};
}

static void fill(struct bus_arena *arena, struct year *year, struct publication *ret)
{
    *ret = (struct publication){.tables = {ret->of, TABLES}, .groups = {.groups = ret->list}};
    fill_table(arena, &ret->of[FORMED], REPORTING_FIGURE_DUOS_FORMED, year->places, 0, &year->formed);
    fill_table(arena, &ret->of[ACTIVE], REPORTING_FIGURE_DUOS_ACTIVE, year->places, 0, &year->active);
    fill_table(arena, &ret->of[STOPPED], REPORTING_FIGURE_DUOS_STOPPED, year->places, year->reasons,
               year->stopped);
    fill_table(arena, &ret->of[INFORMAL], REPORTING_FIGURE_DUOS_INFORMAL, year->places, 0, &year->informal);
    const struct table *stopped = &ret->of[STOPPED], *informal = &ret->of[INFORMAL];
    int64_t friends = informal->parts[table_at(informal, 0, year->places)];
    add_group(ret, NULL, BAND_ALL, stopped->parts[table_at(stopped, year->reasons, year->places)] + friends);
    add_group(ret, "", BAND_ALL, friends);
    for (size_t row = 0; row < year->reasons; row++)
        add_group(ret, bus_word(common_stop_reason_words, (int)row + 1), BAND_ALL,
                  stopped->parts[table_at(stopped, row, year->places)]);
    for (int band = 0; band <= BANDS; band++)
        add_group(ret, NULL, band, year->bands[band]);
}

/* What a reader knows: equations of what is hidden, modulo a prime. */
#define UNKNOWNS  160
#define EQUATIONS 120
struct known {
    int64_t of[EQUATIONS][UNKNOWNS];
    size_t n;
};

/* Unknowns: the cells of the tables, then the groups, then who was active before. */
static size_t cell_of(const struct publication *publication, size_t table, size_t row, size_t column)
{
    size_t first = 0;
    for (size_t i = 0; i < table; i++)
        first += (publication->of[i].rows + 1) * (publication->of[i].columns + 1);
    return first + table_at(&publication->of[table], row, column);
}

static size_t group_of(const struct publication *publication, size_t group)
{
    return cell_of(publication, TABLES, 0, 0) + group;
}

static void know_cell(const struct publication *p, struct known *known, size_t table, size_t row,
                      size_t column, int sign)
{
    const struct table *of = &p->of[table];
    size_t at = table_at(of, row, column);
    if (of->amounts_e2[at] != 0 && of->hidden[at])
        known->of[known->n][cell_of(p, table, row, column)] = (sign + PRIME) % PRIME;
}

static bool shows_group(const struct day_group *group)
{
    return !group->hidden && group->band != BAND_UNKNOWN && !(group->reason && !group->reason[0]);
}

static void know_group(const struct publication *p, struct known *known, size_t group, int sign)
{
    if (!shows_group(&p->list[group]))
        known->of[known->n][group_of(p, group)] = (sign + PRIME) % PRIME;
}

static void know_tables(const struct publication *p, struct known *known)
{
    for (size_t t = 0; t < TABLES; t++) {
        size_t rows = p->of[t].rows, columns = p->of[t].columns;
        for (size_t row = 0; row <= rows; row++, known->n++) {
            for (size_t column = 0; column < columns; column++)
                know_cell(p, known, t, row, column, 1);
            know_cell(p, known, t, row, columns, -1);
        }
        for (size_t column = 0; rows > 0 && column <= columns; column++, known->n++) {
            for (size_t row = 0; row < rows; row++)
                know_cell(p, known, t, row, column, 1);
            know_cell(p, known, t, rows, column, -1);
        }
    }
}

/* A small number of the year before is not known; any other may be. */
static void know_places(const struct publication *p, const struct year *year, struct known *known)
{
    for (size_t place = 0; place < year->places; place++, known->n++) {
        know_cell(p, known, FORMED, 0, place, 1);
        know_cell(p, known, ACTIVE, 0, place, -1);
        know_cell(p, known, STOPPED, year->reasons, place, -1);
        know_cell(p, known, INFORMAL, 0, place, -1);
        if (year->before[place] > 0 && year->before[place] < 5)
            known->of[known->n][group_of(p, p->groups.n) + place] = 1;
    }
}

static void know_groups(const struct publication *p, const struct year *year, struct known *known)
{
    for (size_t i = 0; i < p->groups.n; i++) {
        const struct day_group *group = &p->list[i];
        if (!group->reason && group->band == BAND_ALL) {
            know_group(p, known, i, -1);
            know_cell(p, known, STOPPED, year->reasons, year->places, 1);
            know_cell(p, known, INFORMAL, 0, year->places, 1);
            known->n++;
            for (size_t j = 0; j < p->groups.n; j++)
                know_group(p, known, j, i == j ? -1 : p->list[j].reason ? 0 : 1);
            known->n++;
        } else if (group->reason) {
            size_t row =
                group->reason[0] ? (size_t)bus_word_value(common_stop_reason_words, group->reason) - 1 : 0;
            know_group(p, known, i, -1);
            know_cell(p, known, group->reason[0] ? STOPPED : INFORMAL, row, year->places, 1);
            known->n++;
        }
    }
}

static int64_t inverse(int64_t value)
{
    int64_t result = 1;
    for (int64_t power = PRIME - 2; power > 0; power /= 2, value = value * value % PRIME)
        if (power % 2)
            result = result * value % PRIME;
    return result;
}

static void subtract(int64_t *from, const int64_t *row, int64_t times)
{
    for (size_t i = 0; i < UNKNOWNS; i++)
        from[i] = ((from[i] - times * row[i]) % PRIME + PRIME) % PRIME;
}

/* Gauss: afterwards an unknown that can be worked out stands alone in an equation. */
static void solve(struct known *known)
{
    size_t done = 0;
    for (size_t unknown = 0; unknown < UNKNOWNS && done < known->n; unknown++) {
        size_t at = done;
        while (at < known->n && known->of[at][unknown] == 0)
            at++;
        if (at == known->n)
            continue;
        int64_t row[UNKNOWNS];
        memcpy(row, known->of[at], sizeof row);
        memcpy(known->of[at], known->of[done], sizeof row);
        memset(known->of[done], 0, sizeof row);
        subtract(known->of[done], row, PRIME - inverse(row[unknown]));
        for (size_t i = 0; i < known->n; i++)
            if (i != done && known->of[i][unknown] != 0)
                subtract(known->of[i], known->of[done], known->of[i][unknown]);
        done++;
    }
}

static bool is_worked_out(const struct known *known, size_t unknown)
{
    for (size_t i = 0; i < known->n; i++) {
        size_t others = 0;
        for (size_t j = 0; j < UNKNOWNS; j++)
            others += j != unknown && known->of[i][j] != 0;
        if (known->of[i][unknown] != 0 && others == 0)
            return true;
    }
    return false;
}

static void assert_nothing_small_is_told(const struct publication *p, const struct year *year)
{
    static struct known known;
    memset(&known, 0, sizeof known);
    know_tables(p, &known);
    know_places(p, year, &known);
    know_groups(p, year, &known);
    assert_true(known.n <= EQUATIONS && group_of(p, p->groups.n) + PLACES <= UNKNOWNS);
    solve(&known);
    for (size_t t = 0; t < TABLES; t++)
        for (size_t at = 0; at < (p->of[t].rows + 1) * (p->of[t].columns + 1); at++)
            if (cell_is_small(p->of[t].amounts_e2[at], 0)) {
                assert_true(p->of[t].hidden[at]);
                assert_false(is_worked_out(&known, cell_of(p, t, 0, 0) + at));
            }
    for (size_t i = 0; i < p->groups.n; i++)
        if (p->list[i].days.n < 5) {
            assert_false(shows_group(&p->list[i]));
            assert_false(is_worked_out(&known, group_of(p, i)));
        }
}

static void test_nothing_small_follows_from_all_that_is_published(void **state)
{
    (void)state;
    for (int round = 0; round < 1500; round++) {
        AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
        struct publication publication;
        struct year year = random_year();
        fill(arena, &year, &publication);
        publish(arena, &publication.tables, &publication.groups);
        assert_nothing_small_is_told(&publication, &year);
    }
}

static struct publication *published(struct bus_arena *arena, struct year year)
{
    struct publication *publication = bus_alloc(arena, sizeof *publication);
    fill(arena, &year, publication);
    publish(arena, &publication->tables, &publication->groups);
    assert_nothing_small_is_told(publication, &year);
    return publication;
}

static void test_large_numbers_are_all_shown(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    const struct publication *p = published(arena, (struct year){.places = 1,
                                                                 .reasons = 1,
                                                                 .formed = {30},
                                                                 .stopped = {{10}},
                                                                 .informal = {8},
                                                                 .active = {12},
                                                                 .bands = {0, 7, 11}});
    for (size_t t = 0; t < TABLES; t++)
        assert_false(p->of[t].hidden[table_at(&p->of[t], p->of[t].rows, 0)]);
    for (size_t i = 0; i < p->groups.n; i++)
        assert_false(p->list[i].hidden);
}

/* A reason that is left out of the report is left out of the days, and the other way round. */
static void test_a_reason_is_left_out_of_both(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    const struct publication *p = published(arena, (struct year){.places = 1,
                                                                 .reasons = 2,
                                                                 .formed = {34},
                                                                 .stopped = {{3}, {6}},
                                                                 .informal = {5},
                                                                 .active = {20},
                                                                 .bands = {0, 14}});
    for (size_t i = 0; i < p->groups.n; i++)
        assert_int_equal(p->list[i].hidden, p->list[i].reason && p->list[i].reason[0]);
}

/* What was corrected is in the days alone, and could be set against the report. */
static void test_days_that_count_otherwise_are_left_out(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct publication p;
    fill(arena,
         &(struct year){
             .places = 1, .reasons = 1, .formed = {30}, .stopped = {{10}}, .active = {20}, .bands = {0, 10}},
         &p);
    for (size_t i = 0; i < p.groups.n; i++)
        p.list[i].days.n += 3;
    publish(arena, &p.tables, &p.groups);
    for (size_t i = 0; i < p.groups.n; i++)
        assert_true(p.list[i].hidden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_small_follows_from_all_that_is_published),
        cmocka_unit_test(test_large_numbers_are_all_shown),
        cmocka_unit_test(test_a_reason_is_left_out_of_both),
        cmocka_unit_test(test_days_that_count_otherwise_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
