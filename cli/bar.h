/* A progress bar of so much of a whole: on a terminal it moves and stays on one line, however narrow;
 * elsewhere it is a line every ten seconds. */
#ifndef CLI_BAR_H
#define CLI_BAR_H

#include <stdint.h>
#include <stdio.h>

struct bar {
    const char *what; /* "tables" */
    FILE *out;        /* NULL: standard output */
    int64_t whole, done;
    int64_t told_us; /* 0: nothing was shown yet */
};

void bar_tell(struct bar *self, int64_t done);
void bar_end(struct bar *self); /* ends the line */

#define BAR_TEXT 64
/* The bar alone, as wide as fits beside some words. */
void bar_draw(int64_t done, int64_t whole, char ret_text[BAR_TEXT]);
/* In the place of the line before on a terminal, cut to its width; else a line of its own. */
void bar_line(const char *text);

#endif
