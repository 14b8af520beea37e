/* UTF-8 is checked several bytes at a step: what is wrong is found wherever it stands, in texts of any
 * length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/utf8.h"

#define LONGEST 50

/* In memory of its own size, so that the sanitizers see a step beyond it. */
static bool check(const uint8_t *text, size_t size, size_t *ret_chars)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, text, size);
    bool good = wire_utf8_check(copy, size, ret_chars);
    free(copy);
    return good;
}

static void a_wrong_byte_is_found_anywhere(void **state)
{
    (void)state;
    static const uint8_t wrong[] = {0x00, 0x80, 0xbf, 0xc1, 0xc3, 0xe2, 0xf5, 0xff};
    for (size_t size = 0; size <= LONGEST; size++) {
        uint8_t text[LONGEST];
        size_t chars = 0;
        memset(text, 'x', sizeof text);
        assert_true(check(text, size, &chars));
        assert_int_equal(chars, size);
        for (size_t at = 0; at < size; at++)
            for (size_t i = 0; i < sizeof wrong; i++) {
                text[at] = wrong[i];
                assert_false(check(text, size, NULL));
                text[at] = 'x';
            }
    }
}

static void characters_are_counted_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const several[] = {"\x7f", "é", "ሀ", "😀"};
    for (size_t i = 0; i < sizeof several / sizeof *several; i++)
        for (size_t n = strlen(several[i]), size = n; size <= LONGEST; size++)
            for (size_t at = 0; at + n <= size; at++) {
                uint8_t text[LONGEST];
                size_t chars = 0;
                memset(text, 'x', sizeof text);
                memcpy(text + at, several[i], n);
                assert_true(check(text, size, &chars));
                assert_int_equal(chars, size - n + 1);
                if (n > 1 && at + n == size)
                    assert_false(check(text, size - 1, NULL)); /* cut in two */
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_byte_is_found_anywhere),
        cmocka_unit_test(characters_are_counted_wherever_they_stand),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
