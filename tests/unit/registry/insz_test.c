/* National and BIS numbers: the checks, the forms, the hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "../../../services/registry/insz.h"

static const char *parse(const char *text)
{
    static char digits[FACTS_INSZ_DIGITS + 1];
    const char *why = facts_insz(text, digits);
    return why == NULL ? digits : why;
}

/* The 11 digits of these nine, for a birth from 2000 on when `late`. */
static const char *with_check(const char *nine, int late)
{
    static char text[16];
    long long value = atoll(nine) + (late ? 2000000000LL : 0);
    snprintf(text, sizeof text, "%s%02lld", nine, 97 - value % 97);
    return text;
}

static void test_known_numbers(void **state)
{
    (void)state;
    assert_string_equal(parse("93051822361"), "93051822361");
    assert_string_equal(parse("00012556777"), "00012556777"); /* born from 2000 on */
    assert_string_equal(with_check("930518223", 0), "93051822361");
    assert_string_equal(with_check("000125567", 1), "00012556777");
}

static void test_forms(void **state)
{
    (void)state;
    assert_string_equal(parse("93.05.18-223.61"), "93051822361");
    assert_string_equal(parse("93 05 18 223 61"), "93051822361");
    assert_string_equal(parse("93/05/18-22361"), "93051822361");
    assert_string_equal(parse("9305182236"), "is not a national number: give 11 digits");
    assert_string_equal(parse("930518223611"), "is not a national number: give 11 digits");
    assert_string_equal(parse("9305182236x"), "is not a national number: give 11 digits");
    assert_string_equal(parse(""), "is not a national number: give 11 digits");
}

static void test_wrong_check_digits(void **state)
{
    (void)state;
    const char *why = "is not a national number: the check digits do not fit; look for a typing error";
    assert_string_equal(parse("93051822362"), why);
    assert_string_equal(parse("93051822316"), why);
    assert_string_equal(parse("93051822300"), why);
    /* Every other pair of digits but the one of the later century. */
    int fit = 0;
    for (int check = 0; check < 100; check++) {
        char text[16];
        snprintf(text, sizeof text, "930518223%02d", check);
        fit += parse(text)[0] == '9';
    }
    assert_int_equal(fit, 2);
}

static void test_months_and_days(void **state)
{
    (void)state;
    const char *no_date = "is not a national number: its first six digits are no date of birth";
    static const char *const good[] = {"930000223", "930500223", "850022123", "852218123", "854518123",
                                       "852000123", "854000123", "000229123", "931231999"};
    static const char *const bad[] = {"931318223", "931918223", "933318223", "935318223", "930532223",
                                      "930431223", "930230223", "932532223", "939918223"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_string_equal(parse(with_check(good[i], 0)), with_check(good[i], 0));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_string_equal(parse(with_check(bad[i], 0)), no_date);
}

static void test_the_hash_needs_its_key(void **state)
{
    (void)state;
    uint8_t key[INSZ_HASH_BYTES], other[INSZ_HASH_BYTES], one[INSZ_HASH_BYTES], two[INSZ_HASH_BYTES];
    assert_false(insz_key(NULL, key));
    assert_false(insz_key("0123456789012345678901234567890", key));
    assert_true(insz_key("01234567890123456789012345678901", key));
    assert_true(insz_key("01234567890123456789012345678902", other));
    insz_hash("93051822361", key, one);
    insz_hash("93051822361", key, two);
    assert_memory_equal(one, two, INSZ_HASH_BYTES);
    insz_hash("93051822361", other, two);
    assert_memory_not_equal(one, two, INSZ_HASH_BYTES);
    insz_hash("00012556777", key, two);
    assert_memory_not_equal(one, two, INSZ_HASH_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_numbers),          cmocka_unit_test(test_forms),
        cmocka_unit_test(test_wrong_check_digits),     cmocka_unit_test(test_months_and_days),
        cmocka_unit_test(test_the_hash_needs_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
