/* See within.h. */
#include "wire/within.h"

#include <string.h>

#include "bus/cursor.h"

static bool value_find(const struct bus_header *header, struct bus_bytes data, const char *name,
                       struct bus_bytes *ret)
{
    struct bus_cursor at;
    if (bus_cursor_get(data, name, &at))
        return bus_cursor_text(&at, ret);
    const char *value = bus_header_extension_find(header, name);
    if (value != NULL)
        *ret = bus_bytes_of(value);
    return value != NULL;
}

/* Is "name=value" one of the words? */
static bool is_word(const char *within, const char *name, size_t name_size, struct bus_bytes value)
{
    for (const char *at = within; *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (size == name_size + 1 + value.size && memcmp(at, name, name_size) == 0 && at[name_size] == '=' &&
            memcmp(at + name_size + 1, value.data, value.size) == 0)
            return true;
        at += size;
    }
    return false;
}

const char *wire_within_fault(const char *within, const struct bus_header *header, struct bus_bytes data,
                              struct bus_arena *arena)
{
    for (const char *at = within + strspn(within, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " "), name_size = strcspn(at, " =");
        const char *name = bus_strndup(arena, at, name_size);
        struct bus_bytes value;
        if (!value_find(header, data, name, &value) || value.size == 0 ||
            !is_word(within, at, name_size, value))
            return name;
        at += size;
    }
    return NULL;
}
