/* Runs of events from anyone: what is given out lies within the frame, and no more than was promised. */
#include "bus/scan.h"
#include "require.h"
#include "wire/run.h"

static bool is_within(struct bus_bytes part, const uint8_t *data, size_t size)
{
    return part.data >= data && part.data + part.size <= data + size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    int64_t from = data[0], to = data[1], seq = from;
    struct wire_run run;
    struct bus_bytes header, value;
    if (!wire_run_open(bus_bytes(data + 2, size - 2), from, to, &run))
        return 0;
    for (; wire_run_next(&run, &header, &value); seq++) {
        require(run.seq == seq && seq <= to);
        require(is_within(header, data, size) && is_within(value, data, size));
        (void)bus_scan_map(header, &bus_scan_header, NULL);
    }
    if (wire_run_done(&run))
        require(from == 0 ? seq == 0 : seq == to + 1);
    return 0;
}
