/* The filter of answered requests: what was added it always holds, and hardly anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/answered.h"

enum { KEYS = 200000 };

static const char *key(char text[64], int number)
{
    snprintf(text, 64, "gateway/11:coordinator/%08d", number);
    return text;
}

static void what_was_added_is_held(void **state)
{
    (void)state;
    char text[64];
    struct answered *answered = answered_new();
    assert_false(answered_may_hold(answered, ""));
    for (int i = 0; i < KEYS; i++)
        answered_add(answered, key(text, i));
    for (int i = 0; i < KEYS; i++)
        assert_true(answered_may_hold(answered, key(text, i)));
    answered_free(&answered);
    assert_null(answered);
}

static void hardly_anything_else_is(void **state)
{
    (void)state;
    char text[64];
    int mistaken = 0;
    struct answered *answered = answered_new();
    for (int i = 0; i < KEYS; i++)
        answered_add(answered, key(text, i));
    for (int i = KEYS; i < 2 * KEYS; i++)
        mistaken += answered_may_hold(answered, key(text, i));
    assert_in_range(mistaken, 0, KEYS / 1000);
    answered_free(&answered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_added_is_held),
                                       cmocka_unit_test(hardly_anything_else_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
