/* See publish.h. The figures about duos add up with each other and with the groups of days:
 *
 *     active before + formed = active + stopped + informal, in each municipality and in all;
 *     all that ended = stopped + informal = those by distance.
 *
 * What is about practice is in practice.c. Every other figure is a list by itself. */
#include "publish.h"

#include <string.h>

#include "practice.h"
#include "suppression.h"

/* The duos of a municipality, in which active before is what is missing. */
struct place {
    const char *nis;
    size_t sum;
    int64_t before_e2;
};

/* The network of a programme. */
struct web {
    struct bus_arena *arena;
    struct network *network;
    size_t outside, ended; /* sums */
    struct place *places;  /* of one action */
    size_t places_n;
};

static struct place *place_of(struct web *web, const char *nis)
{
    for (size_t i = 0; i < web->places_n; i++)
        if (strcmp(web->places[i].nis, nis) == 0)
            return &web->places[i];
    struct place *place = &web->places[web->places_n++];
    *place = (struct place){.nis = nis, .sum = network_sum(web->network)};
    return place;
}

/* A cell of a table. `way` -1: the other way round. */
static void add_cell(struct web *web, const struct table *table, size_t at, const size_t sums[2], int way)
{
    size_t row = at / (table->columns + 1), column = at % (table->columns + 1);
    network_add(
        web->network, sums[0], sums[1],
        &(struct network_cell){.amount_e2 = way * table->amounts_e2[at],
                               .total = column == table->columns || (table->rows > 0 && row == table->rows),
                               .hidden = &table->hidden[at]});
}

/* From a sum, through the total of all, over the rows and the columns, to a sum for each column. */
static void add_table(struct web *web, const struct table *table, size_t from, const size_t *ends, int way)
{
    size_t all = network_sum(web->network);
    add_cell(web, table, table_at(table, table->rows, table->columns), (size_t[]){from, all}, way);
    size_t *columns = bus_alloc_array(web->arena, table->columns, sizeof *columns);
    for (size_t column = 0; column < table->columns; column++) {
        columns[column] = table->rows > 0 ? network_sum(web->network) : all;
        add_cell(web, table, table_at(table, table->rows, column), (size_t[]){columns[column], ends[column]},
                 way);
    }
    for (size_t row = 0; row < table->rows; row++) {
        size_t line = network_sum(web->network);
        add_cell(web, table, table_at(table, row, table->columns), (size_t[]){all, line}, way);
        for (size_t column = 0; column < table->columns; column++)
            add_cell(web, table, table_at(table, row, column), (size_t[]){line, columns[column]}, way);
    }
}

static void add_list(struct web *web, const struct table *table)
{
    size_t *ends = bus_alloc_array(web->arena, table->columns, sizeof *ends), own = network_sum(web->network);
    for (size_t column = 0; column < table->columns; column++)
        ends[column] = own;
    add_table(web, table, own, ends, 1);
}

static void add_duos(struct web *web, const struct table *table)
{
    bool formed = table->figure == REPORTING_FIGURE_DUOS_FORMED;
    bool lasting = formed || table->figure == REPORTING_FIGURE_DUOS_ACTIVE;
    size_t *ends = bus_alloc_array(web->arena, table->columns, sizeof *ends);
    for (size_t column = 0; column < table->columns; column++) {
        struct place *place = place_of(web, table->places[column]);
        int64_t amount_e2 = table->amounts_e2[table_at(table, table->rows, column)];
        place->before_e2 += formed ? -amount_e2 : amount_e2;
        ends[column] = place->sum;
    }
    add_table(web, table, lasting ? web->outside : web->ended, ends, formed ? -1 : 1);
}

/* Who was active before stands in the report before this one, unless it is small. */
static void add_before(struct web *web)
{
    for (size_t i = 0; i < web->places_n; i++)
        network_add(web->network, web->places[i].sum, web->outside,
                    &(struct network_cell){.amount_e2 = web->places[i].before_e2,
                                           .told = true,
                                           .hidden = bus_alloc(web->arena, sizeof(bool))});
}

static bool is_about_duos(enum reporting_figure figure)
{
    return figure == REPORTING_FIGURE_DUOS_FORMED || figure == REPORTING_FIGURE_DUOS_ACTIVE ||
           figure == REPORTING_FIGURE_DUOS_STOPPED || figure == REPORTING_FIGURE_DUOS_INFORMAL;
}

/* The tables of one action of the programme. */
static void add_action(struct web *web, const struct tables *tables)
{
    size_t columns = 0;
    for (size_t i = 0; i < tables->n; i++)
        columns += tables->tables[i].columns;
    web->places = bus_alloc_array(web->arena, columns, sizeof *web->places);
    web->places_n = 0;
    for (size_t i = 0; i < tables->n; i++) {
        if (is_about_duos(tables->tables[i].figure))
            add_duos(web, &tables->tables[i]);
        else if (!is_about_practice(tables->tables[i].figure))
            add_list(web, &tables->tables[i]);
    }
    add_before(web);
    practice_publish(web->arena, tables);
}

