/* Typed decoding of any scanned bytes: what it takes, encode writes by the same rules, and reads again. */
#include <string.h>

#include "../unit/wire/sample.h"
#include "require.h"

static void there_and_back(struct bus_arena *arena, void *person)
{
    AUTO(bus_buffer_done) struct bus_buffer once = {0}, twice = {0}, open = {0};
    void *again;
    require(bus_encode(&sample_person_shape, person, &once, NULL) == BUS_OK);
    require(bus_scan_map(bus_buffer_bytes(&once), &bus_scan_batch, NULL) == BUS_OK);
    require(bus_decode(&sample_person_shape, bus_buffer_bytes(&once), false, arena, &again, NULL, NULL) ==
            BUS_OK);
    require(bus_encode(&sample_person_shape, again, &twice, NULL) == BUS_OK);
    require(bus_bytes_equal(bus_buffer_bytes(&once), bus_buffer_bytes(&twice)));
    require(bus_encode_public(&sample_person_shape, again, &open, NULL) == BUS_OK);
    require(open.size <= once.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bus_error err = {0};
    struct bus_faults faults;
    void *person = NULL;
    if (bus_scan(bus_bytes(data, size), &bus_scan_data, &err) != BUS_OK)
        return 0;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (int lenient = 0; lenient < 2; lenient++) {
        enum bus_status status =
            bus_decode(&sample_person_shape, bus_bytes(data, size), lenient, arena, &person, &faults, &err);
        require((status == BUS_OK) == (faults.found == 0));
        require(faults.n <= faults.found && faults.n <= BUS_FAULTS_MAX);
        if (status == BUS_OK)
            there_and_back(arena, person);
        else
            require(status == BUS_INVALID && strlen(faults.items[0].text) > 0);
    }
    return 0;
}
