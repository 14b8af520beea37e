/* Lists of people, from the bytes of the file to the people: told what the file is where it is no text; else
 * every line is a person or a fault, and the list without what is personal reads as the same people. */
#include <string.h>

#include "../../services/registry/import.h"
#include "../../services/registry/import_cell.h"
#include "import/list_file.h"
#include "require.h"
#include "schema/registry.h"

#define TEXT_MAX 200 /* characters: schemas/registry/import-people.v1.json */

/* As it travels, in JSON and then msgpack; NULL where the message's schema refuses it. */
static const char *sent(const json_t *text, struct bus_arena *arena)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    void *message = NULL;
    json_t *data = json_pack("{s:s, s:O}", "partnership", "asse", "csv", text);
    char *json = json_dumps(data, JSON_COMPACT);
    enum bus_status status = bus_json_to_msgpack(bus_bytes_of(json), &bus_scan_command, &out, &err);
    if (status == BUS_OK)
        status = bus_decode(&registry_import_people_shape, bus_buffer_bytes(&out), false, arena, &message,
                            NULL, &err);
    require(status == BUS_OK || (status == BUS_INVALID && err.text[0] != '\0'));
    free(json);
    json_decref(data);
    return status == BUS_OK ? ((const struct registry_import_people *)message)->csv : NULL;
}

static void check_list(const char *csv, struct bus_arena *arena)
{
    static const uint8_t key[INSZ_HASH_BYTES] = {7};
    struct import import, again;
    import_read(csv, false, key, arena, &import);
    require(import.people_n <= IMPORT_PEOPLE_MAX && import.faults_n <= IMPORT_FAULTS_MAX);
    for (size_t i = 0; i < import.faults_n; i++)
        require(import.faults[i].text[0] != '\0' && cell_characters(import.faults[i].text) <= TEXT_MAX);
    if (import.faults_n > 0)
        return;
    require((int64_t)import.people_n <= import.lines_n);
    import_read(import.coarse, true, key, arena, &again);
    require(again.people_n == import.people_n && (again.faults_n == 0 || import.people_n == 0));
    for (size_t i = 0; i < again.people_n; i++) {
        require(personal_is_empty(&again.people[i].personal));
        require(strcmp(again.people[i].postcode, import.people[i].postcode) == 0);
        require(again.people[i].profile.languages_n == import.people[i].profile.languages_n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > LIST_BYTES_MAX)
        return 0;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct list_file file = {0};
    struct bus_error err = {0};
    enum bus_status status = list_text_read("list.csv", bus_copy(arena, data, size), size, &file, &err);
    require(status == BUS_OK ? json_is_string(file.text) : status == BUS_INVALID && err.text[0] != '\0');
    const char *csv = status == BUS_OK ? sent(file.text, arena) : NULL;
    if (csv != NULL)
        check_list(csv, arena);
    json_decref(file.text);
    return 0;
}
