/* See sheet.h. */
#include "sheet.h"

#include "figures.h"
#include "money.h"
#include "places.h"
#include "words_nl.h"

#define LEFT_OUT "minder dan 5 of afgeschermd"
#define NO_ROW   "wat hier niet staat: geen, minder dan 5 of afgeschermd"
#define TOGETHER "samen"

static struct cell text_cell(const char *text)
{
    return (struct cell){.kind = text ? CELL_TEXT : CELL_EMPTY, .text = text};
}

static struct cell number_cell(double number)
{
    return (struct cell){.kind = CELL_NUMBER, .number = number};
}

static struct cell shown_cell(bool shown, double number)
{
    return shown ? number_cell(number) : (struct cell){0};
}

static void add_column(struct sheet *sheet, const char *header, int width)
{
    sheet->headers[sheet->columns] = header;
    sheet->widths[sheet->columns++] = width;
}

static struct sheet new_sheet(struct bus_arena *arena, const char *title, size_t rows)
{
    struct sheet sheet = {.title = title};
    sheet.rows = bus_alloc_array(arena, rows + 1, sizeof *sheet.rows); /* and a note */
    return sheet;
}

/* At the end of what is published, whatever it holds. */
static void add_note(struct sheet *sheet)
{
    sheet->rows[sheet->rows_n++][sheet->columns - 1] = text_cell(NO_ROW);
}

static struct sheet figures_sheet(struct bus_arena *arena, const struct report *report)
{
    struct sheet sheet = new_sheet(arena, "Cijfers", report->rows_n);
    add_column(&sheet, "Programma", 24);
    add_column(&sheet, "Actie", 8);
    add_column(&sheet, "Cijfer", 32);
    add_column(&sheet, "Reden", 24);
    add_column(&sheet, "Gemeente (NIS)", 16);
    add_column(&sheet, "Gemeente", 24);
    add_column(&sheet, "Eenheid", 14);
    add_column(&sheet, "Aantal", 12);
    add_column(&sheet, "Opmerking", 30);
    for (size_t i = 0; i < report->rows_n; i++) {
        const struct report_row *row = &report->rows[i];
        struct cell *cells = sheet.rows[sheet.rows_n++];
        cells[0] = text_cell(row->programme ? row->programme : "samenwerkingsverband");
        cells[1] = shown_cell(row->action > 0, (double)row->action);
        cells[2] = text_cell(figure_nl(row->figure));
        cells[3] = text_cell(row->reason ? stop_reason_nl(row->reason) : NULL);
        cells[4] = text_cell(row->nis ? row->nis : TOGETHER);
        cells[5] = text_cell(row->nis ? places_name(row->nis) : TOGETHER);
        cells[6] = text_cell(unit_nl(figure_unit(row->figure)));
        cells[7] = number_cell(amount_number(row->amount_e2));
    }
    return sheet;
}

static void fill_target(struct cell *cells, const struct report_target *target)
{
    int64_t reached_e2 = target->counted_e2 + target->existing_reach * 100;
    bool low = reached_warning(reached_e2, target->confirmed);
    cells[0] = number_cell((double)target->project_year);
    cells[1] = number_cell((double)target->action);
    cells[2] = text_cell(unit_nl(target->unit));
    cells[3] = number_cell((double)target->requested);
    cells[4] = number_cell((double)target->confirmed);
    cells[5] = number_cell((double)target->existing_reach);
    cells[6] = shown_cell(!target->hidden, amount_number(reached_e2));
    cells[7] = shown_cell(!target->hidden && target->confirmed > 0,
                          (double)reached_permille(reached_e2, target->confirmed) / 10);
    cells[8] = shown_cell(!target->hidden && target->subsidy_cents >= 0, (double)target->subsidy_cents / 100);
    cells[9] = text_cell(target->hidden ? LEFT_OUT : low ? "minder dan 25%" : NULL);
}

