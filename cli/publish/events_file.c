/* See events_file.h. */
#include "publish/events_file.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_BYTES_MAX (1024 * 1024) /* what is longer is refused as it is */

/* A text does not go on over the end of a line. */
static void gather(struct events_file *self)
{
    const char *line = self->read;
    bool in_text = false;
    for (ssize_t i = 0; i < self->size; i++) {
        if (in_text && line[i] == '\\')
            i++;
        else if (line[i] == '"')
            in_text = !in_text;
        else if (!in_text && (line[i] == '{' || line[i] == '['))
            self->open++;
        else if (!in_text && (line[i] == '}' || line[i] == ']'))
            self->open--;
    }
    bus_buffer_add(&self->text, line, (size_t)self->size);
}

static bool read_line(struct events_file *self)
{
    self->size = getline(&self->read, &self->room, self->file);
    self->number++;
    return self->size >= 0;
}

static bool is_blank(const struct events_file *self)
{
    return strspn(self->read, " \t\r\n") == (size_t)self->size;
}

/* A bracket at the beginning of a line begins an event, so that one torn line costs no other. */
bool events_file_next(struct events_file *self)
{
    bus_buffer_clear(&self->text);
    self->open = 0;
    for (; self->ahead || read_line(self); self->ahead = false) {
        if (self->text.size == 0) {
            if (is_blank(self))
                continue;
            self->line = self->number;
        } else if (self->read[0] == '{') {
            self->ahead = true;
            return true;
        }
        gather(self);
        if (self->open <= 0 || self->text.size > EVENT_BYTES_MAX) {
            self->ahead = false;
            return true;
        }
    }
    return self->text.size > 0;
}

void events_file_done(struct events_file *self)
{
    bus_buffer_done(&self->text);
    free(self->read);
}
