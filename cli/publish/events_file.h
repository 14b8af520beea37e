/* CloudEvents in a file, one after the other: each on a line of its own, or over the lines up to where its
 * last bracket closes. */
#ifndef CLI_PUBLISH_EVENTS_FILE_H
#define CLI_PUBLISH_EVENTS_FILE_H

#include <stdio.h>
#include <sys/types.h>

#include "bus/bytes.h"

struct events_file {
    FILE *file;
    struct bus_buffer text; /* the event at hand: JSON, or whatever stands in its place */
    long line;              /* where it begins */
    /* below: events_file.c's */
    char *read; /* the line read last, the `number`th */
    size_t room;
    ssize_t size;
    long number;
    bool ahead; /* it belongs to the next event */
    long open;  /* brackets */
};

/* False at the end, or where the file cannot be read on: ferror() tells. */
bool events_file_next(struct events_file *self);
void events_file_done(struct events_file *self); /* not the file itself */

#endif
