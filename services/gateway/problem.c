/* See problem.h. */
#include "problem.h"

#include <microhttpd.h>

#include "bus/pack.h"

/* "Not Found" */
static const char *title_of(unsigned status)
{
    const char *title = MHD_get_reason_phrase_for(status);
    return title != NULL ? title : "Error";
}

unsigned problem_status(enum bus_status status)
{
    switch (status) {
    case BUS_OK:
        return 200;
    case BUS_NOT_FOUND:
        return 404;
    case BUS_CONFLICT:
        return 409;
    case BUS_INVALID:
        return 422;
    case BUS_DENIED:
        return 403;
    case BUS_RETRY:
        return 503;
    case BUS_BUG:
        break;
    }
    return 500;
}

static void pack_faults(struct bus_buffer *out, const struct bus_faults *faults)
{
    bus_pack_text(out, "errors");
    bus_pack_array(out, (uint32_t)faults->n);
    for (size_t i = 0; i < faults->n; i++) {
        bus_pack_map(out, 2);
        bus_pack_text(out, "pointer");
        bus_pack_text(out, faults->items[i].pointer);
        bus_pack_text(out, "detail");
        bus_pack_text(out, faults->items[i].text);
    }
}

void problem_write(struct bus_buffer *out, unsigned status, const char *detail, const char *code,
                   const struct bus_faults *faults)
{
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    bool coded = code != NULL && code[0] != '\0';
    bool faulty = faults != NULL && faults->n > 0;
    bus_pack_map(&map, (uint32_t)(4 + coded + faulty));
    bus_pack_text(&map, "type");
    bus_pack_text(&map, "about:blank");
    bus_pack_text(&map, "title");
    bus_pack_text(&map, title_of(status));
    bus_pack_text(&map, "status");
    bus_pack_int(&map, status);
    bus_pack_text(&map, "detail");
    bus_pack_text(&map, detail);
    if (coded) {
        bus_pack_text(&map, "code");
        bus_pack_text(&map, code);
    }
    if (faulty)
        pack_faults(&map, faults);
    struct bus_error err;
    if (bus_msgpack_to_json(bus_buffer_bytes(&map), out, &err) != BUS_OK)
        bus_die("a problem cannot be written: %s", err.text);
}