static struct sheet targets_sheet(struct bus_arena *arena, const struct report *report)
{
    struct sheet sheet = new_sheet(arena, "Doelen", report->targets_n);
    add_column(&sheet, "Projectjaar", 12);
    add_column(&sheet, "Actie", 8);
    add_column(&sheet, "Eenheid", 14);
    add_column(&sheet, "Aangevraagd", 14);
    add_column(&sheet, "Goedgekeurd", 14);
    add_column(&sheet, "Bestaand bereik", 16);
    add_column(&sheet, "Bereikt", 12);
    add_column(&sheet, "Bereikt (%)", 12);
    add_column(&sheet, "Subsidie (euro)", 16);
    add_column(&sheet, "Opmerking", 30);
    for (size_t i = 0; i < report->targets_n; i++)
        fill_target(sheet.rows[sheet.rows_n++], &report->targets[i]);
    return sheet;
}

static void add_day_columns(struct sheet *sheet)
{
    add_column(sheet, "Aantal", 12);
    add_column(sheet, "Gemiddeld (dagen)", 18);
    add_column(sheet, "Mediaan (dagen)", 18);
    add_column(sheet, "90% hoogstens (dagen)", 22);
    add_column(sheet, "Opmerking", 30);
}

static void fill_days(struct cell cells[4], int64_t n, double mean, double median, double p90)
{
    cells[0] = number_cell((double)n);
    cells[1] = number_cell(mean);
    cells[2] = number_cell(median);
    cells[3] = number_cell(p90);
}

static struct sheet duos_sheet(struct bus_arena *arena, const struct reporting_durations_reply *durations)
{
    struct sheet sheet = new_sheet(arena, "Duur van duo's", durations->duos_n);
    add_column(&sheet, "Programma", 24);
    add_column(&sheet, "Reden", 24);
    add_column(&sheet, "Afstand", 16);
    add_day_columns(&sheet);
    for (size_t i = 0; i < durations->duos_n; i++) {
        const struct reporting_durations_reply_duos *row = &durations->duos[i];
        struct cell *cells = sheet.rows[sheet.rows_n++];
        cells[0] = text_cell(row->programme);
        cells[1] = text_cell(row->reason ? stop_reason_nl(row->reason) : TOGETHER);
        cells[2] = text_cell(row->distance_band ? distance_band_nl(row->distance_band) : TOGETHER);
        fill_days(cells + 3, row->n, row->mean_days, row->median_days, row->p90_days);
    }
    return sheet;
}

static struct sheet waits_sheet(struct bus_arena *arena, const struct reporting_durations_reply *durations)
{
    struct sheet sheet = new_sheet(arena, "Wachttijden", durations->waits_n);
    add_column(&sheet, "Programma", 24);
    add_column(&sheet, "Wie", 16);
    add_column(&sheet, "Stand", 24);
    add_day_columns(&sheet);
    for (size_t i = 0; i < durations->waits_n; i++) {
        const struct reporting_durations_reply_waits *row = &durations->waits[i];
        struct cell *cells = sheet.rows[sheet.rows_n++];
        cells[0] = text_cell(row->programme);
        cells[1] = text_cell(row->side == COMMON_SIDE_NEWCOMER ? "nieuwkomers" : "vrijwilligers");
        cells[2] = text_cell(row->waiting_now ? "wacht nog" : "duo of hulp begon");
        fill_days(cells + 3, row->n, row->mean_days, row->median_days, row->p90_days);
    }
    return sheet;
}

void sheets_fill(struct bus_arena *arena, const struct report *report,
                 const struct reporting_durations_reply *durations, struct sheet sheets[SHEETS])
{
    sheets[0] = figures_sheet(arena, report);
    sheets[1] = targets_sheet(arena, report);
    sheets[2] = duos_sheet(arena, durations);
    sheets[3] = waits_sheet(arena, durations);
    for (size_t i = 0; i < SHEETS; i++)
        if (report->published && i != 1) /* the targets are there whatever was reached */
            add_note(&sheets[i]);
}
