/* See targets.h. */
#include "targets.h"

#include <string.h>

#include "calendar.h"
#include "figures.h"
#include "money.h"
#include "sql/reporting.h"
#include "suppression.h"
#include "tally.h"

#define MOST_TARGETS 200

/* The figures that can be paid for, as words. */
static size_t paid_figures(const char **words)
{
    size_t n = 0;
    for (int figure = 1; figure <= FIGURES_LAST; figure++)
        if (figure_reaches((enum reporting_figure)figure, figure_unit((enum reporting_figure)figure)))
            words[n++] = bus_word(reporting_figure_words, figure);
    return n;
}

/* What both questions ask: the project years that the period overlaps, by their days too. */
struct years {
    int64_t first, last;
    const char *first_day, *last_day;
    struct bus_value figures;
};

static struct years years_of(struct bus_context *ctx, const struct period *period)
{
    int month = tally_first_month();
    const char **words = bus_alloc_array(ctx->arena, FIGURES_LAST, sizeof *words);
    struct years years = {.first = project_year_of(period->first, month),
                          .last = project_year_of(period->last, month),
                          .figures = BUS_TEXTS(words, paid_figures(words))};
    years.first_day = day_text(ctx, project_year_first(years.first, month));
    years.last_day = day_text(ctx, project_year_last(years.last, month));
    return years;
}

/* Both are in the order of years and actions; the maximum is that of the rate that held last. */
static void set_subsidies(struct bus_context *ctx, const struct bus_rows *rows, struct report_target *targets,
                          size_t targets_n)
{
    int row = 0;
    for (struct report_target *target = targets; target < targets + targets_n; target++) {
        struct paid_part *parts = bus_alloc_array(ctx->arena, (size_t)(rows->n - row), sizeof *parts);
        int64_t maximum_cents = -1;
        size_t n = 0;
        for (; row < rows->n && bus_row_int(rows, row, 0) == target->project_year &&
               bus_row_int(rows, row, 1) == target->action;
             row++) {
            parts[n++] = (struct paid_part){.cents_per_unit = bus_row_int(rows, row, 2),
                                            .amount_e2 = bus_row_int(rows, row, 4)};
            maximum_cents = bus_row_null(rows, row, 3) ? -1 : bus_row_int(rows, row, 3);
        }
        target->subsidy_cents = n > 0 ? subsidy_cents(parts, n, maximum_cents) : -1;
    }
}

static enum bus_status read_subsidies(struct bus_context *ctx, const char *partnership,
                                      const struct years *years, struct report_target *targets,
                                      size_t targets_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_target_parts, BUS_TEXT(partnership),
                  BUS_INT(years->first), BUS_INT(years->last), years->figures, BUS_TEXT(years->first_day),
                  BUS_TEXT(years->last_day), BUS_INT(tally_first_month()));
    if (status == BUS_OK)
        set_subsidies(ctx, &rows, targets, targets_n);
    return status;
}

/* Left out when it is small or nothing, which must look the same, or when a total it adds up is left out:
 * together with the others it would tell that. What is published is of one year, so are its rows. */
static void hide(const struct targets_asked *asked, struct report_target *target)
{
    target->hidden = target->counted_e2 == 0 || cell_is_small(target->counted_e2, 0);
    for (size_t i = 0; i < asked->rows_n; i++) {
        const struct report_row *row = &asked->rows[i];
        if (row->hidden && !row->nis && row->action == target->action &&
            figure_reaches(row->figure, target->unit))
            target->hidden = true;
    }
}

enum bus_status targets_read(struct bus_context *ctx, const struct targets_asked *asked,
                             struct report_target **ret_targets, size_t *ret_n)
{
    struct years years = years_of(ctx, &asked->period);
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_report_targets, BUS_TEXT(asked->partnership),
                  BUS_INT(years.first), BUS_INT(years.last), years.figures, BUS_TEXT(years.first_day),
                  BUS_TEXT(years.last_day), BUS_INT(MOST_TARGETS + 1));
    if (status != BUS_OK)
        return status;
    if (rows.n > MOST_TARGETS)
        return bus_fail_at(ctx->err, BUS_INVALID, "/from",
                           "a report tells at most %d targets, and this period has more: ask a shorter one",
                           MOST_TARGETS);
    struct report_target *targets = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *targets);
    for (int row = 0; row < rows.n; row++) {
        targets[row] = (struct report_target){
            .action = bus_row_int(&rows, row, 0),
            .project_year = bus_row_int(&rows, row, 1),
            .unit = (enum reporting_unit)bus_row_word(&rows, row, 2, reporting_unit_words),
            .requested = bus_row_int(&rows, row, 3),
            .confirmed = bus_row_int(&rows, row, 4),
            .existing_reach = bus_row_int(&rows, row, 5),
            .counted_e2 = bus_row_int(&rows, row, 6)};
        if (asked->published)
            hide(asked, &targets[row]);
    }
    *ret_targets = targets;
    *ret_n = (size_t)rows.n;
    return read_subsidies(ctx, asked->partnership, &years, targets, *ret_n);
}
