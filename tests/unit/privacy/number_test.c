/* What looks like a national number in a text, and which references of one's own do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "privacy/number.h"

static void what_a_person_writes_as_a_national_number_is_one(void **state)
{
    static const char *const numbers[] = {
        "93051822361",          "93.05.18-223.61",   "93.05.18-22361",     "93-05-18-223-61",
        "93 05 18 223 61",      "93/05/18 223/61",   "93_05_18_223_61",    "93:05:18:223:61",
        "930518-223.61",        "930518-223-61",     "930518 223 61",      "930518-22361",
        "930518223-61",         "930518223 61",      "93.05.18 - 223.61",  "93.05.18–223.61",
        "+93.05.18-223.61",     "born 930518 22361", "93.45.18-223.50",    "00012556777",
        "2024-93.05.18-223.61", "93.05.18-223.61/2", "dossier93051822361x"};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!privacy_number_in(bus_bytes_of(numbers[i])))
            fail_msg("%s passes", numbers[i]);
}

/* Every reference of a kind that counts up, a few of which have fitting check digits. */
static void usual_references_are_none(void **state)
{
    static const struct {
        const char *before, *after;
        int digits;
    } kinds[] = {
        {"20261122-", "", 3},
        {"20261122", "", 3},
        {"20130101", "", 3},
        {"2026-1122", "", 3},
        {"2026-", "", 7},
        {"2026", "", 7},
        {"2032", "", 7},
        {"202612-", "", 5},
        {"1795", "0", 6},
        {"180101", "", 5},
        {"1799999", "-7", 3},
        {"9305182", "", 3},
        {"9-3051822", "", 3},
        {"+3247", "", 7},
        {"+32 470 12 34 ", "", 2},
        {"+32 47", "/1.23.45", 1},
        {"+32 471 ", " 345", 3},
        {"0032470", "", 6},
        {"case 93,05,18,2", ",61", 2},
        {"2026-11-22-", "", 3},
        {"1763775600", "", 3},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        long most = 1;
        for (int n = 0; n < kinds[i].digits; n++)
            most *= 10;
        for (long n = 0; n<most; n += most> 100000 ? 97 : 1) {
            const char *text =
                bus_printf(*state, "%s%0*ld%s", kinds[i].before, kinds[i].digits, n, kinds[i].after);
            if (privacy_number_in(bus_bytes_of(text)))
                fail_msg("%s is refused", text);
        }
    }
}

static int setup(void **state)
{
    *state = bus_arena_new();
    return 0;
}

static int teardown(void **state)
{
    struct bus_arena *arena = *state;
    bus_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_person_writes_as_a_national_number_is_one),
        cmocka_unit_test_setup_teardown(usual_references_are_none, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
