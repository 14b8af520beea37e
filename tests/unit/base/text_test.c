/* Texts that were cut to fit, and names that were nearly right. */
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

static void test_near(void **state)
{
    (void)state;
    static const char *const names[] = {"asse", "merelbeke", "middenkempen", "referral-received"};
    static const char *const meant[][2] = {
        {"ase", "asse"},
        {"assse", "asse"},
        {"saes", NULL},
        {"asse", "asse"},
        {"mereleebke", "merelbeke"},
        {"midden", "middenkempen"},
        {"ghent", NULL},
        {"", NULL},
        {"referal-recieved", "referral-received"},
        {"m", NULL},
    };
    for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++) {
        const char *near = bus_text_near(meant[i][0], names, 4);
        if (meant[i][1] == NULL)
            assert_null(near);
        else
            assert_string_equal(near, meant[i][1]);
    }
}

static void test_list(void **state)
{
    (void)state;
    static const char *const names[] = {"asse", "merelbeke", "middenkempen"};
    char out[40], narrow[24];
    bus_text_list(out, sizeof(out), names, 3);
    assert_string_equal(out, "asse, merelbeke, middenkempen");
    bus_text_list(narrow, sizeof(narrow), names, 3);
    assert_string_equal(narrow, "asse and 2 more");
    bus_text_list(out, sizeof(out), names, 0);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_trim), cmocka_unit_test(test_near),
                                       cmocka_unit_test(test_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
