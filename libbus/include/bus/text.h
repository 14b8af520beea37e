/* Texts for people: cut to fit, names they may have meant. */
#ifndef BUS_TEXT_H
#define BUS_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Removes a last character of UTF-8 that was cut in two, as snprintf does. */
void bus_text_trim(char *text);

/* The first character of UTF-8 that was checked, and is stepped over. */
uint32_t bus_text_point(const char **at);

/* The name that `word` was probably meant to be: a third of its letters off at most, or begun. NULL: none is
 * near. */
const char *bus_text_near(const char *word, const char *const *names, size_t n);
/* "a, b, c", as far as there is room: "a, b and 7 more". */
void bus_text_list(char *out, size_t size, const char *const *names, size_t n);

#endif
