/* Parameters of a query string, as name and value in turn, each ended by a NUL: what is taken is a query by
 * its schema, and a cursor that is taken says the same again. The first byte chooses the query. */
#include <string.h>

#include "../../services/gateway/query_string.h"
#include "bus/page.h"
#include "require.h"
#include "schema/all.h"

#define PARAMETERS_MAX 40

/* That of libbus needs a service around it. */
const char *bus_id_text(struct bus_context *ctx, struct bus_id id)
{
    char text[BUS_ID_TEXT];
    bus_id_format(id, text);
    return bus_strdup(ctx->arena, text);
}

static void try_cursor(struct bus_arena *arena, const char *cursor)
{
    struct bus_error err = {0};
    struct bus_context ctx = {.arena = arena, .err = &err};
    struct bus_page page, again;
    if (bus_page_read(&ctx, false, 0, cursor, &page) == BUS_OK) {
        require(page.at_us != 0 && !bus_id_is_nil(page.at_id));
        require(bus_page_read(&ctx, false, 0, bus_page_next(&ctx, page.at_us, page.at_id), &again) == BUS_OK);
        require(again.at_us == page.at_us && bus_id_equal(again.at_id, page.at_id));
    }
    if (bus_page_read_id(&ctx, false, 0, cursor, &page) == BUS_OK)
        require(!bus_id_is_nil(page.at_id) && page.at_us == 0);
}

static size_t split(struct bus_arena *arena, const uint8_t *data, size_t size, struct parameter *parameters)
{
    char *text = bus_alloc(arena, size + 1), *end = text + size;
    memcpy(text, data, size);
    *end = '\0';
    size_t n = 0;
    for (const char *at = text; at < end && n < PARAMETERS_MAX; n++) {
        parameters[n].name = at;
        at += strlen(at) + 1;
        parameters[n].value = at < end ? at : "";
        at += strlen(parameters[n].value) + 1;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct bus_shape *const shapes[] = {&registry_people_shape, &matching_duos_shape,
                                                     &scheduling_sessions_shape, &reporting_report_shape,
                                                     &gateway_tokens_shape};
    struct parameter parameters[PARAMETERS_MAX];
    struct bus_faults faults = {0};
    struct bus_error err = {0};
    if (size == 0)
        return 0;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer map = {0}, again = {0};
    const struct bus_shape *shape = shapes[data[0] % (sizeof shapes / sizeof *shapes)];
    size_t n = split(arena, data + 1, size - 1, parameters);
    for (size_t i = 0; i < n; i++)
        try_cursor(arena, parameters[i].value);
    query_string_write(shape, parameters, n, arena, &map, &faults);
    void *value = NULL;
    if (bus_scan_map(bus_buffer_bytes(&map), &bus_scan_data, &err) != BUS_OK ||
        input_check(shape, bus_buffer_bytes(&map), "", arena, &value, &faults, &err) != BUS_OK)
        return 0;
    require(bus_encode(shape, value, &again, &err) == BUS_OK);
    return 0;
}
