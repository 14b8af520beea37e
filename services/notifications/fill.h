/* Fills the {placeholders} of a text, for its language and for the medium it goes to. Pure. */
#ifndef NOTIFICATIONS_FILL_H
#define NOTIFICATIONS_FILL_H

#include <stdbool.h>

#include "bus/bytes.h"
#include "letter.h"

enum medium { MEDIUM_TEXT, MEDIUM_HTML, MEDIUM_BARE /* no marks of direction: a subject */ };

struct filling {
    const char *language;
    enum medium medium;
    const struct letter_part *part;                /* NULL: a text of the frame */
    const char *first_name, *sender, *url, *count; /* of the frame; NULL: none */
};

bool language_is_rtl(const char *language);

/* Appends the text of `line` (`size` bytes) with its values; false, and nothing appended, when a value it
 * needs is not there: such a line is left out. */
bool fill_line(struct bus_buffer *out, const struct filling *with, const char *line, size_t size);

#endif
