/* See due.h. */
#include "due.h"

static void take_out(struct due_list *list, struct due *due)
{
    if (due->before)
        due->before->after = due->after;
    else
        list->first = due->after;
    if (due->after)
        due->after->before = due->before;
    else
        list->last = due->before;
    *due = (struct due){0};
}

void due_at(struct due_list *list, struct due *due, int64_t at_us)
{
    if (due->at_us)
        take_out(list, due);
    if (at_us == 0)
        return;
    struct due *before = list->last; /* what was set last mostly comes last */
    while (before && before->at_us > at_us)
        before = before->before;
    *due = (struct due){.at_us = at_us, .before = before, .after = before ? before->after : list->first};
    if (due->after)
        due->after->before = due;
    else
        list->last = due;
    if (before)
        before->after = due;
    else
        list->first = due;
}
