/* The scope `board`: all that the coordinators' board asks and tells, as it is today. A token that has it
 * keeps up with the page. Pure. */
#ifndef GATEWAY_BOARD_SCOPE_H
#define GATEWAY_BOARD_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#define BOARD_SCOPE "board"

/* What it stands for, each a scope of its own. */
extern const char *const board_scopes[];
extern const size_t board_scopes_n;

/* Whether this is the scope, and stands for the name of a command, a query or a stream. */
bool board_scope_covers(const char *scope, const char *name);

#endif
