/* See runs.h. */
#include "app/runs.h"

#include "app/loop.h"
#include "wire/run.h"

void runs_end(struct bus_turn *turn)
{
    struct bus_buffer *packed = &turn->loop->packed;
    if (turn->packed_n == turn->appended_n)
        return;
    struct said_run *run = bus_alloc(turn->arena, sizeof *run);
    *run = (struct said_run){
        .run = {.from = turn->said[turn->appended_n].seq,
                .to = turn->said[turn->packed_n - 1].seq,
                .events = bus_bytes(bus_copy(turn->arena, packed->data, packed->size), packed->size)}};
    *turn->runs_end = run;
    turn->runs_end = &run->next;
    store_append(turn->loop->store, &run->run);
    turn->appended_n = turn->packed_n;
    bus_buffer_clear(packed);
}

void runs_pack(struct bus_turn *turn)
{
    struct bus_buffer *packed = &turn->loop->packed;
    for (; turn->packed_n < turn->said_n; turn->packed_n++) {
        const struct said *said = &turn->said[turn->packed_n];
        if (packed->size + said->header.size + said->data.size >= STORE_RUN_BYTES)
            runs_end(turn);
        wire_run_pack(packed, said->header, said->data);
    }
}
