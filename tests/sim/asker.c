/* Who was told of an event and asks another service after it: the answer must come from behind it. */
#include <string.h>

#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "schema/sink.h"
#include "sim_store.h"

#define PATIENCE_US BUS_SECOND_US /* after which a query is answered from what there is: app/reader.c */

static struct {
    bool asks;
    int64_t told; /* the last event that source has told of */
    uint64_t asked_n;
    int64_t asked_us, after;
} asker;

/* In some worlds: everybody has more to do then. Where a history may be taken back, so may what was read of
 * it. */
void asker_start(void)
{
    memset(&asker, 0, sizeof asker);
    asker.asks = below(4) == 0 && world.rate[FAULT_RESTORE] == 0 && world.rate[FAULT_LOSS] == 0;
}

void asker_told(int64_t seq)
{
    asker.told = seq > asker.told ? seq : asker.told;
}

static uint64_t tag_now(void)
{
    return ASKER_TAG + asker.asked_n % ASKER_TAGS;
}

void asker_ask(void)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bool waits = asker.asked_us > 0 && world.now_us - asker.asked_us < PATIENCE_US;
    if (!asker.asks || asker.told == 0 || waits || below(4) > 0)
        return;
    asker.asked_n++;
    asker.asked_us = world.now_us;
    asker.after = asker.told;
    const struct bus_header header = {.id = "asked",
                                      .source = "/driver",
                                      .type = sink_written_type.type,
                                      .time_us = world.now_us,
                                      .after = {{.stream = "source", .seq = asker.after}},
                                      .after_n = 1};
    if (bus_header_encode(&header, &out, NULL) != BUS_OK)
        broken("a question cannot be written");
    trace("driver    asks sink after %lld of source", (long long)asker.after);
    const struct bus_bytes body[] = {bus_buffer_bytes(&out), bus_bytes("\x80", 1)};
    sim_driver_send("sink", REACH_LAST, "peer", "QUERY", tag_now(), body, 2);
}

static int64_t read_of_source(void)
{
    const struct rows *positions = &database_of("sink")->tables.of[TABLE_POSITION];
    for (size_t i = 0; i < positions->n; i++)
        if (strcmp(cell_text(positions->at[i], 0), "source") == 0)
            return cell_int(positions->at[i], 2);
    return 0;
}

/* What was written down of events up to the one asked after stands in the answer. A letter that is handled
 * later is written down later. */
static void check_place(int64_t place)
{
    const struct rows *heard = &database_of("sink")->tables.of[TABLE_HEARD];
    for (size_t i = 0; i < heard->n; i++)
        if (strcmp(cell_text(heard->at[i], 1), "source") == 0 && cell_int(heard->at[i], 2) <= asker.after &&
            cell_int(heard->at[i], 0) > place)
            broken("sink was asked after %lld of source, and answers from before %lld",
                   (long long)asker.after, (long long)cell_int(heard->at[i], 2));
}

static void check(struct bus_bytes data)
{
    int64_t place = 0;
    if (read_of_source() < asker.after)
        broken("sink was asked after %lld of source, and answers at %lld", (long long)asker.after,
               (long long)read_of_source());
    if (world.rate[FAULT_POISON] == 0 && bus_cursor_get_int(data, "place", &place))
        check_place(place);
}

bool asker_take(uint64_t tag, const char *verb, const struct bus_bytes body[2])
{
    struct bus_cursor at;
    struct bus_bytes status;
    if (tag < ASKER_TAG || tag >= ASKER_TAG + ASKER_TAGS)
        return false;
    bool counts =
        tag == tag_now() && world.now_us - asker.asked_us < PATIENCE_US && strcmp(verb, "REPLY") == 0;
    if (counts && bus_scan_map(body[0], &bus_scan_data, NULL) == BUS_OK &&
        bus_scan_map(body[1], &bus_scan_data, NULL) == BUS_OK && bus_cursor_get(body[0], "status", &at) &&
        bus_cursor_text(&at, &status) && bus_text_is(status, "ok")) {
        check(body[1]);
        asker.asked_us = 0;
    }
    return true;
}
