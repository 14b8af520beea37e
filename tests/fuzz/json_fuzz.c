/* JSON from anyone: what is taken has passed the scan, and comes back as the same JSON and msgpack. */
#include "bus/codec.h"
#include "require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(bus_buffer_done) struct bus_buffer once = {0}, json = {0}, twice = {0};
    struct bus_error err = {0};
    if (bus_json_to_msgpack(bus_bytes(data, size), &bus_scan_data, &once, &err) != BUS_OK) {
        require(err.status == BUS_INVALID && once.size == 0);
        return 0;
    }
    require(bus_scan(bus_buffer_bytes(&once), &bus_scan_data, &err) == BUS_OK);
    require(bus_msgpack_to_json(bus_buffer_bytes(&once), &json, &err) == BUS_OK);
    require(bus_json_to_msgpack(bus_buffer_bytes(&json), &bus_scan_batch, &twice, &err) == BUS_OK);
    require(bus_bytes_equal(bus_buffer_bytes(&once), bus_buffer_bytes(&twice)));
    return 0;
}
