/* Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF, and no U+0000, which neither
 * C texts nor Postgres can hold. */
#ifndef WIRE_UTF8_H
#define WIRE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False when it is not; else the number of code points in *ret_chars, which may be NULL. */
bool wire_utf8_check(const uint8_t *text, size_t size, size_t *ret_chars);

#endif
