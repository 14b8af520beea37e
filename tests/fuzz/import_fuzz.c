/* Lists of people: every line is a person or a fault, and the list without what is personal reads as the same
 * people. */
#include <stdlib.h>
#include <string.h>

#include "../../services/registry/import.h"
#include "../../services/registry/import_cell.h"

#define TEXT_MAX 200 /* characters: schemas/registry/import-people.v1.json */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[INSZ_HASH_BYTES] = {7};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct import import, again;
    import_read(bus_strndup(arena, (const char *)data, size), false, key, arena, &import);
    require(import.people_n <= IMPORT_PEOPLE_MAX && import.faults_n <= IMPORT_FAULTS_MAX);
    for (size_t i = 0; i < import.faults_n; i++)
        require(import.faults[i].text[0] != '\0' && cell_characters(import.faults[i].text) <= TEXT_MAX);
    if (import.faults_n > 0)
        return 0;
    require((int64_t)import.people_n <= import.lines_n);
    import_read(import.coarse, true, key, arena, &again);
    require(again.people_n == import.people_n && (again.faults_n == 0 || import.people_n == 0));
    for (size_t i = 0; i < again.people_n; i++) {
        require(personal_is_empty(&again.people[i].personal));
        require(strcmp(again.people[i].postcode, import.people[i].postcode) == 0);
        require(again.people[i].profile.languages_n == import.people[i].profile.languages_n);
    }
    return 0;
}
