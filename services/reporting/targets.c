/* See targets.h. */
#include "targets.h"

#include <string.h>

#include "calendar.h"
#include "figures.h"
#include "money.h"
#include "sql/reporting.h"
#include "suppression.h"
#include "tally.h"

/* The figures that can be paid for, as words. */
static size_t paid_figures(const char *words[FIGURES_LAST])
{
    size_t n = 0;
    for (int figure = 1; figure <= FIGURES_LAST; figure++)
        if (figure_reaches((enum reporting_figure)figure, figure_unit((enum reporting_figure)figure)))
            words[n++] = bus_word(reporting_figure_words, figure);
    return n;
}

static enum bus_status read_subsidy(struct bus_context *ctx, const char *partnership,
                                    struct report_target *target)
{
    const char *words[FIGURES_LAST];
    size_t words_n = paid_figures(words);
    int month = tally_first_month();
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(
        ctx->db, ctx->err, &rows, &reporting_target_parts, BUS_TEXT(partnership), BUS_INT(target->action),
        BUS_TEXT(bus_word(reporting_unit_words, (int)target->unit)), BUS_INT(target->project_year),
        BUS_TEXTS(words, words_n), BUS_TEXT(day_text(ctx, project_year_first(target->project_year, month))),
        BUS_TEXT(day_text(ctx, project_year_last(target->project_year, month))));
    if (status != BUS_OK)
        return status;
    struct paid_part *parts = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *parts);
    int64_t maximum_cents = -1; /* of the rate that held last */
    for (int row = 0; row < rows.n; row++) {
        parts[row] = (struct paid_part){.cents_per_unit = bus_row_int(&rows, row, 0),
                                        .amount_e2 = bus_row_int(&rows, row, 2)};
        maximum_cents = bus_row_null(&rows, row, 1) ? -1 : bus_row_int(&rows, row, 1);
    }
    target->subsidy_cents = rows.n > 0 ? subsidy_cents(parts, (size_t)rows.n, maximum_cents) : -1;
    return BUS_OK;
}

/* Left out when it is small or nothing, which must look the same, or when a total it adds up is left out:
 * together with the others it would tell that. */
static enum bus_status hide(struct bus_context *ctx, const struct targets_asked *asked,
                            struct report_target *target)
{
    struct report_row *own = NULL;
    const struct report_row *rows = asked->rows;
    size_t n = asked->rows_n;
    if (target->project_year != asked->period.project_year) {
        int month = tally_first_month();
        struct period year = {project_year_first(target->project_year, month),
                              project_year_last(target->project_year, month), target->project_year};
        enum bus_status status = report_rows(ctx, asked->partnership, &year, true, &own, &n);
        if (status != BUS_OK)
            return status;
        rows = own;
    }
    target->hidden = target->counted_e2 == 0 || cell_is_small(target->counted_e2, 0);
    for (size_t i = 0; i < n; i++)
        if (rows[i].hidden && !rows[i].nis && rows[i].action == target->action &&
            figure_reaches(rows[i].figure, target->unit))
            target->hidden = true;
    return BUS_OK;
}

enum bus_status targets_read(struct bus_context *ctx, const struct targets_asked *asked,
                             struct report_target **ret_targets, size_t *ret_n)
{
    const char *words[FIGURES_LAST];
    size_t words_n = paid_figures(words);
    int month = tally_first_month();
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_report_targets, BUS_TEXT(asked->partnership),
                  BUS_INT(project_year_of(asked->period.first, month)),
                  BUS_INT(project_year_of(asked->period.last, month)), BUS_TEXTS(words, words_n));
    if (status != BUS_OK)
        return status;
    struct report_target *targets = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *targets);
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        targets[row] = (struct report_target){
            .action = bus_row_int(&rows, row, 0),
            .project_year = bus_row_int(&rows, row, 1),
            .unit = (enum reporting_unit)bus_row_word(&rows, row, 2, reporting_unit_words),
            .requested = bus_row_int(&rows, row, 3),
            .confirmed = bus_row_int(&rows, row, 4),
            .existing_reach = bus_row_int(&rows, row, 5),
            .counted_e2 = bus_row_int(&rows, row, 6)};
        status = read_subsidy(ctx, asked->partnership, &targets[row]);
        if (status == BUS_OK && asked->published)
            status = hide(ctx, asked, &targets[row]);
    }
    if (status != BUS_OK)
        return status;
    *ret_targets = targets;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
