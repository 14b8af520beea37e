/* A progress bar of so much of a whole: on a terminal it moves, elsewhere it is a line every ten seconds. */
#ifndef CLI_BAR_H
#define CLI_BAR_H

#include <stdint.h>

struct bar {
    const char *what; /* "tables" */
    int64_t whole, done;
    int64_t told_us; /* 0: nothing was shown yet */
};

void bar_tell(struct bar *self, int64_t done);
void bar_end(struct bar *self); /* ends the line */

#endif
