/* Texts that were cut to fit. */
#ifndef BUS_TEXT_H
#define BUS_TEXT_H

/* Removes a last character of UTF-8 that was cut in two, as snprintf does. */
void bus_text_trim(char *text);

#endif
