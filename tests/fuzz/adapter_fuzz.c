/* The adapters' door, from the bytes of a request to its reply: whatever is sent, granted and answered, it is
 * acknowledged or refused, once. The first byte says whose key it is; JSON stands for the msgpack that it
 * becomes, as bytes do for themselves. */
#include <string.h>

#include "bus/codec.h"
#include "bus/keys.h"
#include "edge_scene.h"
#include "require.h"

static const char *const grants[] = {"", "source=urn:x partnership=asse", "source=* nis=23002",
                                     "reads=gateway", "source= unknown=1"};
#define GRANTS (sizeof grants / sizeof *grants)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct edge_scene scene;
    if (size == 0)
        return 0;
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    edge_scene_open(&scene, data + 1, size - 1);
    scene.grants = grants[(data[0] & 0x3f) % GRANTS];
    scene.role = data[0] & 0x40 ? BUS_ROLE_ADAPTER : BUS_ROLE_OPERATOR;
    if (bus_json_to_msgpack(scene.sent, &bus_scan_batch, &body, NULL) == BUS_OK)
        scene.sent = bus_buffer_bytes(&body);
    for (int turn = 0; turn < 100 && edge_scene_turn(&scene); turn++)
        continue;
    edge_scene_close(&scene);
    return 0;
}
