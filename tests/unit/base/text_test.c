/* Texts that were cut to fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bus/text.h"

static void test_trim(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"", ""},
        {"duo", "duo"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"caf\xc3", "caf"},
        {"\xe1\x88\xb0", "\xe1\x88\xb0"},
        {"x\xe1\x88", "x"},
        {"x\xe1", "x"},
        {"\xf0\x9f\x8c\xbb", "\xf0\x9f\x8c\xbb"},
        {"\xf0\x9f\x8c", ""},
        {"\x88\xb0", "\x88\xb0"}, /* was never whole: not ours to mend */
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char text[16];
        strcpy(text, texts[i][0]);
        bus_text_trim(text);
        assert_string_equal(text, texts[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_trim)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
