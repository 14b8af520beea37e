/* The collection of texts: whole in every language, plain in Dutch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../../services/notifications/texts.h"
#include "bus/service.h"
#include "schema/matching.h"
#include "schema/scheduling.h"

#define WORDS_MAX 10

static void test_every_text_is_there_in_every_language(void **state)
{
    (void)state;
    static const char *const languages[] = {"ar", "en", "fr", "nl", "ti", "uk"};
    size_t n = sizeof languages / sizeof languages[0];
    assert_int_equal(texts_all_n % n, 0);
    for (size_t i = 0; i < texts_all_n; i++)
        for (size_t l = 0; l < n; l++)
            assert_non_null(text_find(texts_all[i].template, languages[l]));
    for (size_t l = 0; l < n; l++)
        assert_true(text_has_language(languages[l]));
    assert_false(text_has_language("fa"));
    assert_null(text_find("no-such-text", "nl"));
    assert_null(text_find("enrolled", "fa"));
}

static void all_have(const char *kind, const char *const *words)
{
    for (const char *const *language = texts_languages; *language != NULL; language++)
        for (const char *const *word = words; *word != NULL; word++) {
            char key[80];
            snprintf(key, sizeof key, "%s.%s", kind, *word);
            assert_non_null(text_word_find(*language, key));
        }
}

static void test_every_word_of_the_schemas_has_words(void **state)
{
    (void)state;
    all_have("place", scheduling_place_kind_words);
    all_have("topic", matching_help_topic_words);
    assert_null(text_word_find("nl", "place.moon"));
    assert_null(text_word_find("fa", "greeting"));
}

/* The longest sentence, in words; a placeholder counts as one. */
static int longest(const char *text)
{
    int words = 0, most = 0;
    bool within = false;
    for (const char *c = text; *c != '\0'; c++) {
        bool blank = strchr(" \n", *c) != NULL;
        words += !blank && !within;
        within = !blank;
        most = words > most ? words : most;
        if (*c == '\n' || (strchr(".?!", *c) != NULL && strchr(" \n", c[1]) != NULL))
            words = 0;
    }
    return most;
}

static void test_dutch_is_plain(void **state)
{
    (void)state;
    assert_int_equal(longest("Een twee drie. Vier vijf\nzes"), 3);
    for (size_t i = 0; i < texts_all_n; i++) {
        if (strcmp(texts_all[i].language, "nl") != 0)
            continue;
        if (longest(texts_all[i].subject) > WORDS_MAX || longest(texts_all[i].body) > WORDS_MAX)
            fail_msg("%s.nl has a sentence of more than %d words", texts_all[i].template, WORDS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_text_is_there_in_every_language),
        cmocka_unit_test(test_every_word_of_the_schemas_has_words),
        cmocka_unit_test(test_dutch_is_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
