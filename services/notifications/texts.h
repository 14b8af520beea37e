/* The texts and words of every language, made from texts/ at build by tools/embed_texts.py. */
#ifndef NOTIFICATIONS_TEXTS_H
#define NOTIFICATIONS_TEXTS_H

#include <stdbool.h>

#include "texts/notifications.h"

/* NULL when there is none. */
const struct text *text_find(const char *template, const char *language);
const char *text_word_find(const char *language, const char *key);
bool text_has_language(const char *language);

#endif
