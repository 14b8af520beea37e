/* Extension attributes of a header: a few places, found by name. */
#include "wire/extension.h"

#include <string.h>

#include "bus/header.h"

#define NAME_BYTES_MAX 20

bool wire_extension_name_check(struct bus_bytes name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    if (name.size == 0 || name.size > NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!memchr(allowed, name.data[i], sizeof allowed - 1))
            return false;
    return true;
}

const char *bus_header_extension_find(const struct bus_header *header, const char *name)
{
    for (size_t i = 0; i < BUS_EXTENSIONS_MAX; i++)
        if (header->extensions[i].name && strcmp(header->extensions[i].name, name) == 0)
            return header->extensions[i].value;
    return NULL;
}

bool bus_header_extend(struct bus_header *header, const char *name, const char *value)
{
    struct bus_extension *place = NULL;
    for (size_t i = BUS_EXTENSIONS_MAX; i-- > 0;) {
        struct bus_extension *one = &header->extensions[i];
        if (one->name && strcmp(one->name, name) == 0) {
            one->value = value;
            return true;
        }
        if (!one->name)
            place = one;
    }
    if (!place)
        return false;
    *place = (struct bus_extension){.name = name, .value = value};
    return true;
}
