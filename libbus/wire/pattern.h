/* Regular expressions of the schemas: compiled at first use, kept for the life of the process, and
 * without a regex engine where a walk over character classes is enough. Thread-safe. */
#ifndef WIRE_PATTERN_H
#define WIRE_PATTERN_H

#include <stdbool.h>

/* Whether the whole of `text` matches. Dies when the pattern does not compile: the schema is wrong. */
bool wire_pattern_match(const char *pattern, const char *text);

/* Whether the pattern is one of the simple ones: for tests of the two ways against each other. */
bool wire_pattern_is_simple(const char *pattern);

#endif
