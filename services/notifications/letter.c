/* See letter.h. */
#include "letter.h"

#include "bus/cursor.h"
#include "bus/pack.h"

static void pack_text(struct bus_buffer *out, const char *text)
{
    if (text != NULL)
        bus_pack_text(out, text);
    else
        bus_pack_nil(out);
}

void letter_pack(const struct letter *letter, struct bus_buffer *out)
{
    bus_pack_array(out, 8);
    bus_pack_id(out, letter->letter_id);
    bus_pack_id(out, letter->content_id);
    bus_pack_id(out, letter->person_id);
    bus_pack_text(out, letter->language);
    bus_pack_text(out, letter->channel);
    pack_text(out, letter->sender);
    bus_pack_int(out, letter->time_us);
    bus_pack_array(out, (uint32_t)letter->parts_n);
    for (size_t i = 0; i < letter->parts_n; i++) {
        const struct letter_part *part = &letter->parts[i];
        bus_pack_array(out, 8);
        bus_pack_id(out, part->message_id);
        bus_pack_text(out, part->template);
        bus_pack_int(out, part->at_us);
        pack_text(out, part->programme);
        pack_text(out, part->place_kind);
        pack_text(out, part->help_topic);
        pack_text(out, part->title);
        pack_text(out, part->venue);
    }
}

static bool take_text(struct bus_cursor *cursor, struct bus_arena *arena, const char **ret_text)
{
    *ret_text = NULL;
    return bus_cursor_nil(cursor) || bus_cursor_strdup(cursor, arena, ret_text);
}

static bool take_part(struct bus_cursor *c, struct bus_arena *arena, struct letter_part *part)
{
    uint32_t n = 0;
    return bus_cursor_array(c, &n) && n == 8 && bus_cursor_id(c, &part->message_id) &&
           bus_cursor_strdup(c, arena, &part->template) && bus_cursor_int(c, &part->at_us) &&
           take_text(c, arena, &part->programme) && take_text(c, arena, &part->place_kind) &&
           take_text(c, arena, &part->help_topic) && take_text(c, arena, &part->title) &&
           take_text(c, arena, &part->venue);
}

static bool take_letter(struct bus_cursor *c, struct bus_arena *arena, struct letter *letter)
{
    uint32_t n = 0, parts_n = 0;
    bool fine = bus_cursor_array(c, &n) && n == 8 && bus_cursor_id(c, &letter->letter_id) &&
                bus_cursor_id(c, &letter->content_id) && bus_cursor_id(c, &letter->person_id) &&
                bus_cursor_strdup(c, arena, &letter->language) &&
                bus_cursor_strdup(c, arena, &letter->channel) && take_text(c, arena, &letter->sender) &&
                bus_cursor_int(c, &letter->time_us) && bus_cursor_array(c, &parts_n) &&
                parts_n <= LETTER_PARTS_MAX;
    if (!fine)
        return false;
    struct letter_part *parts = bus_alloc_array(arena, parts_n, sizeof *parts);
    for (uint32_t i = 0; i < parts_n; i++)
        if (!take_part(c, arena, &parts[i]))
            return false;
    letter->parts = parts;
    letter->parts_n = parts_n;
    return bus_cursor_done(c);
}

enum bus_status letter_unpack(struct bus_bytes bytes, struct bus_arena *arena, struct letter *ret_letter,
                              struct bus_error *err)
{
    struct bus_cursor cursor = bus_cursor(bytes);
    struct letter letter = {0};
    if (!take_letter(&cursor, arena, &letter))
        return bus_fail(err, BUS_BUG, "a letter's payload is not as it was packed");
    *ret_letter = letter;
    return BUS_OK;
}
