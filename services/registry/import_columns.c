/* See import_columns.h. */
#include "import_columns.h"

const struct import_column import_columns[COLUMNS] = {
    [COLUMN_FIRST_NAME] = {"first_name", "voornaam", 80},
    [COLUMN_LAST_NAME] = {"last_name", "naam", 80},
    [COLUMN_EMAIL] = {"email", "e-mail", 254},
    [COLUMN_PHONE] = {"phone", "telefoon", 26},
    [COLUMN_STREET] = {"street", "straat", 120},
    [COLUMN_NATIONAL_NUMBER] = {"national_number", "rijksregisternummer", 20},
    [COLUMN_POSTCODE] = {"postcode", "postnummer", 20},
    [COLUMN_PREFERRED_LANGUAGE] = {"preferred_language", "voorkeurtaal", 20},
    [COLUMN_CHANNEL] = {"channel", "kanaal", 20},
    [COLUMN_FOUND_THROUGH] = {"found_through", "gevonden via", 20},
    [COLUMN_BIRTH_YEAR] = {"birth_year", "geboortejaar", 20},
    [COLUMN_GENDER] = {"gender", "geslacht", 20},
    [COLUMN_LANGUAGES] = {"languages", "talen", 60},
    [COLUMN_DUTCH_LEVEL] = {"dutch_level", "niveau nederlands", 20},
    [COLUMN_INTERESTS] = {"interests", "interesses", 400},
    [COLUMN_CHILD_BIRTH_YEARS] = {"child_birth_years", "geboortejaren kinderen", 80},
    [COLUMN_AVAILABILITY] = {"availability", "beschikbaarheid", 300},
    [COLUMN_PREFERS_GENDER] = {"prefers_gender", "voorkeur geslacht", 20},
};
