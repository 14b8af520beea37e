/* Names as they are compared: case, accents, order. And what is trimmed, checked and kept of a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/registry/names.h"
#include "../../../services/registry/personal.h"

static const uint8_t key[INSZ_HASH_BYTES] = {1, 2, 3};

static int open_arena(void **state)
{
    *state = bus_arena_new();
    return 0;
}

static int close_arena(void **state)
{
    bus_arena_free((struct bus_arena **)state);
    return 0;
}

static void test_fold(void **state)
{
    static const struct {
        const char *name, *folded;
    } cases[] = {
        {"Van den Bérghe-D'Hondt", "van den berghe dhondt"},
        {"  Łukasz   ŻÓŁĆ ", "lukasz zolc"},
        {"Groß", "gross"},
        {"O’Neill", "oneill"},
        {"Jose\xCC\x81", "jose"}, /* an accent of its own */
        {"ОЛЕНА Їжак", "олена їжак"},
        {"ΑΝΝΑ", "αννα"},
        {"مريم", "مريم"},
        {"ሰላም", "ሰላም"},
        {"李", "李"},
        {"×--×", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(name_fold(*state, cases[i].name), cases[i].folded);
    assert_string_equal(name_fold(*state, NULL), "");
}

static void test_name_key(void **state)
{
    assert_string_equal(name_key(*state, "Jan", "Van den Berg"), "berg den jan van");
    assert_string_equal(name_key(*state, "van den berg", "JAN"), "berg den jan van");
    assert_string_equal(name_key(*state, "Li", "Li"), "li li");
    assert_null(name_key(*state, "Jan", NULL));
    assert_null(name_key(*state, NULL, "Jan"));
    assert_null(name_key(*state, "Jan", " - "));
}

static void test_phone(void **state)
{
    static const struct {
        const char *given, *normal;
    } cases[] = {
        {"0470 12 34 56", "+32470123456"},
        {"0470/12.34.56", "+32470123456"},
        {"+32 470 12 34 56", "+32470123456"},
        {"0032470123456", "+32470123456"},
        {"+32 (0)470 12 34 56", "+32470123456"},
        {"014 21 21 21", "+3214212121"},
        {"(02) 452 19 00", "+3224521900"},
        {"+380 67 123 45 67", "+380671234567"},
        {"00380671234567", "+380671234567"},
        {"12345678", NULL},
        {"0470", NULL},
        {"+0470123456", NULL},
        {"0470 12 34 56 78", NULL},
        {"+32 0470 12 34 56", NULL},
        {"+1234567890123456", NULL},
        {"0470-ab-cd-ef", NULL},
        {"+", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *normal = facts_phone(cases[i].given, *state);
        if (cases[i].normal == NULL)
            assert_null(normal);
        else
            assert_string_equal(normal, cases[i].normal);
    }
    assert_true(phone_takes_sms("+32470123456"));
    assert_true(phone_takes_sms("+380671234567"));
    assert_false(phone_takes_sms("+3214212121"));
}

static void test_email(void **state)
{
    (void)state;
    assert_true(facts_is_mail("a.b+c@mail.example.org"));
    assert_true(facts_is_mail("x@e-x.be"));
    static const char *const bad[] = {"",     "a",      "@b.c",   "a@",      "a@b",     "a@b.",
                                      "a@.b", "a@b..c", "a@@b.c", "a b@c.d", "a@b c.d", "<a@b.c>"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(facts_is_mail(bad[i]));
}

static void test_clean(void **state)
{
    struct bus_error err;
    struct personal kept;
    struct personal_given given = {.first_name = "  Amina ",
                                   .last_name = "El Idrissi",
                                   .email = "Amina@Example.org",
                                   .phone = "0470 12 34 56",
                                   .street = "  ",
                                   .national_number = "93.05.18-223.61"};
    assert_int_equal(personal_clean(&given, key, *state, &kept, NULL, &err), BUS_OK);
    assert_string_equal(kept.first_name, "Amina");
    assert_string_equal(kept.email, "Amina@Example.org");
    assert_string_equal(kept.email_key, "amina@example.org");
    assert_string_equal(kept.phone, "+32470123456");
    assert_null(kept.street);
    assert_int_equal(kept.insz_hash.size, INSZ_HASH_BYTES);
    assert_string_equal(kept.last_key, "el idrissi");
    assert_false(personal_is_empty(&kept));

    struct personal nothing;
    assert_int_equal(personal_clean(&(struct personal_given){0}, key, *state, &nothing, NULL, &err), BUS_OK);
    assert_true(personal_is_empty(&nothing));
    assert_string_equal(nothing.first_key, "");
}

static void test_what_is_wrong_is_named_and_not_repeated(void **state)
{
    static const struct {
        struct personal_given given;
        const char *field, *value;
    } cases[] = {
        {{.first_name = "A\nB"}, "first_name", "A\nB"},
        {{.last_name = "Secret\x7F"}, "last_name", "Secret"},
        {{.street = "Road\r1"}, "street", "Road"},
        {{.email = "secret@nowhere"}, "email", "secret"},
        {{.phone = "12345678"}, "phone", "12345678"},
        {{.national_number = "93051822362"}, "national_number", "93051822362"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bus_error err;
        struct personal kept = {.first_name = "untouched"};
        const char *field = NULL;
        assert_int_equal(personal_clean(&cases[i].given, key, *state, &kept, &field, &err), BUS_INVALID);
        assert_string_equal(field, cases[i].field);
        assert_int_equal(strncmp(err.text, field, strlen(field)), 0);
        assert_null(strstr(err.text, cases[i].value));
        assert_string_equal(kept.first_name, "untouched");
    }
}

static void test_overlay_and_fill(void **state)
{
    struct bus_error err;
    struct personal before, change, filled;
    struct personal_given old = {.first_name = "Ana", .email = "a@example.org"};
    struct personal_given new = {.first_name = "Anna", .last_name = "Ros"};
    assert_int_equal(personal_clean(&old, key, *state, &before, NULL, &err), BUS_OK);
    assert_int_equal(personal_clean(&new, key, *state, &change, NULL, &err), BUS_OK);
    filled = before;
    personal_fill(&filled, &change, *state);
    assert_string_equal(filled.first_name, "Ana");
    assert_string_equal(filled.last_name, "Ros");
    assert_string_equal(filled.name_key, "ana ros");
    personal_overlay(&before, &change, *state);
    assert_string_equal(before.first_name, "Anna");
    assert_string_equal(before.email_key, "a@example.org");
    assert_string_equal(before.name_key, "anna ros");
}

static void test_channel(void **state)
{
    (void)state;
    assert_int_equal(personal_channel(&(struct personal){.email = "a@b.c", .phone = "+32470123456"}),
                     COMMON_CHANNEL_MAIL);
    assert_int_equal(personal_channel(&(struct personal){.phone = "+32470123456"}), COMMON_CHANNEL_SMS);
    assert_int_equal(personal_channel(&(struct personal){.phone = "+3214212121"}), COMMON_CHANNEL_NONE);
    assert_int_equal(personal_channel(&(struct personal){0}), COMMON_CHANNEL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fold, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_name_key, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_phone, open_arena, close_arena),
        cmocka_unit_test(test_email),
        cmocka_unit_test_setup_teardown(test_clean, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(test_what_is_wrong_is_named_and_not_repeated, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(test_overlay_and_fill, open_arena, close_arena),
        cmocka_unit_test(test_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
