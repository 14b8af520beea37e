/* A file of events for koppel publish: every letter of it is in one event, in order, and each event goes
 * through the door as a pair or is refused with a reason. Behind a byte 0xff stands what the door answers:
 * the first letter says A an ACK or E an ERR, the rest is JSON, or bytes as they are. */
#include <string.h>

#include "bus/cursor.h"
#include "publish/events_file.h"
#include "publish/letter.h"
#include "require.h"

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t letters(const void *data, size_t size)
{
    size_t n = 0;
    for (const char *at = data; size > 0; at++, size--)
        n += !is_blank(*at);
    return n;
}

static void check_letter(struct bus_bytes json)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    enum bus_status status = letter_pack(json, &out, &err);
    require(status == BUS_OK ? bus_scan(bus_buffer_bytes(&out), &bus_scan_batch, &err) == BUS_OK
                             : status == BUS_INVALID && err.text[0] != '\0');
}

static void check_events(const uint8_t *data, size_t size)
{
    FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
    require(in != NULL);
    AUTO(events_file_done) struct events_file events = {.file = in};
    size_t seen = 0;
    for (long line = 0; events_file_next(&events); line = events.line) {
        require(events.line > line && letters(events.text.data, events.text.size) > 0);
        seen += letters(events.text.data, events.text.size);
        check_letter(bus_buffer_bytes(&events.text));
    }
    require(seen == letters(data, size));
    (void)fclose(in);
}

static void check_answer(const uint8_t *data, size_t size)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    struct bus_bytes text = bus_bytes(data + 1, size - 1);
    struct bus_frames answer = {.verb = data[0] == 'A' ? "ACK" : "ERR", .body = {text}, .body_n = 1};
    struct bus_error err = {0};
    const char *line = NULL;
    if (bus_json_to_msgpack(text, &bus_scan_batch, &body, NULL) == BUS_OK)
        answer.body[0] = bus_buffer_bytes(&body);
    enum bus_status status = letter_answer(&answer, arena, &line, &err);
    require(status == BUS_OK ? data[0] == 'A' && line[0] == '{' && strchr(line, '\n') == NULL
                             : err.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *mark = memchr(data, 0xff, size);
    const size_t sent = mark != NULL ? (size_t)(mark - data) : size;
    if (sent > 0)
        check_events(data, sent);
    if (size > sent + 1)
        check_answer(mark + 1, size - sent - 1);
    return 0;
}
