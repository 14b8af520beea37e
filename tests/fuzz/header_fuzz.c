/* Header decoding on any bytes: what it takes, it can write and read again as the same header. */
#include "bus/header.h"
#include "require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer once = {0}, twice = {0};
    struct bus_header header, again;
    struct bus_error err;
    if (bus_header_decode(bus_bytes(data, size), arena, &header, &err) != BUS_OK)
        return 0;
    if (bus_header_encode(&header, &once, &err) != BUS_OK) {
        require(err.status == BUS_INVALID); /* what we add may take it over the limit */
        return 0;
    }
    require(bus_header_decode(bus_buffer_bytes(&once), arena, &again, &err) == BUS_OK);
    require(bus_header_encode(&again, &twice, &err) == BUS_OK);
    require(bus_bytes_equal(bus_buffer_bytes(&once), bus_buffer_bytes(&twice)));
    return 0;
}