/* All that ended, and those by distance. */
static void add_groups(struct web *web, const struct day_groups *groups)
{
    size_t all = network_sum(web->network);
    for (size_t i = 0; i < groups->n; i++) {
        struct day_group *group = &groups->groups[i];
        bool total = group->band == BAND_ALL;
        if (group->reason)
            continue;
        group->hidden = group->band == BAND_UNKNOWN;
        network_add(web->network, total ? all : web->outside, total ? web->ended : all,
                    &(struct network_cell){
                        .amount_e2 = group->days.n * 100, .total = total, .hidden = &group->hidden});
    }
}

static int64_t amount_of(const struct tables *tables, enum reporting_figure figure,
                         enum common_stop_reason reason)
{
    int64_t amount_e2 = 0;
    for (size_t i = 0; i < tables->n; i++) {
        const struct table *table = &tables->tables[i];
        size_t row = table_row(table, reason);
        if (table->figure == figure && row <= table->rows)
            amount_e2 += table->amounts_e2[table_at(table, row, table->columns)];
    }
    return amount_e2;
}

static enum reporting_figure figure_of(const struct day_group *group)
{
    return group->reason && group->reason[0] ? REPORTING_FIGURE_DUOS_STOPPED : REPORTING_FIGURE_DUOS_INFORMAL;
}

static enum common_stop_reason reason_of(const struct day_group *group)
{
    bool given = group->reason && group->reason[0];
    return given ? (enum common_stop_reason)bus_word_value(common_stop_reason_words, group->reason) : 0;
}

/* What was corrected is counted otherwise in the groups of days: then they stay hidden. */
static bool count_the_same(const struct tables *tables, const struct day_groups *groups)
{
    int64_t more_e2 = -amount_of(tables, REPORTING_FIGURE_DUOS_STOPPED, 0) -
                      amount_of(tables, REPORTING_FIGURE_DUOS_INFORMAL, 0);
    for (size_t i = 0; i < groups->n; i++) {
        const struct day_group *group = &groups->groups[i];
        if (!group->reason && group->band == BAND_ALL)
            more_e2 += group->days.n * 100;
        if (group->reason && group->days.n * 100 != amount_of(tables, figure_of(group), reason_of(group)))
            return false;
    }
    return more_e2 == 0;
}

static void publish_programme(struct bus_arena *arena, const struct tables *tables,
                              const struct day_groups *groups)
{
    struct web web = {.arena = arena, .network = network_new(arena)};
    bool same = count_the_same(tables, groups);
    web.outside = network_sum(web.network);
    web.ended = same ? network_sum(web.network) : web.outside;
    for (size_t i = 0, n; i < tables->n; i += n) {
        for (n = 1; i + n < tables->n && tables->tables[i + n].action == tables->tables[i].action;)
            n++;
        add_action(&web, &(struct tables){&tables->tables[i], n});
    }
    if (same)
        add_groups(&web, groups);
    network_suppress(web.network);
    /* A reason tells nothing that the report does not tell: it is the same number there, or left out here. */
    for (size_t i = 0; same && i < groups->n; i++) {
        struct day_group *group = &groups->groups[i];
        if (group->reason)
            group->hidden = published_hides(tables, group->programme, figure_of(group), reason_of(group));
    }
}

static size_t count_tables(const struct tables *tables, size_t first)
{
    size_t n = 1;
    while (first + n < tables->n &&
           same_programme(tables->tables[first + n].programme, tables->tables[first].programme))
        n++;
    return n;
}

static struct day_groups groups_of(const struct day_groups *groups, const char *programme)
{
    struct day_groups own = {0};
    for (size_t i = 0; i < groups->n; i++) {
        if (!same_programme(groups->groups[i].programme, programme))
            continue;
        own.groups = own.n++ == 0 ? &groups->groups[i] : own.groups;
    }
    return own;
}

void publish(struct bus_arena *arena, struct tables *tables, struct day_groups *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        groups->groups[i].hidden = true; /* unless the report knows of its programme, and counts the same */
    for (size_t i = 0, n; i < tables->n; i += n) {
        n = count_tables(tables, i);
        struct day_groups own = groups_of(groups, tables->tables[i].programme);
        publish_programme(arena, &(struct tables){&tables->tables[i], n}, &own);
    }
}

bool published_hides(const struct tables *tables, const char *programme, enum reporting_figure figure,
                     enum common_stop_reason reason)
{
    bool hidden = false;
    for (size_t i = 0; i < tables->n; i++) {
        const struct table *table = &tables->tables[i];
        size_t row = table_row(table, reason);
        if (table->figure == figure && row <= table->rows && same_programme(table->programme, programme))
            hidden |= table->hidden[table_at(table, row, table->columns)];
    }
    return hidden;
}
