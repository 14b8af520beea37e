/* Ctrl-C in the middle of a command: people are told what goes on without it, or what was undone. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* From now on an interruption ends the command with this line. For work that a stack's own process does, or
 * that is taken up again by the same command. */
void interrupt_tells(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* From now on an interruption is only noted: for a command that has to clean up. */
void interrupt_noted(void);
bool interrupt_came(void);

#endif
