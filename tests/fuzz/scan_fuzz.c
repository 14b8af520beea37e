/* The scan on any bytes: what it takes, msgpack-c reads to the same end, the cursor walks, and JSON carries
 * there and back unchanged. Without a scan, cursor and JSON writer must still stay within the bytes. */
#include <msgpack.h>

#include "bus/codec.h"
#include "bus/cursor.h"
#include "require.h"

static void there_and_back(struct bus_bytes bytes)
{
    AUTO(bus_buffer_done) struct bus_buffer json = {0}, once = {0}, again = {0}, twice = {0};
    require(bus_msgpack_to_json(bytes, &json, NULL) == BUS_OK);
    require(bus_json_to_msgpack(bus_buffer_bytes(&json), &bus_scan_batch, &once, NULL) == BUS_OK);
    require(bus_msgpack_to_json(bus_buffer_bytes(&once), &again, NULL) == BUS_OK);
    require(bus_bytes_equal(bus_buffer_bytes(&json), bus_buffer_bytes(&again)));
    require(bus_json_to_msgpack(bus_buffer_bytes(&again), &bus_scan_batch, &twice, NULL) == BUS_OK);
    require(bus_bytes_equal(bus_buffer_bytes(&once), bus_buffer_bytes(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bus_bytes bytes = bus_bytes(data, size), raw;
    struct bus_cursor at = bus_cursor(bytes);
    struct bus_error err;
    bool skipped = bus_cursor_raw(&at, &raw);
    bus_cursor_get(bytes, "id", &at);
    if (bus_scan(bytes, &bus_scan_data, &err) != BUS_OK) {
        require(err.status == BUS_INVALID && err.text[0] != '\0');
        return 0;
    }
    require(skipped && raw.size == size);
    msgpack_unpacked whole;
    msgpack_unpacked_init(&whole);
    size_t offset = 0;
    require(msgpack_unpack_next(&whole, (const char *)data, size, &offset) == MSGPACK_UNPACK_SUCCESS);
    require(offset == size);
    msgpack_unpacked_destroy(&whole);
    there_and_back(bytes);
    return 0;
}
