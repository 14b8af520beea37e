/* See import_header.h. */
#include "import_header.h"

#include <string.h>

#include "import_cell.h"
#include "import_words.h"

#define CODE_CHARACTERS 3  /* of a language, at most */
#define GIVEN_TOLD      40 /* characters: dots and blanks do not count when names are compared */

/* A name is repeated only where it is, or is nearly, a word we know: in a list without names of columns the
 * first line is a person. */
static void tell_unknown(struct import *import, int64_t line, size_t place, const char *given)
{
    const char *refused = column_refused(import->arena, given);
    struct column_found nearest = column_nearest(import->arena, given);
    const char *told = cell_beginning(import->arena, given, GIVEN_TOLD);
    if (given[0] == '\0')
        import_fault(import, line, COLUMN_NONE, "column %zu has no name: give it one, or take the column out",
                     place);
    else if (strchr(given, '\t') != NULL)
        import_fault(import, line, COLUMN_NONE, "the columns stand apart by tabs: use commas or semicolons");
    else if (refused != NULL)
        import_fault(import, line, COLUMN_NONE, refused, place, told);
    else if (nearest.column != COLUMN_NONE)
        import_fault(import, line, COLUMN_NONE, "column %zu, %s, is not known: is it %s?", place, told,
                     nearest.as);
    else
        import_fault(import, line, COLUMN_NONE,
                     "column %zu has a name that is not known, such as first_name, last_name, postcode, "
                     "preferred_language, phone or email: name it so, or take it out",
                     place);
}

/* A line that names no column: spreadsheets here put semicolons, and who lists people names their languages.
 */
static bool is_dutch(const struct csv_row *row, struct bus_arena *arena)
{
    bool dutch = row->separator == ';';
    for (size_t i = 0; i < row->fields_n && !dutch; i++) {
        const char *text = cell_trim(arena, row->fields[i]);
        dutch = cell_characters(text) > CODE_CHARACTERS && word_language(arena, text) != NULL;
    }
    return dutch;
}

/* Finds each column, and what language most of their names are of. How many were found, or nearly. */
static size_t find_columns(const struct csv_row *row, struct import *import, struct column_found *found)
{
    size_t dutch = 0, english = 0, n = 0;
    for (size_t i = 0; i < row->fields_n; i++) {
        const char *given = cell_trim(import->arena, row->fields[i]);
        found[i] = column_find(import->arena, given);
        struct column_found clue =
            found[i].column != COLUMN_NONE ? found[i] : column_nearest(import->arena, given);
        dutch += clue.dutch;
        english += clue.english;
        n += clue.column != COLUMN_NONE;
    }
    import->dutch = n > 0 ? dutch > english : is_dutch(row, import->arena);
    return n;
}

static void place_columns(const struct csv_row *row, struct import *import, const struct column_found *found,
                          struct import_header *ret)
{
    for (size_t i = 0; i < row->fields_n; i++) {
        int column = found[i].column;
        if (column == COLUMN_NONE)
            tell_unknown(import, row->line, i + 1, cell_trim(import->arena, row->fields[i]));
        else if (ret->place[column] >= 0)
            import_fault(import, row->line, column, "the column is there twice");
        else
            ret->place[column] = (int)i;
    }
    for (size_t i = 0; i < row->fields_n; i++) { /* what a name nearly is, its cells are checked as */
        const char *given = cell_trim(import->arena, row->fields[i]);
        struct column_found nearest = column_nearest(import->arena, given);
        if (found[i].column == COLUMN_NONE && column_refused(import->arena, given) == NULL &&
            nearest.column != COLUMN_NONE && ret->place[nearest.column] < 0)
            ret->place[nearest.column] = (int)i;
    }
    static const int needed[] = {COLUMN_POSTCODE, COLUMN_PREFERRED_LANGUAGE};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (ret->place[needed[i]] < 0)
            import_fault(import, row->line, needed[i], "the column is missing");
}

bool import_header_read(const struct csv_row *row, struct import *import, struct import_header *ret)
{
    struct column_found found[CSV_FIELDS_MAX];
    for (int i = 0; i < COLUMNS; i++)
        ret->place[i] = -1;
    ret->fields_n = row->fields_n;
    bool tabs = row->fields_n == 1 && strchr(row->fields[0], '\t') != NULL;
    if (row->fault != NULL) {
        import_fault(import, row->line, COLUMN_NONE, row->fault);
        return false;
    }
    if (find_columns(row, import, found) > 0 || tabs) {
        place_columns(row, import, found, ret);
        return !tabs;
    }
    import_fault(import, row->line, COLUMN_NONE,
                 "none of the columns is known: the first line names them, such as "
                 "voornaam;naam;postcode;voorkeurtaal");
    return false;
}
