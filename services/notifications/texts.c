/* See texts.h. */
#include "texts.h"

#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    int order = strcmp(x->template, y->template);
    return order != 0 ? order : strcmp(x->language, y->language);
}

const struct text *text_find(const char *template, const char *language)
{
    struct text key = {.template = template, .language = language};
    return bsearch(&key, texts_all, texts_all_n, sizeof key, by_text);
}

static int by_word(const void *a, const void *b)
{
    const struct text_word *x = a, *y = b;
    int order = strcmp(x->language, y->language);
    return order != 0 ? order : strcmp(x->key, y->key);
}

const char *text_word_find(const char *language, const char *key)
{
    struct text_word wanted = {.language = language, .key = key};
    const struct text_word *found = bsearch(&wanted, texts_words, texts_words_n, sizeof wanted, by_word);
    return found != NULL ? found->word : NULL;
}

bool text_has_language(const char *language)
{
    for (const char *const *one = texts_languages; *one != NULL; one++)
        if (strcmp(*one, language) == 0)
            return true;
    return false;
}
