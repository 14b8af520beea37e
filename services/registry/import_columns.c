/* See import_columns.h. */
#include "import_columns.h"

#include <string.h>

#include "names.h"

const struct import_column import_columns[COLUMNS] = {
    [COLUMN_FIRST_NAME] = {"first_name", "voornaam", 80, {"roepnaam"}},
    [COLUMN_LAST_NAME] = {"last_name", "naam", 80, {"familienaam", "achternaam"}},
    [COLUMN_EMAIL] = {"email", "e-mail", 254, {"mail", "mailadres", "e mailadres", "emailadres"}},
    [COLUMN_PHONE] = {"phone", "telefoon", 26, {"gsm", "gsm nummer", "telefoonnummer", "tel"}},
    [COLUMN_STREET] = {"street", "straat", 120, {"adres", "straat en nummer", "straat en huisnummer"}},
    [COLUMN_NATIONAL_NUMBER] = {"national_number", "rijksregisternummer", 20, {"insz", "bis nummer"}},
    [COLUMN_POSTCODE] = {"postcode", "postcode", 20, {"postnummer"}},
    [COLUMN_PREFERRED_LANGUAGE] = {"preferred_language",
                                   "voorkeurtaal",
                                   20,
                                   {"voorkeurstaal", "contacttaal"}},
    [COLUMN_CHANNEL] = {"channel", "kanaal", 20, {"contact via"}},
    [COLUMN_FOUND_THROUGH] = {"found_through", "gevonden via", 20, {0}},
    [COLUMN_BIRTH_YEAR] = {"birth_year", "geboortejaar", 20, {"geboortedatum"}},
    [COLUMN_GENDER] = {"gender", "geslacht", 20, {"m v", "m v x"}},
    [COLUMN_LANGUAGES] = {"languages", "talen", 240, {"andere talen"}},
    [COLUMN_DUTCH_LEVEL] = {"dutch_level", "niveau nederlands", 20, {"taalniveau"}},
    [COLUMN_INTERESTS] = {"interests", "interesses", 400, {"hobbys", "hobby"}},
    [COLUMN_CHILD_BIRTH_YEARS] = {"child_birth_years", "geboortejaren kinderen", 160, {0}},
    [COLUMN_AVAILABILITY] = {"availability", "beschikbaarheid", 600, {"beschikbaar"}},
    [COLUMN_PREFERS_GENDER] = {"prefers_gender", "voorkeur geslacht", 20, {0}},
};

#define ALSO_MAX (sizeof import_columns[0].also / sizeof import_columns[0].also[0])

struct column_found column_find(struct bus_arena *arena, const char *given)
{
    const char *folded = name_fold(arena, given);
    for (int i = 0; i < COLUMNS; i++) {
        const struct import_column *column = &import_columns[i];
        bool english = strcmp(folded, name_fold(arena, column->name)) == 0;
        bool dutch = strcmp(folded, name_fold(arena, column->dutch)) == 0;
        for (size_t k = 0; k < ALSO_MAX && column->also[k] != NULL; k++)
            dutch = dutch || strcmp(folded, column->also[k]) == 0;
        if (english || dutch)
            return (struct column_found){i, dutch && !english, english && !dutch,
                                         dutch ? column->dutch : column->name};
    }
    return (struct column_found){.column = COLUMN_NONE};
}

#define SLIPS_MAX 40 /* letters: no name is longer */

/* Of two names of at most SLIPS_MAX letters, how many letters to change, add or leave out. */
static size_t slips(const char *a, const char *b)
{
    size_t cost[SLIPS_MAX + 1], n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        cost[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = cost[0];
        cost[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1]), skipped = cost[j] + 1,
                   added = cost[j - 1] + 1;
            diagonal = cost[j];
            cost[j] = changed < skipped ? changed : skipped;
            cost[j] = cost[j] < added ? cost[j] : added;
        }
    }
    return cost[n];
}

struct column_found column_nearest(struct bus_arena *arena, const char *given)
{
    const char *folded = name_fold(arena, given);
    struct column_found found = {.column = COLUMN_NONE};
    size_t n = strlen(folded),
           least = n < 6 ? 2 : 3; /* fewer: two slips away from a short word is another word */
    for (int i = 0; i < COLUMNS && n <= SLIPS_MAX; i++) {
        const struct import_column *column = &import_columns[i];
        const char *const names[2 + ALSO_MAX] = {column->name,    column->dutch,   column->also[0],
                                                 column->also[1], column->also[2], column->also[3]};
        for (size_t k = 0; k < sizeof names / sizeof names[0] && names[k] != NULL; k++) {
            size_t length = strlen(names[k]);
            if (length >= n + least || n >= length + least)
                continue;
            size_t away = slips(folded, name_fold(arena, names[k]));
            if (away >= least)
                continue;
            least = away;
            found = (struct column_found){i, k > 0 && i != COLUMN_POSTCODE, k == 0 && i != COLUMN_POSTCODE,
                                          names[k]};
        }
    }
    return found;
}

const char *column_refused(struct bus_arena *arena, const char *given)
{
    static const char place[] =
        "column %zu, %s, is not taken, as the postcode tells the municipality: take the column out";
    static const char role[] =
        "column %zu, %s, is not taken: roles are given after the import; take the column out";
    static const char other[] = "column %zu, %s, is not kept: take the column out";
    static const struct {
        const char *name, *why;
    } table[] = {{"gemeente", place},     {"woonplaats", place}, {"stad", place},
                 {"municipality", place}, {"city", place},       {"rol", role},
                 {"role", role},          {"programma", role},   {"nummer", other},
                 {"nr", other},           {"id", other},         {"opmerking", other},
                 {"opmerkingen", other},  {"notities", other},   {"nationaliteit", other},
                 {"land", other},         {"leeftijd", other}};
    const char *folded = name_fold(arena, given);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(folded, table[i].name) == 0)
            return table[i].why;
    return NULL;
}
