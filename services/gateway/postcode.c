/* See postcode.h. */
#include "postcode.h"

#include <string.h>

#include "bus/cursor.h"
#include "places.h"

#define POSTCODE        "postcode"
#define POSTCODE_DIGITS 4

void postcode_refuse(const struct bus_shape *shape, struct bus_bytes data, const char *place,
                     struct bus_arena *arena, struct bus_faults *faults)
{
    const struct bus_field *field = input_field_find(shape, POSTCODE);
    const char *text = bus_cursor_get_text(data, POSTCODE, arena, NULL);
    if (field == NULL || field->kind != BUS_KIND_TEXT || text == NULL)
        return;
    bool formed =
        strlen(text) == POSTCODE_DIGITS && strspn(text, "0123456789") == POSTCODE_DIGITS && *text != '0';
    if (formed && places_nis(text) == NULL)
        input_fault(faults, arena, bus_printf(arena, "%s/" POSTCODE, place), "is no postcode that exists");
}
