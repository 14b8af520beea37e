/* See words_nl.h. */
#include "words_nl.h"

#include <stddef.h>

static const char *word_of(const char *const *words, size_t n, int value, const char *fallback)
{
    return value > 0 && (size_t)value < n && words[value] ? words[value] : fallback;
}

const char *figure_nl(enum reporting_figure figure)
{
    static const char *const words[] = {
        [REPORTING_FIGURE_DUOS_FORMED] = "Duo's gestart",
        [REPORTING_FIGURE_DUOS_ACTIVE] = "Duo's actief",
        [REPORTING_FIGURE_DUOS_STOPPED] = "Duo's gestopt",
        [REPORTING_FIGURE_DUOS_INFORMAL] = "Duo's informeel verder",
        [REPORTING_FIGURE_PRACTICE_PERSONS] = "Oefenkansen: personen",
        [REPORTING_FIGURE_PRACTICE_ATTENDANCES] = "Oefenkansen: aanwezigheden",
        [REPORTING_FIGURE_PRACTICE_GUESTS] = "Oefenkansen: gasten",
        [REPORTING_FIGURE_SESSIONS_HELD] = "Bijeenkomsten",
        [REPORTING_FIGURE_HOURS] = "Uren",
        [REPORTING_FIGURE_HELP_REQUESTS_FULFILLED] = "Hulpvragen opgelost",
        [REPORTING_FIGURE_INTAKES] = "Intakes",
        [REPORTING_FIGURE_VOLUNTEERS_RECRUITED] = "Vrijwilligers geworven",
        [REPORTING_FIGURE_WAITING_NEWCOMERS] = "Nieuwkomers die wachten",
        [REPORTING_FIGURE_WAITING_VOLUNTEERS] = "Vrijwilligers die wachten",
    };
    return word_of(words, sizeof words / sizeof words[0], (int)figure, "ander cijfer");
}

const char *unit_nl(enum reporting_unit unit)
{
    static const char *const words[] = {
        [REPORTING_UNIT_PERSON] = "persoon",    [REPORTING_UNIT_ATTENDANCE] = "aanwezigheid",
        [REPORTING_UNIT_DUO] = "duo",           [REPORTING_UNIT_HOUR] = "uur",
        [REPORTING_UNIT_REQUEST] = "hulpvraag", [REPORTING_UNIT_SESSION] = "bijeenkomst",
        [REPORTING_UNIT_INTAKE] = "intake",
    };
    return word_of(words, sizeof words / sizeof words[0], (int)unit, "andere eenheid");
}

const char *stop_reason_nl(enum common_stop_reason reason)
{
    static const char *const words[] = {
        [COMMON_STOP_REASON_GOAL_REACHED] = "Doel bereikt",
        [COMMON_STOP_REASON_NO_CONTACT] = "Stilgevallen",
        [COMMON_STOP_REASON_SCHEDULE] = "Agenda's pasten niet",
        [COMMON_STOP_REASON_LANGUAGE] = "Taal",
        [COMMON_STOP_REASON_MOVED] = "Verhuisd",
        [COMMON_STOP_REASON_PERSONAL] = "Persoonlijke reden",
        [COMMON_STOP_REASON_MISMATCH] = "Het klikte niet",
        [COMMON_STOP_REASON_WORK_OR_STUDY] = "Werk of studie",
        [COMMON_STOP_REASON_OTHER] = "Andere reden",
    };
    return word_of(words, sizeof words / sizeof words[0], (int)reason, "Andere reden");
}

const char *distance_band_nl(enum reporting_distance_band band)
{
    static const char *const words[] = {
        [REPORTING_DISTANCE_BAND_UNDER_1_KM] = "minder dan 1 km",
        [REPORTING_DISTANCE_BAND_UNDER_3_KM] = "1 tot 3 km",
        [REPORTING_DISTANCE_BAND_UNDER_5_KM] = "3 tot 5 km",
        [REPORTING_DISTANCE_BAND_UNDER_10_KM] = "5 tot 10 km",
        [REPORTING_DISTANCE_BAND_OVER_10_KM] = "10 km of meer",
    };
    return word_of(words, sizeof words / sizeof words[0], (int)band, "niet bekend");
}
