/* See practice.h. In each municipality and in all of them
 *
 *     hours = how long a session takes × (attendances + guests),
 *     persons ≤ attendances, and as many when each came once.
 *
 * How long a session takes is no secret. So a municipality is hidden in persons and attendances alike, and in
 * hours where it is hidden in attendances or guests; what then is hidden in hours for their own sake is
 * hidden in the others too. Each is guarded again, until nothing changes: whoever takes one from a
 * municipality that is hidden and gives it to another has tables of all four that look the same. */
#include "practice.h"

#include <string.h>

#include "suppression.h"

enum { PERSONS, ATTENDANCES, GUESTS, HOURS, FIGURES };

static const enum reporting_figure figures[FIGURES] = {
    [PERSONS] = REPORTING_FIGURE_PRACTICE_PERSONS,
    [ATTENDANCES] = REPORTING_FIGURE_PRACTICE_ATTENDANCES,
    [GUESTS] = REPORTING_FIGURE_PRACTICE_GUESTS,
    [HOURS] = REPORTING_FIGURE_HOURS,
};

struct practice {
    const struct table *tables[FIGURES]; /* NULL: there is none */
    const char **places;                 /* of all four; the last is NULL, all together */
    size_t places_n;
};

bool is_about_practice(enum reporting_figure figure)
{
    for (size_t i = 0; i < FIGURES; i++)
        if (figures[i] == figure)
            return true;
    return false;
}

static void add_place(struct practice *practice, const char *nis)
{
    for (size_t i = 0; i < practice->places_n; i++)
        if (strcmp(practice->places[i], nis) == 0)
            return;
    practice->places[practice->places_n++] = nis;
}

static struct practice practice_of(struct bus_arena *arena, const struct tables *tables)
{
    struct practice practice = {0};
    size_t most = 1;
    for (size_t i = 0; i < tables->n; i++)
        most += tables->tables[i].columns;
    practice.places = bus_alloc_array(arena, most, sizeof *practice.places);
    for (size_t i = 0; i < tables->n; i++) {
        const struct table *table = &tables->tables[i];
        for (size_t figure = 0; figure < FIGURES; figure++)
            if (table->figure == figures[figure])
                practice.tables[figure] = table;
        for (size_t column = 0; is_about_practice(table->figure) && column < table->columns; column++)
            add_place(&practice, table->places[column]);
    }
    practice.places[practice.places_n++] = NULL;
    return practice;
}

/* The place of a cell in a table, its total for NULL; false when it is nothing, and so hides nothing. */
static bool find_cell(const struct table *table, const char *nis, size_t *ret_at)
{
    size_t column = 0;
    while (table && column < table->columns && (!nis || strcmp(table->places[column], nis) != 0))
        column++;
    if (!table || (nis && column == table->columns))
        return false;
    *ret_at = table_at(table, table->rows, column);
    return table->amounts_e2[*ret_at] != 0;
}

static bool is_hidden(const struct practice *practice, size_t figure, const char *nis)
{
    size_t at = 0;
    return find_cell(practice->tables[figure], nis, &at) && practice->tables[figure]->hidden[at];
}

/* Whether that is news. */
static bool hide(const struct practice *practice, size_t figure, const char *nis)
{
    size_t at = 0;
    const struct table *table = practice->tables[figure];
    if (!find_cell(table, nis, &at) || table->hidden[at])
        return false;
    return table->hidden[at] = true;
}

/* Whether more is hidden than before. */
static bool spread(const struct practice *practice)
{
    bool more = false;
    for (size_t i = 0; i < practice->places_n; i++) {
        const char *nis = practice->places[i];
        bool came = is_hidden(practice, PERSONS, nis) || is_hidden(practice, ATTENDANCES, nis);
        bool any = came || is_hidden(practice, GUESTS, nis);
        if (came || (!any && is_hidden(practice, HOURS, nis))) {
            more |= hide(practice, PERSONS, nis);
            more |= hide(practice, ATTENDANCES, nis);
        }
        if (!any && is_hidden(practice, HOURS, nis))
            more |= hide(practice, GUESTS, nis);
        if (any)
            more |= hide(practice, HOURS, nis);
    }
    return more;
}

static void guard(struct bus_arena *arena, const struct table *table)
{
    struct network *network = network_new(arena);
    size_t parts = network_sum(network), total = network_sum(network);
    for (size_t column = 0; column <= table->columns; column++) {
        size_t at = table_at(table, table->rows, column);
        bool last = column == table->columns;
        network_add(
            network, last ? total : parts, last ? parts : total,
            &(struct network_cell){.amount_e2 = table->amounts_e2[at],
                                   .parts = table->figure == REPORTING_FIGURE_HOURS ? table->parts[at] : 0,
                                   .total = last,
                                   .guarded = table->hidden[at],
                                   .hidden = &table->hidden[at]});
    }
    network_suppress(network);
}

static int64_t amount_of(const struct practice *practice, size_t figure, const char *nis)
{
    size_t at = 0;
    bool found = find_cell(practice->tables[figure], nis, &at);
    return found ? practice->tables[figure]->amounts_e2[at] : 0;
}

/* Whether the sessions of all that is hidden took as long, by hours for each who came. */
static bool took_as_long(const struct practice *practice)
{
    int64_t hours = 0, came = 0;
    for (size_t i = 0; practice->places[i]; i++) {
        const char *nis = practice->places[i];
        int64_t own = amount_of(practice, HOURS, nis);
        int64_t who = amount_of(practice, ATTENDANCES, nis) + amount_of(practice, GUESTS, nis);
        if (!is_hidden(practice, HOURS, nis) || who == 0)
            continue;
        if (came != 0 && own * came != hours * who)
            return false;
        hours = own;
        came = who;
    }
    return true;
}

void practice_publish(struct bus_arena *arena, const struct tables *tables)
{
    struct practice practice = practice_of(arena, tables);
    for (bool more = true; more;) {
        more = false;
        for (size_t figure = 0; figure < FIGURES; figure++) {
            if (practice.tables[figure])
                guard(arena, practice.tables[figure]);
            more |= spread(&practice);
        }
    }
    /* Else the hours of all are one more sum of what is hidden, in which each counts for a number of its own.
     */
    if (!took_as_long(&practice))
        (void)hide(&practice, HOURS, NULL);
}
