/* See figures.h. */
#include "figures.h"

#include <math.h>

const int64_t distance_ends_m[] = {1000, 3000, 5000, 10000};
const size_t distance_ends_n = sizeof distance_ends_m / sizeof distance_ends_m[0];

enum reporting_unit figure_unit(enum reporting_figure figure)
{
    static const enum reporting_unit units[FIGURES_LAST + 1] = {
        [REPORTING_FIGURE_DUOS_FORMED] = REPORTING_UNIT_DUO,
        [REPORTING_FIGURE_DUOS_ACTIVE] = REPORTING_UNIT_DUO,
        [REPORTING_FIGURE_DUOS_STOPPED] = REPORTING_UNIT_DUO,
        [REPORTING_FIGURE_DUOS_INFORMAL] = REPORTING_UNIT_DUO,
        [REPORTING_FIGURE_PRACTICE_PERSONS] = REPORTING_UNIT_PERSON,
        [REPORTING_FIGURE_PRACTICE_ATTENDANCES] = REPORTING_UNIT_ATTENDANCE,
        [REPORTING_FIGURE_PRACTICE_GUESTS] = REPORTING_UNIT_ATTENDANCE,
        [REPORTING_FIGURE_SESSIONS_HELD] = REPORTING_UNIT_SESSION,
        [REPORTING_FIGURE_HOURS] = REPORTING_UNIT_HOUR,
        [REPORTING_FIGURE_HELP_REQUESTS_FULFILLED] = REPORTING_UNIT_REQUEST,
        [REPORTING_FIGURE_INTAKES] = REPORTING_UNIT_INTAKE,
        [REPORTING_FIGURE_VOLUNTEERS_RECRUITED] = REPORTING_UNIT_PERSON,
        [REPORTING_FIGURE_WAITING_NEWCOMERS] = REPORTING_UNIT_PERSON,
        [REPORTING_FIGURE_WAITING_VOLUNTEERS] = REPORTING_UNIT_PERSON,
    };
    return units[figure];
}

bool figure_stands(enum reporting_figure figure)
{
    return figure == REPORTING_FIGURE_DUOS_ACTIVE || figure == REPORTING_FIGURE_WAITING_NEWCOMERS ||
           figure == REPORTING_FIGURE_WAITING_VOLUNTEERS;
}

/* People who join or help are no units that are paid for, and a duo is paid for once: when it is formed. */
bool figure_reaches(enum reporting_figure figure, enum reporting_unit unit)
{
    switch (figure) {
    case REPORTING_FIGURE_DUOS_FORMED:
    case REPORTING_FIGURE_PRACTICE_PERSONS:
    case REPORTING_FIGURE_PRACTICE_ATTENDANCES:
    case REPORTING_FIGURE_PRACTICE_GUESTS:
    case REPORTING_FIGURE_SESSIONS_HELD:
    case REPORTING_FIGURE_HOURS:
    case REPORTING_FIGURE_HELP_REQUESTS_FULFILLED:
        return figure_unit(figure) == unit;
    default:
        return false;
    }
}

int64_t amount_e2(double amount)
{
    return llround(amount * 100);
}

double amount_number(int64_t amount_e2)
{
    return (double)amount_e2 / 100;
}
