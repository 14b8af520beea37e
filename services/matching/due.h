/* What comes due by itself, the earliest first. A link stands in what comes due; the list owns nothing. */
#ifndef MATCHING_DUE_H
#define MATCHING_DUE_H

#include <stdint.h>

struct due {
    int64_t at_us; /* 0: in no list */
    struct due *before, *after;
};

struct due_list {
    struct due *first, *last;
};

/* Puts it where it belongs, wherever it stood in the list before; 0 takes it out. */
void due_at(struct due_list *list, struct due *due, int64_t at_us);

#endif
